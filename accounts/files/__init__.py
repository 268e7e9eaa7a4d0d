"""What people upload, made harmless: pictures are written anew, documents give their words. Decoded in a child only.

The rooms that keep files (profile pictures here; attachments of the forums) call these two and store what they return.
"""

from accounts.files.documents import document_text
from accounts.files.pictures import CleanImage, image_clean

__all__ = ["CleanImage", "document_text", "image_clean"]

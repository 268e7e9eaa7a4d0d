"""What people upload, made harmless: pictures are written anew, documents give their words. Decoded in a child only.

The rooms that keep files (profile pictures here, `accounts.uploads`) call these and store what they return.
"""

from accounts.files.attachments import attachment_extension, file_name
from accounts.files.documents import document_text
from accounts.files.pictures import CleanImage, image_clean
from accounts.files.store import file_keep

__all__ = ["CleanImage", "attachment_extension", "document_text", "file_keep", "file_name", "image_clean"]

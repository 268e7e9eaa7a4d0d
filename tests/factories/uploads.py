"""Files that people send."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from accounts.uploads.models import Upload
from accounts.uploads.services import upload_create
from tests.factories.people import make_user, viewer


def picture_file(name: str = "lamp.png", *, size: tuple[int, int] = (40, 20), **options: Any) -> SimpleUploadedFile:
    """A picture of one colour; `exif=` and the like go to Pillow."""
    made = io.BytesIO()
    kind = "JPEG" if name.endswith("jpg") else "PNG"
    Image.new("RGB", size, "teal").save(made, kind, **options)
    return SimpleUploadedFile(name, made.getvalue(), content_type="text/html")


def text_file(name: str = "hub.log", text: str = "hub: no carrier") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), content_type="text/html")


def make_upload(*, owner: User | None = None, file: SimpleUploadedFile | None = None, **fields: Any) -> Upload:
    """A picture unless `file` says otherwise, that no text names yet."""
    return upload_create(viewer=viewer(owner or make_user()), file=file or picture_file(), **fields)

"""What is kept of a file that was sent: a picture of our own making, or the bytes of an attachment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from accounts.files import attachment_extension, file_name, image_clean

IMAGES: Final = ("png", "jpg", "jpeg", "gif", "webp")
OTHER_IMAGES: Final = ("heic", "heif", "avif", "tif", "tiff", "bmp", "svg", "ico", "psd")
LARGEST_SIDE: Final = 2_560  # pixels: sharp on a large screen
SMALLER_SIDE: Final = 1_280  # what a page loads: twice the width of the reading column on a phone


@dataclass(frozen=True, slots=True)
class Kept:
    """`content` is what is stored, `smaller` a picture for pages where the whole one is larger than they show."""

    name: str
    kind: str
    extension: str
    content: bytes
    smaller: bytes | None = None
    width: int = 0
    height: int = 0

    @property
    def size(self) -> int:
        return len(self.content) + len(self.smaller or b"")


def kept_from(file: File, name: str) -> Kept:
    """Raises ValidationError({"file": …}): no picture and no file that may be attached, or too large."""
    extension = name.rpartition(".")[2].lower()
    if extension in IMAGES:
        return _picture(file, name)
    if extension in OTHER_IMAGES:
        told = _("Not every browser shows pictures of this kind. Save it as PNG, JPEG, GIF or WebP and send it again.")
        raise ValidationError({"file": told})
    extension = attachment_extension(file, name)
    file.seek(0)
    return Kept(file_name(name, extension=extension), "document", extension, file.read())


def _picture(file: File, name: str) -> Kept:
    whole = image_clean(file, max_side=LARGEST_SIDE)
    smaller = None
    if max(whole.width, whole.height) > SMALLER_SIDE:
        smaller = image_clean(ContentFile(whole.content), max_side=SMALLER_SIDE).content
    return Kept(
        file_name(name, extension=whole.extension), "image", whole.extension, whole.content, smaller, whole.width,
        whole.height,
    )  # fmt: skip

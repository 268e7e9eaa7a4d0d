"""Pictures: PNG, JPEG, GIF and WebP come in, PNG or JPEG of our own making goes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from accounts import sandbox

MOST_BYTES: Final = 10_000_000
MOST_PIXELS: Final = 40_000_000
MOST_SIDE: Final = 4_096
CPU: Final = 10  # seconds
CLOCK: Final = 40.0
MEMORY: Final = 768 * 1024 * 1024
TYPES: Final = {"png": "image/png", "jpg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture that was decoded and written anew, without EXIF and upright. `extension` is png or jpg."""

    content: bytes
    extension: str
    width: int
    height: int

    @property
    def content_type(self) -> str:
        return TYPES[self.extension]


def image_clean(
    file: File, *, max_pixels: int = MOST_PIXELS, max_side: int = MOST_SIDE, square: bool = False, field: str = "file"
) -> CleanImage:
    """Decode a picture in the child and write it anew, at most `max_side` pixels a side.

    Of an animation the first frame is kept, because a picture here is a still one.


    Raises ValidationError({field: …}) for what is no PNG, JPEG, GIF or WebP, is broken, over 10 MB or has more than
    `max_pixels` pixels; the name of the file and its claimed type mean nothing.
    """
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError({field: _("This picture is larger than 10 MB. Make it smaller and send it again.")})
    try:
        told, content = sandbox.run(
            "image", file.read(MOST_BYTES), cpu=CPU, seconds=CLOCK, memory=MEMORY,
            max_pixels=max_pixels, max_side=max_side, square=square,
        )  # fmt: skip
    except sandbox.JobRefused as refused:
        raise ValidationError({field: _words(refused.reason, max_pixels)}) from refused
    except sandbox.JobFailed as failed:
        raise ValidationError({field: _words("not-an-image", max_pixels)}) from failed
    return CleanImage(content, str(told["extension"]), int(told["width"]), int(told["height"]))


def _words(reason: str, max_pixels: int) -> str:
    if reason in {"too-many-pixels", "too-large"}:
        told = _("This picture has more than %(most)s million pixels. Make it smaller and send it again.")
        return told % {"most": max_pixels // 1_000_000}
    return _("This is no picture that can be read. Choose a PNG, JPEG, GIF or WebP file.")

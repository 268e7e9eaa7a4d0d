"""A picture, decoded and written anew: nothing of the bytes that were sent is in what comes out, EXIF least of all."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, MpoImagePlugin, TiffImagePlugin

from accounts.sandbox.refusal import Refused

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
LATE = (MpoImagePlugin, TiffImagePlugin)  # Pillow loads these when a JPEG holds several pictures, or EXIF
Image.MAX_IMAGE_PIXELS = None  # `max_pixels` is the limit, and it refuses where Pillow would warn


def prepare(payload: bytes) -> None:
    """Do all once with a picture of our own: what Pillow loads late it loads now, while files can be opened."""
    for kind in FORMATS:
        made = io.BytesIO()
        Image.new("RGB", (4, 2)).save(made, kind)
        for square in (False, True):
            work(made.getvalue(), max_pixels=8, max_side=2, square=square)


def work(payload: bytes, *, max_pixels: int, max_side: int, square: bool) -> tuple[dict, bytes]:
    """The first frame, upright, at most `max_side` pixels a side (cut to a square in the middle if `square`).

    PNG where it is transparent, else JPEG. Raises Refused: `not-an-image`, `too-many-pixels`.
    """
    try:
        image = Image.open(io.BytesIO(payload), formats=FORMATS)
        if image.width * image.height > max_pixels:
            raise Refused("too-many-pixels")
        image.draft("RGB", (max_side, max_side))
        image.load()
    except Refused:
        raise
    except MemoryError:
        raise
    except Exception as error:  # Pillow's decoders raise whatever comes; all of it means one thing
        raise Refused("not-an-image") from error
    return _written(_shaped(image, max_side, square=square))


def _shaped(image: Image.Image, max_side: int, *, square: bool) -> Image.Image:
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    wanted = "RGBA" if has_alpha else "RGB"
    exif_orientation = image.getexif().get(0x0112, 1)
    if image.mode != wanted:
        image = image.convert(wanted)
    if not square:
        image.thumbnail((max_side, max_side))
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(exif_orientation)  # fmt: skip
    if turn is not None:
        image = image.transpose(turn)
    if square:
        side = min(max_side, *image.size)
        image = ImageOps.fit(image, (side, side))
    return image


def _written(image: Image.Image) -> tuple[dict, bytes]:
    fresh = Image.new(image.mode, image.size)  # without `info`, where comments, profiles and EXIF would ride along
    fresh.paste(image)
    made = io.BytesIO()
    if image.mode == "RGBA":
        fresh.save(made, "PNG", compress_level=6)
        kind = "png"
    else:
        fresh.save(made, "JPEG", quality=86, progressive=True)
        kind = "jpg"
    return {"extension": kind, "width": fresh.width, "height": fresh.height}, made.getvalue()

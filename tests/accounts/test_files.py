"""Uploads that lie about what they are: pictures come out as ours or not at all, documents give words or nothing."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from accounts.files import document_text, image_clean
from accounts.files.pictures import MOST_BYTES
from tests.architecture.tree import ROOT

pytestmark = pytest.mark.once

PDFS = Path(os.environ.get("INGEST_PDFS", ROOT.parent / "shared" / "data" / "ingest" / "pdfs"))


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 20), **options) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(made, kind, **options)
    return made.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that would unfold to width times height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0" * 100_000)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def cleaned(content: bytes, **options):
    return image_clean(ContentFile(content), **options)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_picture_when_it_is_one_then_it_is_written_anew(kind: str) -> None:
    secret = b"GPS 47.07 15.44 <script>alert(1)</script>"
    sent = picture(kind) + secret  # a polyglot: valid picture first, something else behind

    made = cleaned(sent)

    assert secret not in made.content and made.extension == "jpg" and made.content_type == "image/jpeg"
    with Image.open(io.BytesIO(made.content)) as image:
        assert image.format == "JPEG" and image.size == (40, 20) and (made.width, made.height) == (40, 20)


def test_picture_when_it_was_taken_sideways_then_it_stands_upright_and_tells_nothing_of_where() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286] = 6, "SecretCamera", "where I live"

    made = cleaned(picture("JPEG", exif=exif))

    assert (made.width, made.height) == (20, 40)
    assert b"SecretCamera" not in made.content and b"Exif" not in made.content


def test_picture_when_transparent_or_square_is_asked_for_then_png_and_cut() -> None:
    made = cleaned(picture("PNG", "RGBA", (300, 100)), max_side=64, square=True)
    assert (made.extension, made.width, made.height) == ("png", 64, 64)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
NO_PICTURES = {
    "svg": SVG, "svg after a declaration": b'<?xml version="1.0"?>' + SVG, "html": b"<html><script>alert(1)</script>",
    "tiff": picture("TIFF"), "bmp": picture("BMP"), "ico": picture("ICO", size=(32, 32)), "eps": picture("EPS"),
    "tga": picture("TGA"), "icns": picture("ICNS", size=(32, 32)), "avif": picture("AVIF"),
    "empty": b"", "zeros": b"\0" * 5_000,
    "half a png": picture("PNG", size=(400, 400))[:100], "gif's first bytes": b"GIF89a", "pdf": b"%PDF-1.4\n",
    "ps": b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run", "heif": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100,
}  # fmt: skip


@pytest.mark.parametrize("what", NO_PICTURES)
def test_picture_when_it_is_of_no_allowed_kind_then_the_field_is_named(what: str) -> None:
    with pytest.raises(ValidationError) as refused:
        cleaned(NO_PICTURES[what], field="avatar")
    assert "PNG, JPEG, GIF or WebP" in refused.value.message_dict["avatar"][0]


@pytest.mark.parametrize("size", [(100_000, 100_000), (8_001, 5_000), (2_000_000_000, 1)])
def test_picture_when_it_would_unfold_then_refused_before_it_does(size: tuple[int, int]) -> None:
    with pytest.raises(ValidationError, match=r"million pixels|no picture"):
        cleaned(png_that_claims(*size))


def test_picture_when_too_many_bytes_then_refused_unread() -> None:
    with pytest.raises(ValidationError, match="10 MB"):
        cleaned(b"\0" * (MOST_BYTES + 1))


def office(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", text)
    return made.getvalue()


def text_of(content: bytes, name: str = "file.bin") -> str:
    return document_text(ContentFile(content), name)


RUNS = "<w:p><w:r><w:t>Reset the</w:t></w:r><w:r><w:t> hub</w:t></w:r></w:p>"
DOCX = f'<w:document xmlns:w="w">{RUNS}<w:p><w:t>{{}}</w:t></w:p></w:document>'
SLIDE = "<a:p xmlns:a='a'><a:t>{}</a:t></a:p>"
DOCUMENTS = {
    "docx": ({"word__document": DOCX.format("now")}, "Reset the hub\nnow"),
    "pptx": ({"ppt__slides__slide10": SLIDE.format("ten"), "ppt__slides__slide2": SLIDE.format("two")}, "two ten"),
    "xlsx": ({"xl__sharedStrings": "<sst><si><t>Hub</t></si><si><t>Lamp</t></si></sst>"}, "Hub\nLamp"),
    "odt": ({"content": "<d xmlns:text='t'><text:p>Hub <text:span>three</text:span></text:p></d>"}, "Hub three"),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_document_when_of_an_office_then_its_words_come_in_order(kind: str) -> None:
    parts, words = DOCUMENTS[kind]
    assert text_of(office(**parts), f"file.{kind}").split() == words.split()


LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><w:t xmlns:w="w">&b;</w:t>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:t xmlns:w="w">&x;</w:t>'
NO_TEXT = {
    "entities": office(word__document=LAUGHS), "outside": office(word__document=OUTSIDE),
    "bomb": office(word__document="<w:t xmlns:w='w'>" + "<w:x/>" * 4_000_000 + "</w:t>"),
    "no words": office(other="<a/>"), "broken zip": b"PK\x03\x04" + b"\0" * 50,
    "broken xml": office(word__document="<a><b>"),
    "nothing": b"", "broken pdf": b"%PDF-1.7\n" + b"\0" * 5_000, "html": b"<html>",
    "endless pdf": b"%PDF-1.4\n" + b"1 0 obj<<" * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("what", NO_TEXT)
def test_document_when_it_cannot_be_read_then_there_is_no_text_and_no_error(what: str) -> None:
    assert text_of(NO_TEXT[what]) == ""


def test_document_when_it_holds_too_much_then_the_first_million_characters_are_kept() -> None:
    assert len(text_of(office(word__document=DOCX.format("word " * 500_000)))) == 1_000_000
    assert len(text_of(b"word " * 500_000, "notes.TXT")) == 1_000_000


@pytest.mark.skipif(not PDFS.is_dir(), reason="no PDFs of shared/data here; INGEST_PDFS names their folder")
def test_document_when_it_is_a_real_pdf_then_its_words_are_found() -> None:
    words = {path.name: text_of(path.read_bytes(), path.name) for path in sorted(PDFS.glob("*.pdf"))[:2]}
    assert words and all(len(text.split()) > 100 for text in words.values())

"""The words of a document: PDF (PDFium, else pypdf) and the office formats, which are XML in a ZIP."""

from __future__ import annotations

import encodings
import importlib
import io
import pkgutil

import pypdf
import pypdfium2

from accounts.sandbox.jobs import office
from accounts.sandbox.refusal import Refused


def prepare(payload: bytes) -> None:
    """Load what the libraries would load late: the encodings, and the rest by reading an empty document."""
    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in {"mbcs", "oem"}:  # those two are Windows' own
            importlib.import_module(f"encodings.{module.name}")
    blank = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(9, 9)
    writer.write(blank)
    _by_pypdf(blank.getvalue(), 1, 1)
    _by_pdfium(blank.getvalue(), 1, 1)


def work(payload: bytes, *, max_pages: int, max_characters: int) -> tuple[dict, bytes]:
    """The text of at most `max_pages` pages and `max_characters`. Raises Refused("no-text")."""
    if payload[:1024].lstrip().startswith(b"%PDF-"):
        text = _pdf(payload, max_pages, max_characters)
    elif payload.startswith(b"PK\x03\x04"):
        text = office.words(payload, max_pages, max_characters)
    else:
        raise Refused("no-text")
    return {}, text.replace("\0", "")[:max_characters].encode(errors="replace")


def _pdf(payload: bytes, max_pages: int, most: int) -> str:
    try:
        return _by_pdfium(payload, max_pages, most)
    except (pypdfium2.PdfiumError, OSError):
        pass
    try:
        return _by_pypdf(payload, max_pages, most)
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # what a broken file does to pypdf has no one name
        raise Refused("no-text") from error


def _by_pdfium(payload: bytes, max_pages: int, most: int) -> str:
    document = pypdfium2.PdfDocument(payload)
    parts: list[str] = []
    for number in range(min(len(document), max_pages)):
        page = document[number]
        words = page.get_textpage()
        parts.append(words.get_text_bounded())
        words.close()
        page.close()
        if sum(map(len, parts)) > most:
            break
    return "\n".join(parts)


def _by_pypdf(payload: bytes, max_pages: int, most: int) -> str:
    parts: list[str] = []
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(payload)).pages):
        if number >= max_pages or sum(map(len, parts)) > most:
            break
        parts.append(page.extract_text())
    return "\n".join(parts)

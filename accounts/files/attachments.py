"""Attachments keep their bytes and are sent to be saved, never shown; name and content both must say what they are."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

MOST_BYTES: Final = 25_000_000
PLAIN: Final = ("txt", "log", "csv", "md", "json", "yaml", "yml", "ini", "conf", "xml")
PACKED: Final = ("docx", "xlsx", "pptx", "odt", "ods", "odp", "zip")
EXTENSIONS: Final = ("pdf", *PACKED, *PLAIN)
_UNSAFE: Final = re.compile(r"[^\w.+-]+")
_START: Final = 1_024


def attachment_extension(file: File, name: str, *, field: str = "file") -> str:
    """The extension of a file that may be attached: PDF, office, ZIP or plain text, of at most 25 MB.

    Raises ValidationError({field: …}) for another kind, an empty or too large file, and content that is not what the
    name says. Nothing is decoded here: only the first bytes and, of plain text, whether it is text are looked at.
    """
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in EXTENSIONS:
        told = _("Files like this cannot be attached. Pictures, PDF, office files, ZIP and plain text can.")
        raise ValidationError({field: told})
    if not file.size:
        raise ValidationError({field: _("This file is empty.")})
    if file.size > MOST_BYTES:
        raise ValidationError({field: _("This file is larger than 25 MB. Make it smaller and send it again.")})
    if not _is_what_it_says(file, extension):
        told = _("This is no %(kind)s file, whatever its name says. Check it and send it again.")
        raise ValidationError({field: told % {"kind": extension.upper()}})
    return extension


def _is_what_it_says(file: File, extension: str) -> bool:
    file.seek(0)
    start = file.read(_START)
    file.seek(0)
    if extension == "pdf":
        return b"%PDF-" in start
    if extension in PACKED:
        return start.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    is_text = all(b"\0" not in piece for piece in file.chunks())
    file.seek(0)
    return is_text


def file_name(name: object, *, extension: str, most: int = 100) -> str:
    """A name that no header, path or text can stumble over: letters, digits and `. + - _`, ending in `extension`."""
    last = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rpartition("/")[2]
    stem = _UNSAFE.sub("-", last.rpartition(".")[0] or last)[:most].strip(".-") or "file"
    return f"{stem}.{extension}"

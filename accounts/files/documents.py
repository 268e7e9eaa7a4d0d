"""Documents keep their bytes (they are sent as attachments, never shown); for search we read their words."""

from __future__ import annotations

import logging
from typing import Final

from django.core.files.base import File

from accounts import sandbox

log = logging.getLogger("threadwell.files")
MOST_BYTES: Final = 30_000_000
MOST_PAGES: Final = 200
MOST_CHARACTERS: Final = 1_000_000
CPU: Final = 20  # seconds
CLOCK: Final = 60.0
MEMORY: Final = 768 * 1024 * 1024
PLAIN: Final = (".txt", ".md", ".csv", ".log")


def document_text(file: File, name: str) -> str:
    """The words of a PDF, docx, pptx, xlsx, odt, odp, ods or plain text, of at most 200 pages and a million characters.

    Never raises for what is in the file: one that cannot be read, is encrypted or takes too long has no text ("").
    """
    if (file.size or 0) > MOST_BYTES:
        return ""
    payload = file.read(MOST_BYTES)
    if name.lower().endswith(PLAIN):
        return payload.decode("utf-8", errors="replace").replace("\0", "")[:MOST_CHARACTERS]
    try:
        _told, text = sandbox.run(
            "document", payload, cpu=CPU, seconds=CLOCK, memory=MEMORY,
            max_pages=MOST_PAGES, max_characters=MOST_CHARACTERS,
        )  # fmt: skip
    except (sandbox.JobRefused, sandbox.JobFailed) as problem:
        log.info("no text in a document of %s bytes: %s", len(payload), problem)
        return ""
    return text.decode("utf-8", errors="replace")[:MOST_CHARACTERS]

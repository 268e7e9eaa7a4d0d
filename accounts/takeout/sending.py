"""The answer that is the file: read from the disk as it goes out, kept by nobody on the way."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse
from django.utils import timezone


def answer(path: Path, username: str) -> FileResponse:
    """Raises OSError where it went meanwhile."""
    name = f"{username}-{timezone.now():%Y-%m-%d}.zip"
    sent = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    sent["Cache-Control"], sent["X-Content-Type-Options"] = "no-store, private", "nosniff"
    return sent

"""The files that a person sent, in the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.takeout.parts import Row, Taker, register_files, register_part
from accounts.uploads.models import Upload


def register_all() -> None:
    register_part(
        "files", label=_("Files that you sent"), place=40, show=uploads, columns=[("uploads.Upload", "owner")],
        rows=lambda taker: Upload.objects.filter(owner=taker.user).defer("text"),
    )  # fmt: skip
    register_files(files)


def uploads(taker: Taker, rows: Sequence[Upload]) -> list[Row]:
    return [
        {
            "title": row.name, "bytes": row.size, "sent_at": row.created_at, "goes_at": row.expires_at,
            "file": f"files/{_name(row.key, row.name)}",
        }
        for row in rows
    ]  # fmt: skip


def files(taker: Taker) -> Iterable[tuple[str, str]]:
    """Each under a name of its own; two may have been called the same."""
    for row in Upload.objects.filter(owner=taker.user).order_by("pk").iterator(chunk_size=500):
        yield _name(row.key, row.name), row.path()


def _name(key: str, name: str) -> str:
    return f"{key}-{name}"

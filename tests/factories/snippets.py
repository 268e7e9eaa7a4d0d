"""Snippets."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import User
from community.snippets.files import CodeFile
from community.snippets.models import Snippet
from community.snippets.services import snippet_create
from community.spaces.models import Space
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

_numbers = count(1)


def make_snippet(
    *, space: Space | None = None, author: User | None = None, files: list[CodeFile] | None = None, **fields: Any
) -> Snippet:
    number = next(_numbers)
    fields.setdefault("title", f"Export the history {number}")
    fields.setdefault("body", "Needs Python.")
    files = [CodeFile("export.py", f"print({number})")] if files is None else files
    space = space or make_space()  # before the viewer, whose tokens name the spaces that exist
    return snippet_create(viewer=viewer(author or make_user()), space=space, files=files, **fields)

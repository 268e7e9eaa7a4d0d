"""The shape of the page tree: root / site / index / section / page. Addresses and audiences are read off it."""

from __future__ import annotations

from typing import Final

from wagtail.models import Page

ROOT_SLUG: Final = "site"
# The two indexes go by their slug, which is also the first part of every address below them.
KB: Final = "kb"
WIKI: Final = "wiki"
SECTION_DEPTH: Final = 4
SECTION_PATH_LENGTH: Final = SECTION_DEPTH * Page.steplen


def index_of(page: Page) -> str:
    """The index that a page stands under: "kb" or "wiki"; empty for the pages above."""
    parts = page.url_path.split("/")
    return parts[2] if len(parts) > 3 else ""


def url_path_of(index: str, *slugs: str) -> str:
    """What Wagtail stores as `url_path` of the page at that address."""
    return "/".join(["", ROOT_SLUG, index, *slugs, ""])

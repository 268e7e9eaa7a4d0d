"""The one space into which a source without spaces goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.text import slugify

from config.archive.foreign.base import Options


def space_of(options: Options) -> str:
    """Its address: what the operator named, else the source's name."""
    return (slugify(options.space) or slugify(options.source.replace(".", "-")) or "imported")[:60].strip("-")


def space_row(options: Options, *, kinds: Sequence[str], purpose: str = "", url: str = "") -> dict[str, Any]:
    slug = space_of(options)
    words = slug.replace("-", " ")
    return {
        "slug": slug, "name": (words[:1].upper() + words[1:])[:80], "purpose": purpose[:300],
        "audience": options.audience, "kinds": list(kinds), "url": url or None,
        "locale": options.language,
    }  # fmt: skip

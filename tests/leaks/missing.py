"""What is not there, in the shape of what is: the same lines of the table make addresses of nothing from it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from tests.leaks.world import World

NO_ID = 987_654_321


def without(part: World) -> World:
    """A world of the same size as this part of one, in which nothing exists."""

    def nothing(slug: str) -> Any:
        return SimpleNamespace(
            pk=NO_ID, slug=slug, name=slug, number="NL-987654", username=slug,
            get_parent=lambda: SimpleNamespace(slug="nowhere"), url_path=f"/pages/nowhere/{slug}/",
            key="a" * 22,
        )

    names = (
        "spaces", "topics", "ideas", "posts", "sections", "articles", "pages", "reviews", "decisions", "cases",
        "uploads", "conversations",
    )  # fmt: skip
    gone = {name: {key: nothing("nothing-here") for key in getattr(part, name)} for name in names}
    return replace(part, **gone, tags=dict.fromkeys(part.tags, "nothing-here"))

"""Loads the code library: what was shared, its later versions, and who uses it."""

from __future__ import annotations

from datetime import timedelta

from community.snippets.files import CodeFile
from community.snippets.services import snippet_create, snippet_save, snippet_use
from community.spaces.models import Space
from config.demo.ages import moment
from config.demo.files import table
from config.demo.world import KEY, World


def load_snippets(world: World) -> int:
    """Each with its versions in their order, then its users, a day later each."""
    rows = table("snippets")["snippet"]
    spaces = {space.slug: space for space in Space.objects.all()}
    for row in rows:
        author, at = world.viewer(row["author"]), moment(row["shared"], now=world.now)
        snippet = snippet_create(
            viewer=author, space=spaces[row["space"]], title=row["title"], body=row["body"], files=_files(row),
            label=row["label"], tags=row["tags"], at=at, idempotency_key=f"{KEY}{row['key']}"[:64],
        )  # fmt: skip
        for version in row.get("later", ()):
            snippet_save(
                viewer=author, snippet=snippet, files=_files(version), label=version["label"], note=version["note"],
                at=moment(version["saved"], now=world.now),
            )  # fmt: skip
        for days, name in enumerate(row["users"], start=1):
            snippet_use(viewer=world.viewer(name), snippet=snippet, on=True, at=at + timedelta(days=days))
    return len(rows)


def _files(row: dict) -> list[CodeFile]:
    return [CodeFile(file["name"], file["code"].strip("\n")) for file in row["file"]]

"""Loads sections, support articles and wiki pages with their earlier versions."""

from __future__ import annotations

import re

from accounts.viewer import system_viewer
from config.demo.ages import moment
from config.demo.files import Document, documents, table
from config.demo.links import written
from config.demo.world import KEY, World
from knowledge.models import SectionPage
from knowledge.services import (
    article_create,
    article_update,
    article_verify,
    article_vote_helpful,
    section_create,
    tree_ensure,
    wiki_page_create,
    wiki_page_update,
)

_EDIT = re.compile(r"^%% edit \|([^|]+)\|([^|]+)\|(.+)$", re.MULTILINE)


def load_knowledge(world: World) -> int:
    """The sections, then every article and wiki page of the content."""
    tree_ensure()
    sections = {}
    for row in table("sections")["section"]:
        sections[row["index"], row["slug"]] = section_create(
            viewer=system_viewer(), index=row["index"], title=row["name"], slug=row["slug"], intro=row["intro"],
            audience=row.get("audience", "public"),
        )
    world.forget()
    articles, pages = documents("articles"), documents("wiki")
    for article in articles:
        _article(world, article, sections["kb", article.folder])
    for page in pages:
        _wiki_page(world, page, sections["wiki", page.folder])
    return len(articles) + len(pages)


def _article(world: World, document: Document, section: SectionPage) -> None:
    head, viewer = document.head, world.viewer(document.head["author"])
    body = written(document.text, world)
    article = article_create(
        viewer=viewer, section=section, title=head["title"], slug=document.key, summary=head["summary"], body=body,
        product=head.get("product", ""), tags=document.names("tags"), at=moment(head["published"], now=world.now),
        imported_from=f"{KEY}{document.key}",
    )
    if head.get("updated", head["published"]) != head["published"]:
        article = article_update(viewer=viewer, article=article, body=body, at=moment(head["updated"], now=world.now))
    if "verified" in head:
        article_verify(viewer=viewer, article=article, at=moment(head["verified"], now=world.now))
    readers = [reader for reader in world.viewers() if section.token in reader.tokens]
    dice = world.dice(document.key)
    helpful, unhelpful = document.number("helpful") or 0, document.number("unhelpful") or 0
    for number in range(helpful + unhelpful):
        # Members answer first, then visitors whom only a cookie knows.
        known = dice.random() < 0.3 and readers
        who = readers.pop(dice.randrange(len(readers))) if known else None
        article_vote_helpful(
            viewer=who or world.visitor, article=article, is_helpful=number < helpful,
            visitor="" if who else f"{dice.getrandbits(128):032x}",
        )


def _wiki_page(world: World, document: Document, section: SectionPage) -> None:
    """The page as it began, then one version per `%% edit` line, each adding what follows it."""
    head = document.head
    parts = _EDIT.split(document.text)
    text = parts[0].strip()
    page = wiki_page_create(
        viewer=world.viewer(head["author"]), section=section, title=head["title"], slug=document.key,
        body=written(text, world), comment=head["comment"], at=moment(head["at"], now=world.now),
        imported_from=f"{KEY}{document.key}",
    )
    for username, age, comment, addition in zip(*(parts[start::4] for start in (1, 2, 3, 4)), strict=True):
        text = f"{text}\n\n{addition.strip()}"
        page = wiki_page_update(
            viewer=world.viewer(username.strip()), page=page, title=head["title"], body=written(text, world),
            comment=comment.strip(), at=moment(age, now=world.now),
        )

"""Links to topics, ideas, articles and wiki pages that stand alone in a text, shown as cards: as this reader sees them.

Decided when the text is read, not when it is written: a card of what the reader may not see does not come, and the
plain link that they could read anyway stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from accounts.viewer import Viewer
from community.forums.kinds import source_kind
from community.forums.models import Post, Topic
from knowledge.selectors.articles import article_at
from knowledge.selectors.wiki import wiki_page_at
from search.services import authorised_cards
from search.sources import Card

MOST: Final = 10
_THREAD: Final = re.compile(r"/(t|posts)/(\d{1,18})/", re.ASCII)
_PAGE: Final = re.compile(r"/(kb|wiki)/([\w-]{1,100})/([\w-]{1,200})/(?:[?#].*)?\Z")
Key = tuple[str, int]


def cards_at(viewer: Viewer, paths: Iterable[str]) -> dict[str, Card]:
    """The cards behind these addresses of this site, at most ten; what is nothing to this viewer is left out."""
    paths = list(dict.fromkeys(path.replace("\0", "") for path in paths))[:MOST]
    keys = _threads(viewer, paths) | _pages(viewer, paths)
    cards = authorised_cards(viewer, dict.fromkeys(keys.values()))
    return {path: cards[keys[path]] for path in paths if path in keys and keys[path] in cards}


def _threads(viewer: Viewer, paths: list[str]) -> dict[str, Key]:
    """Topics by their own address or by that of one of their posts; at most two queries."""
    wanted = {path: match for path in paths if (match := _THREAD.match(path))}
    posts = [int(match[2]) for match in wanted.values() if match[1] == "posts"]
    of_post = dict(Post.objects.visible_to(viewer).filter(pk__in=posts).values_list("pk", "topic")) if posts else {}
    topics = {
        path: of_post.get(int(match[2])) if match[1] == "posts" else int(match[2]) for path, match in wanted.items()
    }
    ids = {pk for pk in topics.values() if pk}
    kinds = dict(Topic.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", "kind")) if ids else {}
    return {
        path: (source_kind(kinds[pk]), pk) for path, pk in topics.items() if pk and pk in kinds
    }


def _pages(viewer: Viewer, paths: list[str]) -> dict[str, Key]:
    found: dict[str, Key] = {}
    for path in paths:
        if (match := _PAGE.match(path)) is None:
            continue
        at = article_at if match[1] == "kb" else wiki_page_at
        if page := at(viewer, match[2], match[3]):
            found[path] = ("article" if match[1] == "kb" else "wiki", page.pk)
    return found

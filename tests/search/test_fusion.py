"""Lists by words and by meaning become one: what decides within a kind, and what between kinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from search import fusion
from search.engines.base import Hit
from search.query import plain_query

pytestmark = pytest.mark.once
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def hit(pk: int, *, kind: str = "eval-topic", score: float = 0.0, nearness: float = 0.0) -> Hit:
    return Hit(
        kind=kind, id=pk, title=f"Text {pk}", score=score, cover=1, container="", state="", tags=(), products=(),
        author="", language="", created_at=NOW, updated_at=NOW, helpful=0, is_official=False, nearness=nearness,
    )


def order(own: list[Hit], near: list[Hit]) -> list[tuple[str, int]]:
    def by_kind(hits: list[Hit]) -> dict[str, list[Hit]]:
        return {kind: [one for one in hits if one.kind == kind] for kind in dict.fromkeys(one.kind for one in hits)}

    fused = fusion.fused(by_kind(own), plain_query("lamp flickers"), now=NOW, near=by_kind(near))
    return [one.key for one in fused]


def test_where_much_is_about_as_near_words_decide():
    crowd = [hit(pk, nearness=0.62 - pk / 1000) for pk in range(1, 41)]
    own = [hit(30, score=12.0), *(hit(pk, score=5.0 - pk / 100) for pk in range(50, 60)), hit(1, score=4.0)]

    assert order(own, crowd)[0] == ("eval-topic", 30)


def test_what_alone_is_near_comes_before_what_words_hardly_tell_apart():
    own = [hit(pk, score=12.0 - pk / 10) for pk in range(1, 20)]
    near = [hit(15, nearness=0.9), *(hit(pk, nearness=0.45) for pk in range(1, 10))]

    assert order(own, near)[0] == ("eval-topic", 15)


def test_hit_that_only_one_list_holds_is_kept():
    assert set(order([hit(1, score=3.0)], [hit(2, nearness=0.5)])) == {("eval-topic", 1), ("eval-topic", 2)}
    assert order([], [hit(2, nearness=0.4)]) == [("eval-topic", 2)]
    assert order([hit(1, score=0.0)], []) == [("eval-topic", 1)]


def test_best_of_every_kind_is_among_the_first_however_near_a_whole_kind_is():
    topics = [hit(pk, nearness=0.9 - pk / 1000) for pk in range(1, 41)]
    own = [replace(one, nearness=0.0, score=20.0 - one.id / 10) for one in topics]
    others = [hit(1, kind="eval-article", score=2.0), hit(2, kind="eval-idea", score=1.0)]

    first = order([*own, *others], topics)[:10]

    assert {kind for kind, _pk in first} == {"eval-topic", "eval-article", "eval-idea"}

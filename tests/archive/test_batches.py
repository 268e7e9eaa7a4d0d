"""A batch is written at once: a constant number of statements, and one bad row keeps no other one back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from accounts.events.models import Event
from community.forums.models import Kind, Post, Topic
from community.forums.services.archive import ReplyRow, TopicRow, topics_import
from community.ideas.models import Idea
from tests.factories.archive import make_archive, reply_row, run_import, thread_row
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
AT = datetime(2024, 1, 2, 3, tzinfo=UTC)


def rows(space, count: int) -> list[TopicRow]:
    return [
        TopicRow(
            source_key=f"old:topic:{n}", space=space, kind=Kind.QUESTION, title=f"Lamp {n} flickers", body="Why?",
            author_id=None, created_at=AT, tags=["light", f"tag-{n}"], solution_key=f"old:reply:{n}-1",
            replies=[
                ReplyRow(f"old:reply:{n}-{k}", "Turn it.", None, AT, reply_to_key=f"old:reply:{n}-{k - 1}")
                for k in range(3)
            ],
        )
        for n in range(count)
    ]  # fmt: skip


def test_statements_of_a_run_when_three_times_as_many_threads_come_then_are_no_more(tmp_path: Path) -> None:
    def folder(name: str, count: int) -> Path:
        kinds = ["question", "idea"]
        return make_archive(tmp_path / name, threads=[
            thread_row(f"{name}-{n}", kind=kinds[n % 2], votes=3, replies=[
                reply_row(f"{name}-{n}-{k}", html='<p>See <a href="https://old.example/questions/few-1">it</a>.</p>')
                for k in range(2)
            ])
            for n in range(count)
        ])  # fmt: skip

    run_import(folder("warm", 4))
    few = statements_of(lambda: run_import(folder("few", 10)))
    many = statements_of(lambda: run_import(folder("many", 30)))

    assert Topic.objects.count() == Idea.objects.count() * 2 == 44
    assert 0 < many < few + 10  # a large insert goes in pieces; one statement a thread would be 20 more


def statements_of(act: Callable[[], object]) -> int:
    """How many statements it sends; the log of statements will not do, for a run empties it after every batch."""
    sent = []

    def count(execute, sql, *rest):
        sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        act()
    return len(sent)


def test_topic_when_a_text_of_it_is_refused_then_the_others_are_stored_and_nothing_of_it_is() -> None:
    good, bad, other = rows(make_space(), 3)
    spoiled = replace(bad, replies=[bad.replies[0], replace(bad.replies[1], body="a\x07b")])

    outcomes = topics_import(rows=[good, spoiled, other])

    assert [one.is_new for one in outcomes] == [True, False, True]
    assert "cannot be shown" in str(outcomes[1].problem)
    assert (Topic.objects.count(), Post.objects.count()) == (2, 8)
    assert Event.objects.filter(name="topic.created").count() == 2
    assert [topic.solution.number for topic in Topic.objects.all()] == [3, 3]


def test_replies_when_each_answers_the_one_before_then_keep_whom_they_answer() -> None:
    topics_import(rows=rows(make_space(), 1))

    answered = Post.objects.order_by("number").values_list("number", "reply_to__number")
    assert list(answered) == [(1, None), (2, None), (3, 2), (4, 3)]


def test_replies_when_they_answer_each_other_in_a_circle_then_are_stored_and_answer_nobody() -> None:
    (row,) = rows(make_space(), 1)
    one, two, three = row.replies
    circle = [replace(one, reply_to_key=two.source_key), replace(two, reply_to_key=one.source_key),
              replace(three, reply_to_key=three.source_key)]  # fmt: skip

    topics_import(rows=[replace(row, replies=circle)])

    assert list(Post.objects.order_by("number").values_list("number", "reply_to")) == [(n, None) for n in (1, 2, 3, 4)]

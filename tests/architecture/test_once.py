"""What may be there once only is refused a second time by the database itself, whatever locks the services forget."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

pytestmark = pytest.mark.django_db
# Model and the values that two rows may not share; each other column of the two differs.
ONCE: list[tuple[str, dict[str, Any]]] = [
    ("config.ImportedId", {"source": "s", "kind": "k", "source_id": "1"}),
    ("config.ImportCheckpoint", {"source": "s", "name": "n"}),
    ("cases.Case", {"serial": 7}),
    ("cases.Case", {"number": "NL-7"}),
    ("cases.CaseMessage", {"case_id": 1, "idempotency_key": "one"}),
    ("cases.CaseLink", {"case_id": 1, "topic_id": 1}),
    ("ideas.IdeaVote", {"idea_id": 1, "user_id": 1}),
    ("forums.TopicRead", {"topic_id": 1, "user_id": 1}),
    ("forums.TopicFollow", {"topic_id": 1, "user_id": 1}),
    ("forums.Mute", {"user_id": 1, "space_id": 1, "tag_id": None}),
    ("forums.Mute", {"user_id": 1, "space_id": None, "tag_id": 1}),
    ("forums.Post", {"topic_id": 1, "number": 2}),
    ("forums.Post", {"author_id": 1, "idempotency_key": "one"}),
    ("forums.Post", {"imported_from": "old:1"}),
    ("forums.PostRevision", {"post_id": 1, "version": 1}),
    ("forums.PostVote", {"post_id": 1, "user_id": 1}),
    ("forums.Tag", {"name": "one"}),
    ("forums.Topic", {"imported_from": "old:1"}),
    ("moderation.ReviewItem", {"target_type": "post", "target_id": 1, "state": "open"}),
    ("moderation.Flag", {"item_id": 1, "reporter_id": 1}),
    ("moderation.Flag", {"item_id": 1, "rule": "links", "reporter_id": None}),
    ("notifications.Notification", {"user_id": 1, "number": 1}),
    ("notifications.Notification", {"user_id": 1, "key": "one"}),
    ("spaces.Space", {"slug": "one"}),
    ("spaces.SpaceMembership", {"space_id": 1, "user_id": 1}),
    ("knowledge.ArticleStanding", {"article_id": 1}),
    ("knowledge.ArticleVote", {"article_id": 1, "user_id": 1, "visitor": ""}),
    ("knowledge.ArticleVote", {"article_id": 1, "user_id": None, "visitor": "one"}),
    ("knowledge.WikiEdit", {"page_id": 1, "number": 1}),
    ("search.Entry", {"kind": "topic", "object_id": 1}),
    ("search.EntryToken", {"entry_id": 1, "token": "public"}),
    ("search.EntryTag", {"entry_id": 1, "tag": "one"}),
    ("search.TitleWord", {"word": "one"}),
    ("search.TitleWordToken", {"word_id": 1, "token": "public"}),
    ("search.TextWord", {"word": "one"}),
    ("search.Passages", {"kind": "topic", "object_id": 1}),
    ("search.DirtyMark", {"engine": "database", "kind": "topic", "object_id": 1}),
    ("search.EngineHold", {"engine": "database"}),
    ("search.Pin", {"text": "hub", "kind": "topic", "object_id": 1}),
    ("search.SavedSearch", {"user_id": 1, "query": "hub"}),
    ("external.ExternalSource", {"slug": "one"}),
    ("external.ExternalRecord", {"source_id": 1, "key": "one"}),
    ("accounts.ApiToken", {"digest": "d"}),
    ("accounts.Organisation", {"name": "One"}),
    ("accounts.Organisation", {"slug": "one"}),
    ("accounts.User", {"username": "one"}),
    ("accounts.User", {"email": "one@people.example"}),
    ("takeout.Takeout", {"person_id": 1, "state": "making"}),
    ("events.Delivery", {"event_id": 1, "subscriber": "one"}),
    ("events.Heartbeat", {"process": "one"}),
]
IDS = [f"{label}-{'-'.join(values)}" for label, values in ONCE]


def row(label: str, number: int, fixed: dict[str, Any]) -> models.Model:
    """A row with these values, and in each other column one that tells its number. What it points to is not there:
    databases look for that when a transaction is committed, and this one never is."""
    model = apps.get_model(label)
    values = {
        field.attname: _value(field, number) for field in model._meta.concrete_fields
        if not field.primary_key or field.is_relation
    }  # fmt: skip
    return model(**values | fixed)


def _value(field: models.Field, number: int) -> Any:
    if isinstance(field, models.BooleanField):
        return False
    if field.is_relation or isinstance(field, models.IntegerField | models.FloatField):
        return number
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.JSONField):
        return field.get_default() or {}
    if field.choices and not field.null:
        return field.get_default() or next(iter(field.flatchoices))[0]
    if isinstance(field, models.BinaryField):
        return b"%d" % number
    is_text = isinstance(field, models.TextField | models.CharField)
    return f"{number}{field.name}"[: field.max_length] if is_text else None


@pytest.mark.parametrize(("label", "values"), ONCE, ids=IDS)
def test_row_when_written_a_second_time_then_the_database_refuses_it(label: str, values: dict[str, Any]) -> None:
    rows = apps.get_model(label)._base_manager
    with transaction.atomic():
        rows.bulk_create([row(label, 101, values)])
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.bulk_create([row(label, 102, values)])
        transaction.set_rollback(True)


def test_row_when_it_differs_then_is_written() -> None:
    """So the refusals above are for what is shared, not for how these rows are made."""
    wrong = []
    empty = {"knowledge.ArticleVote": {"user_id": None}, "forums.Mute": {"tag_id": None}}
    for label in dict(ONCE):
        try:
            with transaction.atomic():
                rows = apps.get_model(label)._base_manager
                rows.bulk_create([row(label, number, empty.get(label, {})) for number in (101, 102)])
                transaction.set_rollback(True)
        except IntegrityError as error:
            wrong.append(f"{label}: {error}")
    assert wrong == []

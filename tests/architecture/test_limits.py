"""Every text has its limit in the database too: a column without an end is one that somebody will fill."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from accounts.models.limits import TextLimit
from tests.architecture import tree

ENDLESS = (models.TextField, models.JSONField, models.BinaryField)
# Written by the product alone, from what is limited already.
REASONS = {
    "search.Entry.keywords": "the indexer's, from limited texts", "search.Entry.tag_words": "the indexer's",
    "search.Entry.summary": "the indexer's", "search.Entry.body": "the indexer's",
    "search.Entry.solution": "the indexer's", "search.Entry.replies": "the indexer's",
    "search.Passages.vectors": "the indexer's",
    "search.SearchLog.filters": "of a query of at most 1,000 characters",
    "search.SavedSearch.known": "a capped list of ids",
    "search.RelevanceTrial.questions": "at most 200 texts of 1,000 characters",
    "search.RelevanceTrial.outcome": "places of what these texts found",
    "events.Heartbeat.facts": "a process's own counts", "config.ImportCheckpoint.counts": "one number a kind of row",
    "external.ExternalRecord.body": "the import cuts it at its max_length",
    "accounts.OutboundEmail.text": "cut when the mail is queued",
    "accounts.OutboundEmail.message": "one rendered template, with texts that are cut",
}  # fmt: skip


def own_models():
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in tree.ROOMS]


def unlimited() -> list[str]:
    found = []
    for model in own_models():
        limited = {constraint.field for constraint in model._meta.constraints if isinstance(constraint, TextLimit)}
        for field in model._meta.local_fields:
            if isinstance(field, ENDLESS) and field.name not in limited:
                found.append(f"{model._meta.label}.{field.name}")
            if isinstance(field, models.CharField) and not field.max_length:
                found.append(f"{model._meta.label}.{field.name}")
    return found


def test_text_columns_when_listed_then_each_has_a_limit_or_a_reason() -> None:
    assert sorted(set(unlimited()) - set(REASONS)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("is_over", [False, True])
def test_database_when_a_text_is_over_its_limit_then_it_refuses(is_over: bool) -> None:
    from tests.factories.forums import make_topic

    post = make_topic().posts.get(number=1)
    writes = {"body": "ä" * (200_000 + is_over)}
    if not is_over:
        type(post).objects.filter(pk=post.pk).update(**writes)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        type(post).objects.filter(pk=post.pk).update(**writes)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(post.topic.space).objects.update(kinds=["x" * 1_001])

"""What erasing a person does to what is remembered of searches. The index itself is read anew from what changed."""

from __future__ import annotations

import re

from accounts.erasing.names import Traces
from accounts.erasing.rules import leave_empty, let_go, register_errand, register_link, register_text
from search.models import Entry, TextWord, TitleWord


def register_all() -> None:
    register_link("search.SearchLog", "user", leave_empty)
    register_link("search.Pin", "pinned_by", leave_empty)
    register_link("search.Synonyms", "changed_by", leave_empty)
    register_link("search.RelevanceVersion", "saved_by", leave_empty)
    register_link("search.RelevanceTrial", "asked_by", let_go)
    register_link("search.SavedSearch", "user", let_go)
    register_text("search.SearchLog", "text", "filters")
    register_text("search.SavedSearch", "name", "query", act=let_go)  # it would find nobody
    register_text("search.Pin", "text", act=let_go)
    register_text("search.Synonyms", "words", "meant", act=let_go)
    register_text("search.RelevanceTrial", "questions", "outcome")
    register_text("search.DirtyMark", "last_error")
    register_errand("title words", title_words_go)


def title_words_go(traces: Traces) -> bool:
    """Words of their names among those by which mistyped words are mended: of titles, where no other one has them; of
    texts in any case, since these are read anew each day."""
    called = f"{traces.username} {traces.display_name}".lower()
    words = set(re.findall(r"\w+", called)) | set(called.split())
    TextWord.objects.filter(word__in=words).delete()
    for word in words:
        others = Entry.objects.filter(title__icontains=word, is_deleted=False)
        if not others.exclude(traces.held_in(("title",))).exists():
            TitleWord.objects.filter(word=word[: TitleWord._meta.get_field("word").max_length]).delete()
    return False

"""Search's own tables: the database engine's index, the marks of what is to be indexed, and the log of searches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit
from search.fingerprint import MOST_NORMALISED, MOST_QUERY, Fingerprint
from search.words import KnownWord


class Entry(models.Model):
    """One document in the database engine's index. The full-text columns beside it are made by the first migration.

    Written only by `search.engines.database`; a deleted document stays a while as an empty tombstone, so that an older
    write that comes late cannot bring it back.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    version = models.BigIntegerField()
    digest = models.CharField(max_length=32)
    is_deleted = models.BooleanField(default=False)
    indexed_at = models.DateTimeField()

    # The long texts come last in the row: SQLite reads a row from its beginning.
    container = models.CharField(max_length=80, blank=True)
    container_name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=20, blank=True)
    author = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    helpful = models.IntegerField(default=0)
    is_official = models.BooleanField(default=False)
    length = models.PositiveIntegerField(default=0)

    title = models.CharField(max_length=300)
    keywords = models.TextField(blank=True)
    tag_words = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    solution = models.TextField(blank=True)
    replies = models.TextField(blank=True)

    class Meta:
        verbose_name = _("indexed document")
        verbose_name_plural = _("indexed documents")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")]
        indexes = [models.Index(fields=["indexed_at"], name="search_tombstone", condition=Q(is_deleted=True))]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class EntryToken(models.Model):
    """Who may find an entry: the audience filter inside every query."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="tokens", db_index=False)
    token = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("audience token")
        verbose_name_plural = _("audience tokens")
        constraints = [models.UniqueConstraint(fields=["entry", "token"], name="search_token_once")]
        indexes = [models.Index(fields=["token", "entry"], name="search_token")]

    def __str__(self) -> str:
        return self.token


class EntryTag(models.Model):
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="tags", db_index=False)
    tag = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("tag of an entry")
        verbose_name_plural = _("tags of entries")
        constraints = [models.UniqueConstraint(fields=["entry", "tag"], name="search_tag_once")]
        indexes = [models.Index(fields=["tag", "entry"], name="search_tag")]

    def __str__(self) -> str:
        return self.tag


class EntryProduct(models.Model):
    """Which product an entry is about, as a choice; as words they are among its keywords."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="products", db_index=False)
    product = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("product of an entry")
        verbose_name_plural = _("products of entries")
        constraints = [models.UniqueConstraint(fields=["entry", "product"], name="search_product_once")]
        indexes = [models.Index(fields=["product", "entry"], name="search_product")]

    def __str__(self) -> str:
        return self.product


class TitleWord(KnownWord):
    """The words of all titles, where a mistyped word is looked up. Never shown: what it finds is filtered again.

    `is_open`: everybody reads a title that says it.
    """

    is_open = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("title word")
        verbose_name_plural = _("title words")
        indexes = [models.Index(fields=["initial", "length"], name="search_title_word")]


class TitleWordToken(models.Model):
    """Who reads a title, not everybody's, that says a word: compounds are looked for in words of one's own titles."""

    word = models.ForeignKey(TitleWord, on_delete=models.CASCADE, related_name="tokens", db_index=False)
    token = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("reader of a title word")
        verbose_name_plural = _("readers of title words")
        constraints = [models.UniqueConstraint(fields=["word", "token"], name="search_title_word_token_once")]

    def __str__(self) -> str:
        return f"{self.word_id} {self.token}"


class TextWord(KnownWord):
    """A word that several texts say which everybody reads, offered where nothing holds what was typed: `vocabulary`."""

    documents = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("word of texts")
        verbose_name_plural = _("words of texts")
        indexes = [models.Index(fields=["initial", "length"], name="search_text_word")]


class Passages(models.Model):
    """The vectors of a document's passages, one after the other in half precision; `digest` is of their texts."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    model = models.CharField(max_length=120)
    digest = models.CharField(max_length=32)
    vectors = models.BinaryField()

    class Meta:
        verbose_name = _("embedded document")
        verbose_name_plural = _("embedded documents")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_passages_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class DirtyMark(models.Model):
    """One thing to be indexed again in one engine. `stamp` changes with every mark, so a mark that was renewed while
    the indexer worked is not ticked off."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        PARKED = "parked", _("Parked")

    engine = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    stamp = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True)
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("document to index")
        verbose_name_plural = _("documents to index")
        constraints = [models.UniqueConstraint(fields=["engine", "kind", "object_id"], name="search_mark_once")]
        indexes = [
            models.Index(fields=["engine", "next_attempt_at"], name="search_mark_due", condition=Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} → {self.engine}"


class IndexClock(models.Model):
    """The versions of index writes come from this one row, so they only ever grow."""

    value = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("index clock")
        verbose_name_plural = _("index clock")

    def __str__(self) -> str:
        return str(self.value)


class EngineHold(models.Model):
    """An engine that refused work as a whole rests until `until`; its marks wait and lose no attempt."""

    engine = models.CharField(max_length=20, unique=True)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("resting engine")
        verbose_name_plural = _("resting engines")

    def __str__(self) -> str:
        return f"{self.engine} until {self.until:%H:%M:%S}"


class SearchLog(models.Model):
    """What was looked for, what came and what was opened. Kept bounded; see `search.log`."""

    text = models.CharField(max_length=MOST_NORMALISED)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    filters = models.JSONField(default=dict)
    page = models.PositiveSmallIntegerField(default=1)
    count = models.PositiveIntegerField(default=0)
    engine = models.CharField(max_length=20)
    is_degraded = models.BooleanField(default=False)
    took_ms = models.PositiveIntegerField(default=0)
    rejected = models.PositiveSmallIntegerField(default=0)
    clicked_kind = models.CharField(max_length=20, blank=True)
    clicked_id = models.BigIntegerField(null=True, blank=True)
    clicked_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    clicked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["clicked_id"], condition=models.Q(clicked_id__isnull=False), name="search_log_opened")
        ]

    def __str__(self) -> str:
        return self.text


class Pin(models.Model):
    """Staff put one thing first for one search: `text` as `search.log.normalised` gives it. Written by `curation`."""

    text = models.CharField(max_length=MOST_NORMALISED)
    key = Fingerprint(of="text")
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("pinned result")
        verbose_name_plural = _("pinned results")
        ordering = ["text", "pk"]
        constraints = [models.UniqueConstraint(fields=["key", "kind", "object_id"], name="search_pin_once")]

    def __str__(self) -> str:
        return f"{self.text} → {self.kind} {self.object_id}"


class Synonyms(models.Model):
    """Words that find each other: all of `words`; or, where `meant` says something, `meant` too for one of `words`.

    Both are lists by comma, of bare folded words. Written by `synonyms`.
    """

    words = models.CharField(max_length=2_000)
    meant = models.CharField(max_length=2_000, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["words", "pk"]

    def __str__(self) -> str:
        return f"{self.words} => {self.meant}" if self.meant else self.words


class Shaping(models.Model):
    """One row: `stamp` is another one after every change to what shapes all searches, so each process sees it at once
    and reads the rest again only then. See `shaping`."""

    stamp = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("shaping of searches")
        verbose_name_plural = _("shaping of searches")

    def __str__(self) -> str:
        return self.stamp


class RelevanceVersion(models.Model):
    """What `relevance` was changed to, never changed or taken away: the newest row holds. Written by `tuning`."""

    weights = models.JSONField(default=dict)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of relevance")
        verbose_name_plural = _("versions of relevance")
        ordering = ["-pk"]
        constraints = [TextLimit(field="weights", limit=2_000, name="relevance_limit", is_json=True)]

    def __str__(self) -> str:
        return f"{self.pk}"


class RelevanceTrial(models.Model):
    """Settings tried on what people of this community searched for and opened, a few questions a round of the worker.

    `questions` are [text, {"kind:id": grade}]; `outcome` has, for the first `done` of them, the places of these things
    before and after, as [{"kind:id": place}, {…}].
    """

    weights = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    questions = models.JSONField(default=list)
    outcome = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("trial of relevance")
        verbose_name_plural = _("trials of relevance")
        ordering = ["-pk"]
        constraints = [
            TextLimit(field="weights", limit=2_000, name="trial_weights_limit", is_json=True),
            TextLimit(field="before", limit=2_000, name="trial_before_limit", is_json=True),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.done}/{self.count}"

    @property
    def is_done(self) -> bool:
        return self.done >= self.count


class SavedSearch(models.Model):
    """A search that a person keeps. `query` is the address's query string without order and page; `known` are the
    hits, as "kind:id", that were met since `looked_at`, so that nobody is told of the same one twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=MOST_QUERY)
    key = Fingerprint(of="query")
    is_telling = models.BooleanField(default=True)
    known = models.JSONField(default=list)
    looked_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="saved_search_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('search:results')}?{self.query}"

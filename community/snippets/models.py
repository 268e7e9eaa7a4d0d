"""Snippets: a topic of kind “snippet” with versions of its files. Written only by `community.snippets.services`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import TextLimit
from community.snippets.languages import CHOICES
from community.snippets.querysets import SnippetQuerySet

MOST_FILES = 10
MOST_CODE = 40_000
MOST_HTML = 1_000_000


class Snippet(models.Model):
    """What a topic of kind snippet has beyond a topic; it shares the topic's id, page, posts and readers.

    `number` is that of the version that is shown, `language` that of its first file.
    """

    topic = models.OneToOneField("forums.Topic", on_delete=models.CASCADE, primary_key=True, related_name="snippet")
    language = models.CharField(_("language"), max_length=20, choices=CHOICES)
    number = models.PositiveIntegerField(default=1, editable=False)
    use_count = models.PositiveIntegerField(_("used by"), default=0, editable=False)
    changed_at = models.DateTimeField()

    # Set by selectors: the version that is shown, alone in a list and by itself, and whether this viewer uses it.
    shown: list[SnippetVersion]
    current: SnippetVersion
    is_used: bool

    objects = SnippetQuerySet.as_manager()

    class Meta:
        verbose_name = _("snippet")
        verbose_name_plural = _("snippets")
        indexes = [
            models.Index(fields=["-changed_at"], name="snippet_latest"),
            models.Index(fields=["-use_count", "-changed_at"], name="snippet_used"),
        ]

    def __str__(self) -> str:
        return self.topic.title

    def get_absolute_url(self) -> str:
        return self.topic.get_absolute_url()


class SnippetVersion(models.Model):
    """The files as they were at a time; never changed afterwards. `label` is what the author calls it, such as 1.2."""

    snippet = models.ForeignKey(Snippet, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(_("version"), max_length=40, blank=True)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of a snippet")
        verbose_name_plural = _("versions of snippets")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["snippet", "number"], name="snippet_version_once")]

    def __str__(self) -> str:
        return f"{self.snippet_id}: {self.number}"


class SnippetFile(models.Model):
    """One file of a version; `html` is its code with colours, rendered by the service."""

    version = models.ForeignKey(SnippetVersion, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("file name"), max_length=100)
    language = models.CharField(_("language"), max_length=20, choices=CHOICES)
    code = models.TextField(_("code"), max_length=MOST_CODE)
    html = models.TextField(max_length=MOST_HTML, editable=False)

    class Meta:
        verbose_name = _("file of a snippet")
        verbose_name_plural = _("files of snippets")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="snippet_file_once"),
            TextLimit(field="code", limit=MOST_CODE, name="snippet_code_limit"),
            TextLimit(field="html", limit=MOST_HTML, name="snippet_html_limit"),
        ]

    def __str__(self) -> str:
        return self.name


class SnippetUse(models.Model):
    """One person uses a snippet."""

    snippet = models.ForeignKey(Snippet, on_delete=models.CASCADE, related_name="uses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("use of a snippet")
        verbose_name_plural = _("uses of snippets")
        constraints = [models.UniqueConstraint(fields=["snippet", "user"], name="snippet_use_once")]

    def __str__(self) -> str:
        return f"{self.user_id} uses {self.snippet_id}"

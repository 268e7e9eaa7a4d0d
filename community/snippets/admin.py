"""Snippets in the admin: to look at; versions are saved through the pages, so that they are kept."""

from django.contrib import admin

from accounts.admin import ShownOnly
from community.snippets.models import Snippet


@admin.register(Snippet)
class SnippetAdmin(ShownOnly):
    list_display = ["topic", "language", "number", "use_count", "changed_at"]
    list_filter = ["language"]
    list_select_related = ["topic"]
    search_fields = ["topic__title"]

"""A look at the queue's tables; decisions are made in the queue itself, so nothing can be changed here."""

from django.contrib import admin

from accounts.admin import ShownOnly
from community.moderation.models import Flag, ReviewDecision, ReviewItem


@admin.register(ReviewItem)
class ReviewItemAdmin(ShownOnly):
    list_display = ["__str__", "state", "score", "flag_count", "container", "author", "opened_at", "decided_by"]
    list_filter = ["state", "target_type"]
    list_select_related = ["author", "decided_by"]


@admin.register(Flag)
class FlagAdmin(ShownOnly):
    list_display = ["item", "reason", "reporter", "rule", "weight", "state", "created_at"]
    list_filter = ["state", "reason"]
    list_select_related = ["item", "reporter"]


@admin.register(ReviewDecision)
class ReviewDecisionAdmin(ShownOnly):
    list_display = ["item", "action", "by", "created_at", "undone_at", "undone_by"]
    list_filter = ["action"]
    list_select_related = ["item", "by", "undone_by"]

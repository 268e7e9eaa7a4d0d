"""Posts that one keeps, and when to be told of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from community.forums import selectors, services
from community.forums.views.posts import post_or_404

LATER = {"tomorrow": timedelta(days=1), "three-days": timedelta(days=3), "week": timedelta(days=7)}
LATER |= {"month": timedelta(days=30)}


class BookmarksView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"bookmarks": selectors.bookmarks_of(request.viewer), "nav": "bookmarks"}
        return render(request, "forums/bookmarks.html", context)


class BookmarkView(LoginRequiredMixin, View):
    """Keep a post, keep it no longer, or say when to be told."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = post_or_404(request, pk)
        on = request.POST.get("on", "1") == "1"
        if on:
            remind_at = _time(request.POST.get("remind", ""))
            services.bookmark_set(viewer=request.viewer, post=post, remind_at=remind_at)
        else:
            services.bookmark_remove(viewer=request.viewer, post=post)
        if request.htmx:
            return render(request, "forums/_bookmark.html", {"post": post, "is_kept": on})
        messages.success(request, _("Kept.") if on else _("Removed."))
        return redirect("forums:bookmarks") if "remind" in request.POST or not on else redirect(post)


def _time(word: str) -> datetime | None:
    if word in ("", "never"):
        return None
    if word not in LATER:
        raise ValidationError({"remind": _("Choose one of: %s.") % ", ".join(["never", *LATER])})
    return timezone.now() + LATER[word]

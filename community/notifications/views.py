"""The bell's pages. All of them show only what is the viewer's own."""

from __future__ import annotations

from itertools import groupby

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.text import whole_number
from community.notifications import selectors, services
from community.notifications.models import Notification


class NotificationListView(LoginRequiredMixin, View):
    """`?unread=1` shows only what is new, `?before=<number>` goes on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        only_unread = request.GET.get("unread") == "1"
        page = selectors.for_page(request.viewer, before=_number(request, "before"), only_unread=only_unread)
        # Pages go by number; demo content and imports bring times of their own, which need not follow the numbers.
        by_time = sorted(page.lines, key=lambda line: line.row.created_at, reverse=True)
        days = [(day, list(lines)) for day, lines in groupby(by_time, _day)]
        context = {
            "page": page, "days": days, "only_unread": only_unread, "nav": "notifications",
            "newest": selectors.last_number(request.viewer), "unread": selectors.unread_count(request.viewer),
        }
        return render(request, "notifications/list.html", context)


class NotificationOpenView(LoginRequiredMixin, View):
    """Mark a row as read and go where it leads; without a target any more, back to the list."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        row = get_object_or_404(Notification.objects.visible_to(request.viewer), number=number)
        services.notification_read(viewer=request.viewer, notification=row)
        lines = selectors.resolved(request.viewer, [row])
        return redirect(lines[0].message.url if lines else reverse("notifications:list"))


class NotificationReadAllView(LoginRequiredMixin, View):
    """Mark everything up to the newest row that the page showed."""

    def post(self, request: HttpRequest) -> HttpResponse:
        services.all_read(viewer=request.viewer, up_to=_number(request, "up_to"))
        return redirect("notifications:list")


class NotificationBadgeView(View):
    """The bell with its count, for pages that are open."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "notifications/_badge.html", {"unread_count": selectors.unread_count(request.viewer)})


class NotificationRecentView(View):
    """The newest few after a number: the text of a toast, re-authorised."""

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = selectors.recent(request.viewer, since=_number(request, "since") or 0)
        return render(request, "notifications/_recent.html", {"lines": lines})


class NotificationStateView(View):
    """The newest number and the count, for pages whose socket is away and that ask now and then instead."""

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer = request.viewer
        return JsonResponse({"last": selectors.last_number(viewer), "unread": selectors.unread_count(viewer)})


def _number(request: HttpRequest, name: str) -> int | None:
    """A number from the query or the form; anything else counts as not given."""
    return whole_number(request.GET.get(name) or request.POST.get(name) or "")


def _day(line: selectors.Line) -> object:
    day, today = timezone.localdate(line.row.created_at), timezone.localdate()
    if day == today:
        return _("Today")
    return _("Yesterday") if (today - day).days == 1 else day

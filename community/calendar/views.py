"""Pages of events: the calendar, planning, answering; and what calendars subscribe to."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.drafts.views import draft_sent
from accounts.errors import NotAllowed
from accounts.forms import add_errors
from accounts.uploads.forms import bound_with_files
from community.calendar import ics, policies, selectors, services
from community.calendar.forms import EventForm, PlanForm, spaces_for_events
from community.calendar.models import CalendarEvent
from community.spaces.models import Space

PAGE_SIZE = 20


class CalendarView(View):
    """`/events/`: what is to come, and what was."""

    def get(self, request: HttpRequest) -> HttpResponse:
        is_past, space = request.GET.get("when") == "past", request.GET.get("space", "").replace("\0", "")[:60]
        events = selectors.calendar_of(request.viewer, is_past=is_past, space=space)
        in_space = f"&space={space}" if space else ""
        context = {
            "nav": "events", "page_obj": Paginator(events, PAGE_SIZE).get_page(request.GET.get("page")),
            "is_past": is_past, "may_plan": request.viewer.is_signed_in and bool(spaces_for_events(request.viewer)),
            "space": Space.objects.visible_to(request.viewer).filter(slug=space).first() if space else None,
            "tabs": [
                {"label": _("To come"), "url": f"?when=next{in_space}", "is_current": not is_past},
                {"label": _("Past"), "url": f"?when=past{in_space}", "is_current": is_past},
            ],
        }  # fmt: skip
        return render(request, "calendar/list.html", context)


class EventCreateView(LoginRequiredMixin, View):
    """`/events/new/`: announce an event."""

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {
            "space": request.GET.get("space", "")[:60], "title": request.GET.get("title", "")[:200],
            "join_minutes": "15", "zone": "UTC", "key": secrets.token_urlsafe(16),
        }  # fmt: skip
        return self._page(request, EventForm(viewer=request.viewer, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = bound_with_files(lambda data: EventForm(data, viewer=request.viewer), request)
        if form.is_valid():
            data = form.cleaned_data
            try:
                event = services.event_create(
                    viewer=request.viewer, space=data["space"], title=data["title"], body=data["body"],
                    plan=form.plan(), tags=data["tags"].split(","), idempotency_key=data["key"],
                )
            except ValidationError as error:
                add_errors(form, error)
            else:
                draft_sent(request)
                return redirect(event)
        return self._page(request, form, status=400)

    def _page(self, request: HttpRequest, form: EventForm, status: int = 200) -> HttpResponse:
        return render(request, "calendar/create.html", {"nav": "events", "form": form}, status=status)


class EventEditView(LoginRequiredMixin, View):
    """`/events/7/edit/`: another time or place. The text is edited as the topic's first post."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = event_or_404(request, pk)
        if not policies.can_change(request.viewer, event):
            raise NotAllowed(_("Only the person who announced this event and moderators can change it."))
        return self._page(request, event, PlanForm.of(event))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = event_or_404(request, pk)
        form = PlanForm(request.POST)
        form.keep_minutes("" if event.join_minutes is None else str(event.join_minutes))
        if form.is_valid():
            try:
                services.event_change(
                    viewer=request.viewer, event=event, plan=form.plan(), sequence=form.cleaned_data["sequence"]
                )
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, _("Saved. Those who go are told of another time or place."))
                return redirect(event)
        return self._page(request, event, form, status=400)

    def _page(self, request: HttpRequest, event: CalendarEvent, form: PlanForm, status: int = 200) -> HttpResponse:
        context = {"nav": "events", "form": form, "event": event, "space": event.topic.space}
        return render(request, "calendar/edit.html", context, status=status)


class EventCancelView(LoginRequiredMixin, View):
    """Call it off."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = services.event_cancel(viewer=request.viewer, event=event_or_404(request, pk))
        messages.success(request, _("Called off. Those who wanted to come are told."))
        return redirect(event)


class AttendView(View):
    """Say whether one comes: a form that works without script."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = event_or_404(request, pk)
        if not request.viewer.is_signed_in:
            return redirect_to_login(event.get_absolute_url())
        services.attendance_set(viewer=request.viewer, event=event, answer=request.POST.get("answer", "")[:8])
        return redirect(event)


class EventFileView(View):
    """One event as a file for a calendar."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = event_or_404(request, pk)
        return _file([event], name=event.topic.title, filename=f"event-{event.pk}.ics")


class EventFeedView(View):
    """What a calendar subscribes to: all events, or those of a space; asking as nobody, it gets the public ones."""

    def get(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        space = get_object_or_404(Space.objects.visible_to(request.viewer), slug=slug) if slug else None
        events = selectors.for_calendars(request.viewer, space=space)
        return _file(events, name=space.name if space else _("Events"), filename=f"{slug or 'events'}.ics")


def _file(events: list[CalendarEvent], *, name: str, filename: str) -> HttpResponse:
    answer = HttpResponse(ics.calendar(events, name=name), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{filename}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def event_or_404(request: HttpRequest, pk: int) -> CalendarEvent:
    """The event as this viewer may see it; what they may not see does not exist."""
    event = selectors.event_for(request.viewer, pk)
    if event is None:
        raise Http404
    return event

"""Pinned results: the list for staff, and the buttons that pin and unpin."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views import View

from accounts.text import whole_number
from search import curation, policies, services
from search.models import Pin

PAGE = 50


class CurationView(View):
    """For those who shape searches; for all others the page does not exist."""

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not policies.can_curate(request.viewer):  # type: ignore[attr-defined]
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class PinListView(CurationView):
    """All pins by search; POST `text`, `kind` and `object_id` pins and goes back to that search."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(Pin.objects.order_by("text", "pk"), PAGE).get_page(request.GET.get("page"))
        pins = list(page.object_list)
        cards = services.authorised_cards(request.viewer, ((pin.kind, pin.object_id) for pin in pins))
        context = {"groups": curation.pins_for_page(cards, pins), "page_obj": page, "nav": "insights", "part": "pins"}
        return render(request, "search/pins.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        number = whole_number(request.POST.get("object_id", ""))
        if number is None:
            raise ValidationError({"object_id": _("Must be a number.")})
        pin = curation.pin_create(
            viewer=request.viewer, text=request.POST.get("text", ""), kind=request.POST.get("kind", ""),
            object_id=number,
        )
        messages.success(request, _("Pinned: it comes first for “%s” from now on.") % Truncator(pin.text).chars(120))
        return redirect(f"{reverse('search:results')}?{urlencode({'q': request.POST.get('text', '')})}")


class PinRemoveView(CurationView):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        curation.pin_remove(viewer=request.viewer, pin=get_object_or_404(Pin, pk=pk))
        messages.success(request, _("Unpinned."))
        return redirect("search:pins")

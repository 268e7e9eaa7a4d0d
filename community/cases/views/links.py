"""Connecting a thread with a case: choose among cases, link, unlink."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from accounts.text import LIMITS, whole_number
from community.cases import selectors, services
from community.cases.querysets import sees_desk
from community.cases.views.case import case_or_404
from community.forums.models import Topic


def linked_topic(request: HttpRequest, pk: str) -> Topic:
    """The thread that a link is about, as this viewer may see it; a link of the site is understood too."""
    pk = pk.strip()
    if "/t/" in pk:
        pk = pk.split("/t/", 1)[1].split("/", 1)[0]
    if not sees_desk(request.viewer):
        raise Http404
    return get_object_or_404(
        Topic.objects.visible_to(request.viewer).select_related("author", "space"), pk=whole_number(pk)
    )


class LinkView(LoginRequiredMixin, View):
    """`/support/link/12/`: which case is this thread about?"""

    def get(self, request: HttpRequest, topic: int) -> HttpResponse:
        found = linked_topic(request, str(topic))
        text = request.GET.get("q", "").replace("\0", "").strip()[: LIMITS["search"]]
        cases = selectors.cases_to_link(request.viewer, found, text)
        template = "cases/_choices.html" if request.htmx else "cases/link.html"
        new_case = f"{reverse('cases:create')}?topic={found.pk}"
        context = {"nav": "support", "topic": found, "text": text, "cases": cases, "new_case_url": new_case}
        return render(request, template, context)

    def post(self, request: HttpRequest, topic: int) -> HttpResponse:
        found = linked_topic(request, str(topic))
        case = case_or_404(request, request.POST.get("case", ""))
        services.case_link(viewer=request.viewer, case=case, topic=found)
        messages.success(request, _("Linked with %(number)s.") % {"number": case.number})
        return redirect(found)


class CaseLinkView(LoginRequiredMixin, View):
    """From the case's page: add a thread by its address, or take one off."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        case = case_or_404(request, number)
        try:
            topic = linked_topic(request, request.POST.get("topic", ""))
        except Http404:
            raise ValidationError({"topic": _("Paste the address of a thread that you can read.")}) from None
        if request.POST.get("on") == "0":
            services.case_unlink(viewer=request.viewer, case=case, topic=topic)
        else:
            services.case_link(viewer=request.viewer, case=case, topic=topic)
        return redirect(topic if request.POST.get("back") == "topic" else case)

"""Muting a space or a tag: a form each that works without script."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from accounts.addresses import way_back
from community.forums import mutes, services
from community.spaces.models import Space


class SpaceMuteView(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        space = get_object_or_404(Space.objects.visible_to(request.viewer), slug=slug)
        on = request.POST.get("on", "1") == "1"
        services.space_mute(viewer=request.viewer, space=space, on=on)
        messages.success(request, _told(space.name, on))
        return redirect(way_back(request) or space)


class TagMuteView(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, name: str) -> HttpResponse:
        tag = mutes.tag_seen(request.viewer, name)
        if tag is None:
            raise Http404
        on = request.POST.get("on", "1") == "1"
        services.tag_mute(viewer=request.viewer, tag=tag, on=on)
        messages.success(request, _told(f"#{tag.name}", on))
        return redirect(way_back(request) or reverse("forums:tag", args=[tag.name]))


def _told(name: str, on: bool) -> str:
    if on:
        return _("Muted: “%s” is not told, and not among your latest, new and unread topics.") % name
    return _("You hear of “%s” again.") % name

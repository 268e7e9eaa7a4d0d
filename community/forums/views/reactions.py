"""Emoji under a post, and who chose them; and who may change a post besides its author."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from community.forums import policies, reading, services, shown
from community.forums.models import Post
from community.forums.reactions import offered
from community.forums.views.posts import post_or_404


class ReactionsView(View):
    """Who reacted, as a page or as the row under the post; a button there adds or takes back one's own."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = post_or_404(request, pk)
        if request.htmx:
            return self._row(request, post)
        context = {"post": post, "topic": post.topic, "space": post.topic.space}
        return render(request, "forums/reactions.html", context | {"groups": reading.who_reacted(post)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = post_or_404(request, pk)
        add, remove = request.POST.get("add", ""), request.POST.get("remove", "")
        services.post_react(viewer=request.viewer, post=post, name=add or remove, on=bool(add))
        return self._row(request, post) if request.htmx else redirect(post)

    def _row(self, request: HttpRequest, post: Post) -> HttpResponse:
        viewer = request.viewer
        found = reading.post_for_viewer(viewer, post)
        context = {"pk": post.pk, "felt": shown.felt(found), "offered": offered()}
        return render(request, "forums/_reactions.html", context | {"may_react": policies.can_react(viewer, found)})


class EditRulesView(LoginRequiredMixin, View):
    """Open a post to others, or lock it: one button each."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        post, viewer = post_or_404(request, pk), request.viewer
        match request.POST.get("act"):
            case "wiki" | "own" as act:
                services.post_set_wiki(viewer=viewer, post=post, on=act == "wiki")
            case "lock" | "unlock" as act:
                services.post_set_locked(viewer=viewer, post=post, on=act == "lock")
            case _:
                raise ValidationError({"act": _("Choose what to do: wiki, own, lock or unlock.")})
        messages.success(request, _("Done."))
        return redirect("forums:post-history", pk=post.pk)

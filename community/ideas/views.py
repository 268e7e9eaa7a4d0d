"""Pages of ideas: board, roadmap, suggesting; and the forms on an idea's topic page."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views import View

from accounts.addresses import way_back
from accounts.drafts.views import draft_sent
from accounts.forms import add_errors
from accounts.text import LIMITS
from accounts.uploads.forms import bound_with_files
from accounts.viewer import Viewer
from community.forums.models import Kind
from community.ideas import policies, selectors, services
from community.ideas.forms import IdeaForm, MergeForm, StatusForm
from community.ideas.models import Idea, IdeaStatus
from community.ideas.similar import similar_ideas
from community.spaces.models import Space

PAGE_SIZE = 20
SORT_LABELS = {"trending": _lazy("Trending"), "top": _lazy("Most votes"), "new": _lazy("Newest")}


class BoardView(View):
    """`/ideas/`: by status, order, space and words."""

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = self._chosen(request)
        found = selectors.narrowed(request.viewer, text=chosen["text"], space=chosen["space"])
        page = Paginator(selectors.board(request.viewer, **chosen), PAGE_SIZE).get_page(request.GET.get("page"))
        _mark_votable(request.viewer, page.object_list)
        context = {
            "nav": "ideas", "chosen": chosen, "page_obj": page,
            "tabs": self._tabs(chosen, selectors.status_counts(found)),
            "sorts": [
                {"label": label, "url": "?" + _query(chosen | {"sort": key}), "is_current": key == chosen["sort"]}
                for key, label in SORT_LABELS.items()
            ],
            "spaces": [space for space in Space.objects.visible_to(request.viewer) if space.allows(Kind.IDEA)],
        }
        return render(request, "ideas/board.html", context)

    def _tabs(self, chosen: dict[str, str], counts: dict[str, int]) -> list[dict]:
        return [
            {
                "key": key, "label": label, "count": counts[key], "is_current": key == chosen["status"],
                "url": "?" + _query(chosen | {"status": key}),
            }
            for key, label in [("", _("Open ideas")), *IdeaStatus.choices]
        ]

    def _chosen(self, request: HttpRequest) -> dict[str, str]:
        """What the address asks for; a value that does not exist is as if it were not there."""
        status, sort = request.GET.get("status", ""), request.GET.get("sort", "")
        return {
            "status": status if status in IdeaStatus.values else "",
            "sort": sort if sort in SORT_LABELS else "trending",
            "text": request.GET.get("q", "").replace("\0", "").strip()[: LIMITS["search"]],
            "space": request.GET.get("space", "").replace("\0", "")[:60],
        }


def _query(chosen: dict[str, str]) -> str:
    """The choices as an address's query."""
    return urlencode({name if name != "text" else "q": value for name, value in chosen.items() if value})


def _mark_votable(viewer: Viewer, ideas: Iterable[Idea]) -> None:
    """Each idea of a list knows whether its vote box is a button, as `may_vote`."""
    for idea in ideas:
        idea.may_vote = policies.can_vote(viewer, idea)  # type: ignore[attr-defined]


class RoadmapView(View):
    """`/ideas/roadmap/`: planned, in progress, shipped."""

    def get(self, request: HttpRequest) -> HttpResponse:
        columns = selectors.roadmap(request.viewer)
        for column in columns:
            _mark_votable(request.viewer, column.ideas)
        return render(request, "ideas/roadmap.html", {"nav": "ideas", "columns": columns})


class IdeaCreateView(LoginRequiredMixin, View):
    """`/ideas/new/`: suggest an idea."""

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {
            "space": request.GET.get("space", "")[:60], "title": request.GET.get("title", "")[: LIMITS["title"]],
            "key": secrets.token_urlsafe(16),
        }  # fmt: skip
        return self._page(request, IdeaForm(viewer=request.viewer, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = bound_with_files(lambda data: IdeaForm(data, viewer=request.viewer), request)
        if form.is_valid():
            data = form.cleaned_data
            try:
                idea = services.idea_create(
                    viewer=request.viewer, space=data["space"], title=data["title"], body=data["body"],
                    tags=data["tags"].split(","), idempotency_key=data["key"],
                )
            except ValidationError as error:
                add_errors(form, error)
            else:
                draft_sent(request)
                messages.success(request, _("Your idea is on the board, with your vote."))
                return redirect(idea.get_absolute_url())
        return self._page(request, form, status=400)

    def _page(self, request: HttpRequest, form: IdeaForm, status: int = 200) -> HttpResponse:
        similar = similar_ideas(request.viewer, form["title"].value() or "")
        return render(request, "ideas/create.html", {"nav": "ideas", "form": form, "similar": similar}, status=status)


class SimilarView(View):
    """The piece of `/ideas/new/` that shows ideas like the one being written."""

    def get(self, request: HttpRequest) -> HttpResponse:
        similar = similar_ideas(request.viewer, request.GET.get("title", ""))
        return render(request, "ideas/_similar.html", {"similar": similar})


class VoteView(View):
    """Vote or take it back: a form that works without script, and the vote box alone for htmx."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        idea = get_object_or_404(Idea.objects.visible_to(request.viewer).select_related("topic"), pk=pk)
        if not request.viewer.is_signed_in:
            return redirect_to_login(idea.get_absolute_url())
        on = request.POST.get("on") != "0"
        idea = services.idea_vote(viewer=request.viewer, idea=idea, on=on)
        if request.htmx:
            return render(request, "ideas/_vote.html", {"idea": idea, "is_voted": on, "may_vote": True})
        return redirect(way_back(request) or idea.get_absolute_url())


class StatusView(View):
    """Staff decide on the topic's page."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        idea = get_object_or_404(Idea.objects.visible_to(request.viewer).select_related("topic"), pk=pk)
        form = StatusForm(request.POST, prefix="idea")
        if not form.is_valid():
            raise ValidationError({name: list(errors) for name, errors in form.errors.items()})
        services.idea_set_status(viewer=request.viewer, idea=idea, **form.cleaned_data)
        messages.success(request, _("Saved. Everyone who voted is told."))
        return redirect(idea.get_absolute_url())


class MergeView(View):
    """Staff say that two ideas are one."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        ideas = Idea.objects.visible_to(request.viewer).select_related("topic")
        idea = get_object_or_404(ideas, pk=pk)
        form = MergeForm(request.POST, prefix="merge")
        into = ideas.filter(pk=form.cleaned_data["into"]).first() if form.is_valid() else None
        if into is None:
            raise ValidationError({"into": _("There is no idea with this number. Its number is in its address.")})
        target = services.idea_merge(viewer=request.viewer, idea=idea, into=into)
        messages.success(request, _("Merged: the votes moved here."))
        return redirect(target.get_absolute_url())

"""Lists of topics: all, of a space, of a tag."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from accounts.kept_pages import KeptForNobody
from accounts.text import whole_number
from community.forums import mutes, policies, queues, selectors
from community.forums.beside import beside_list
from community.forums.models import PLURALS
from community.spaces import policies as spaces
from community.spaces.addresses import moved_to
from community.spaces.models import Space

MOST_HEARD = 50


def tabs(
    request: HttpRequest, current: str, counts: dict[str, int], first: str = "latest"
) -> list[dict[str, Any]]:
    """The tabs of a topic list as {key, label, url, is_current, count}; those about oneself only when signed in.

    `first` is the one that the list shows by itself.
    """
    labels = {
        "latest": _("Latest"),
        **({"newest": _("Newest")} if "newest" in (first, current) else {}),
        "new": _("New"),
        "unanswered": _("Unanswered"),
        "unsolved": _("Unsolved"),
        "solved": _("Solved"),
        "top": _("Top"),
    }
    if request.viewer.is_signed_in:
        labels |= {"unread": _("Unread"), "mine": _("Mine"), "following": _("Following")}
    return [
        {
            "key": key,
            "label": label,
            "is_current": key == current,
            "count": counts.get(key),
            "url": request.path if key == first else f"?tab={key}",
        }
        for key, label in labels.items()
    ]


def periods(current: str) -> list[dict[str, Any]]:
    """The times that the list of the top can be of, as {key, label, is_current}; none elsewhere."""
    labels = {
        "week": _("This week"), "month": _("This month"), "quarter": _("Three months"), "year": _("This year"),
        "all": _("All time"),
    }  # fmt: skip
    return [{"key": key, "label": label, "is_current": key == current} for key, label in labels.items() if current]


def kind_links(page: selectors.TopicPage, space: Space | None) -> list[dict[str, Any]]:
    """The kinds that a list can be narrowed to, as {label, url, is_current}; none where a space takes but one."""
    of_tab = {"tab": page.tab} | ({"period": page.period} if page.period else {})
    found = {kind.value: str(label) for kind, label in PLURALS.items() if space is None or space.allows(kind)}
    if len(found) < 2:
        return []
    every = {"": of_tab} | {key: of_tab | {"kind": key} for key in found}
    labels = {"": _("All kinds")} | found
    return [
        {"label": labels[key], "url": f"?{urlencode(query)}", "is_current": key == page.kind}
        for key, query in every.items()
    ]


def queue_tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The helpers' queues as tabs, as `tabs` gives them."""
    labels = {
        "attention": _("Needs attention"),
        "recent": _("Asked today"),
        "needs-info": _("Needs info"),
        "responded": _("Responded"),
        "done": _("Done"),
    }
    counts = queues.queue_counts(request.viewer)
    return [
        {"key": key, "label": label, "url": f"?tab={key}", "is_current": key == current, "count": counts.get(key)}
        for key, label in labels.items()
    ]


class _ListView(KeptForNobody, View):
    """A page of topics; htmx asking for older ones gets just the rows."""

    def answer(self, request: HttpRequest, **context: Any) -> HttpResponse:
        space, tag = context.get("space"), context.get("tag", "")
        first = space.default_order if space else "latest"
        page = selectors.topic_page(
            request.viewer,
            tab=request.GET.get("tab", first),
            space=space, tag=tag,
            cursor=request.GET.get("older", ""),
            period=request.GET.get("period", ""),
            kind=request.GET.get("kind", ""),
        )
        if tag and not page.topics and not selectors.is_tag_used(request.viewer, tag):
            raise Http404
        if request.htmx and request.GET.get("older"):
            return render(request, "forums/_rows.html", {"page": page})
        tags, counts = beside_list(request.viewer, space=space)
        context |= {
            "page": page, "popular_tags": tags,
            "tabs": tabs(request, page.tab, counts, first),
            "periods": periods(page.period),
            "kind_links": kind_links(page, space),
            "may_select": bool(request.viewer.ids("review")),
            "selecting": bool(request.viewer.ids("review")) and "select" in request.GET,
            "asks": page.is_first and space is None and not tag and not mutes.hears_all(request.viewer),
        }  # fmt: skip
        return render(request, "forums/list.html", context)


class IndexView(_ListView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request, heading=_("Discussions"), nav="discussions")


class SpaceView(_ListView):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        spaces_here = mutes.with_mute(Space.objects.visible_to(request.viewer).at(slug), request.viewer)
        space = get_object_or_404(spaces_here)
        if space.slug != slug:
            return redirect(moved_to(request, slug, space), permanent=True)
        kinds = policies.kinds_for(request.viewer, space)
        return self.answer(
            request,
            space=space,
            heading=space.name,
            nav=f"space-{space.pk}",
            kinds=kinds,
            can_post=spaces.can_post(request.viewer, space),
            can_manage=spaces.can_manage(request.viewer),
            own_forms=policies.forms_for(request.viewer, space),
            mute_at=reverse("forums:space-mute", args=[space.slug]),
            is_muted=space.is_muted,
        )


class HeardView(LoginRequiredMixin, View):
    """Which of the topics that an open list heard of (`?t=3&t=8`) are in it, for a list that leaves some out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = [whole_number(one) or 0 for one in request.GET.getlist("t")[:MOST_HEARD]]  # 0 is no topic's
        return JsonResponse({"heard": mutes.heard(request.viewer, asked)})


class QuestionsView(LoginRequiredMixin, View):
    """The helpers' queues: where an answer is needed next, and who is writing one already."""

    def get(self, request: HttpRequest) -> HttpResponse:
        tab = request.GET.get("tab", "")
        tab = tab if tab in selectors.QUEUES else selectors.QUEUES[0]
        page = selectors.topic_page(request.viewer, tab=tab, cursor=request.GET.get("older", ""))
        queues.with_takers(page.topics)
        if request.htmx and request.GET.get("older"):
            return render(request, "forums/_rows.html", {"page": page})
        context = {"page": page, "tabs": queue_tabs(request, tab), "heading": _("Help others"), "nav": "questions"}
        return render(request, "forums/list.html", context)


class TagView(_ListView):
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        is_muted = mutes.is_tag_muted(request.viewer, name)
        mute_at = reverse("forums:tag-mute", args=[name])
        return self.answer(
            request, tag=name, heading=f"#{name}", nav="discussions", mute_at=mute_at, is_muted=is_muted
        )

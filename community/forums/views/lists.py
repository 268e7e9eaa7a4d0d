"""Lists of topics: all, of a space, of a tag."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.kept_pages import KeptForNobody
from community.forums import selectors
from community.spaces import policies as spaces
from community.spaces.models import Space


def tabs(request: HttpRequest, current: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The tabs of a topic list as {key, label, url, is_current, count}; those about oneself only when signed in."""
    labels = {
        "latest": _("Latest"),
        "unanswered": _("Unanswered"),
        "unsolved": _("Unsolved"),
        "solved": _("Solved"),
        "top": _("Top"),
    }
    if request.viewer.is_signed_in:
        labels |= {"mine": _("Mine"), "following": _("Following")}
    return [
        {
            "key": key,
            "label": label,
            "is_current": key == current,
            "count": counts.get(key),
            "url": request.path if key == "latest" else f"?tab={key}",
        }
        for key, label in labels.items()
    ]


class _ListView(KeptForNobody, View):
    """A page of topics; htmx asking for older ones gets just the rows."""

    def answer(self, request: HttpRequest, **context: Any) -> HttpResponse:
        space, tag = context.get("space"), context.get("tag", "")
        page = selectors.topic_page(
            request.viewer,
            tab=request.GET.get("tab", "latest"),
            space=space,
            tag=tag,
            cursor=request.GET.get("older", ""),
        )
        if request.htmx and request.GET.get("older"):
            return render(request, "forums/_rows.html", {"page": page})
        tags, counts = selectors.beside_list(request.viewer, space=space)
        context |= {
            "page": page,
            "tabs": tabs(request, page.tab, counts),
            "popular_tags": tags,
        }
        return render(request, "forums/list.html", context)


class IndexView(_ListView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request, heading=_("Discussions"), nav="discussions")


class SpaceView(_ListView):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        space = get_object_or_404(Space.objects.visible_to(request.viewer), slug=slug)
        kinds = selectors.kinds_for(request.viewer, space)
        return self.answer(
            request,
            space=space,
            heading=space.name,
            nav=f"space-{space.pk}",
            kinds=kinds,
            can_post=spaces.can_post(request.viewer, space),
        )


class TagView(_ListView):
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        page = selectors.topic_page(request.viewer, tag=name)
        if not page.topics:
            raise Http404
        return self.answer(request, tag=name, heading=f"#{name}", nav="discussions")

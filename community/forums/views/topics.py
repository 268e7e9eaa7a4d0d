"""Asking and reading: the ask form and the topic's page."""

from __future__ import annotations

import secrets

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from accounts.drafts.views import draft_sent
from accounts.kept_pages import KeptForNobody
from accounts.uploads.forms import bound_with_files
from community.forums import panels, policies, selectors
from community.forums.forms import PostForm, TopicForm, add_errors
from community.forums.models import Post, Topic
from community.forums.services import topic_create, topic_mark_read
from community.forums.services.topics import topic_count_view
from community.notifications.services import thread_seen
from community.spaces.models import Space
from community.spaces.selectors import spaces_for_menu
from search.suggest import related


class AskView(LoginRequiredMixin, View):
    """Where does it belong? One space with room for it goes straight to the form."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = [space for space in spaces_for_menu(request.viewer) if selectors.kinds_for(request.viewer, space)]
        if len(found) == 1:
            return redirect("forums:topic-create", slug=found[0].slug)
        return render(request, "forums/ask.html", {"spaces": found, "title": request.GET.get("title", "")[:200]})


class TopicCreateView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        space = self._space(request, slug)
        kinds = selectors.kinds_for(request.viewer, space)
        initial = {
            "kind": request.GET.get("kind") or (kinds[0][0] if kinds else ""),
            "title": request.GET.get("title", "")[:200],
            "key": secrets.token_urlsafe(16),
        }
        return self._page(request, space, TopicForm(kinds=kinds, initial=initial))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        space = self._space(request, slug)
        kinds = selectors.kinds_for(request.viewer, space)
        form = bound_with_files(lambda data: TopicForm(data, kinds=kinds), request)
        if form.is_valid():
            data = form.cleaned_data
            try:
                topic = topic_create(
                    viewer=request.viewer,
                    space=space,
                    kind=data["kind"] or "question",
                    title=data["title"],
                    body=data["body"],
                    tags=data["tags"].split(","),
                    idempotency_key=data["key"],
                )
                draft_sent(request)
                return redirect(topic)
            except ValidationError as error:
                add_errors(form, error)
        return self._page(request, space, form, status=400)

    def _space(self, request: HttpRequest, slug: str) -> Space:
        return get_object_or_404(Space.objects.visible_to(request.viewer).open(), slug=slug)

    def _page(self, request: HttpRequest, space: Space, form: TopicForm, status: int = 200) -> HttpResponse:
        context = {"space": space, "form": form, "nav": f"space-{space.pk}"}
        return render(request, "forums/topic_form.html", context, status=status)


class TopicView(KeptForNobody, View):
    """The topic's page; its address is its id, and an old or wrong slug is sent to the right one."""

    def get(self, request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
        topic = topic_or_404(request, pk)
        if slug != topic.slug:
            query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
            return HttpResponsePermanentRedirect(topic.get_absolute_url() + query)
        page = selectors.post_page(request.viewer, topic, self._page_number(request))
        context = topic_context(request, topic) | {"page": page, "form": reply_form(request, topic)}
        if page.posts:
            topic_mark_read(viewer=request.viewer, topic=topic, number=page.posts[-1].number)
        thread_seen(viewer=request.viewer, thread=f"topic:{topic.pk}")
        self.page_seen(request, topic.pk)
        return render(request, "forums/topic.html", context)

    def page_seen(self, request: HttpRequest, pk: int, slug: str = "") -> None:
        """Somebody read the topic: half an hour of the same reader counts once."""
        who = request.viewer.user_id or request.META.get("REMOTE_ADDR", "")
        if cache.add(f"viewed:{pk}:{who}", 1, 1800):
            topic_count_view(pk)

    def _page_number(self, request: HttpRequest) -> int:
        post, page = request.GET.get("post", ""), request.GET.get("page", "1")
        if post.isascii() and post.isdigit():
            return selectors.page_of_post(int(post[:9]))
        return int(page[:9]) if page.isascii() and page.isdigit() else 1


class PostsAfterView(View):
    """What was written since a post number, as HTML: how an open page catches up."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic = topic_or_404(request, pk, tags=False)
        after = request.GET.get("after", "")
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            raise ValidationError({"after": "Must be the number of a post."})
        posts = selectors.pieces_after(request.viewer, topic, int(after))
        if posts:
            topic_mark_read(viewer=request.viewer, topic=topic, number=posts[-1].number)
            thread_seen(viewer=request.viewer, thread=f"topic:{topic.pk}")
        return render(
            request, "forums/_posts.html", topic_context(request, topic, with_panels=False) | {"posts": posts}
        )


class RelatedView(View):
    """What else is about the same, for the right rail; fetched after the page, so that reading never waits for it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic = topic_or_404(request, pk)
        kind = "idea" if topic.kind == "idea" else "topic"
        cards = related(request.viewer, kind=kind, id=topic.pk, limit=5)
        return render(request, "forums/_related.html", {"related": cards, "topic": topic})


class SimilarView(View):
    """“Has this been asked?” while a title is typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        title = request.GET.get("title", "").replace("\0", " ").strip()[:200]
        cards = related(request.viewer, text=title, limit=5) if len(title) >= 10 else []
        return render(request, "forums/_similar.html", {"cards": cards})


class PostView(View):
    """A post's lasting address."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = get_object_or_404(Post.objects.visible_to(request.viewer).select_related("topic"), pk=pk)
        return redirect(post)


def topic_or_404(request: HttpRequest, pk: int, *, tags: bool = True) -> Topic:
    """The topic as this viewer may see it; what they may not see does not exist."""
    topic = selectors.topic_for_page(request.viewer, pk, tags=tags)
    if topic is None:
        raise Http404
    return topic


def reply_form(request: HttpRequest, topic: Topic) -> PostForm | None:
    if not policies.can_reply(request.viewer, topic):
        return None
    return PostForm(initial={"key": secrets.token_urlsafe(16)})


def topic_context(request: HttpRequest, topic: Topic, *, with_panels: bool = True) -> dict:
    """What the topic's templates ask about this viewer."""
    viewer = request.viewer
    context = {
        "topic": topic,
        "space": topic.space,
        "nav": f"space-{topic.space_id}",
        "can_accept": policies.can_accept(viewer, topic),
        "can_moderate": policies.can_moderate(viewer, topic),
        "can_whisper": policies.can_whisper(viewer, topic),
    }
    if with_panels:
        context |= {"panels": panels.panels_for(viewer, topic), "is_following": topic.is_followed}
    return context

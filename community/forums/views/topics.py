"""Asking and reading: the ask form and the topic's page."""

from __future__ import annotations

import secrets
from datetime import date
from typing import NoReturn

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views import View

from accounts.drafts.views import draft_sent
from accounts.forms import add_errors
from accounts.kept_pages import KeptForNobody
from accounts.text import whole_number
from accounts.uploads.forms import bound_with_files
from accounts.viewer import Viewer
from community.forums import jsonld, panels, policies, read_first, reading, selectors
from community.forums.forms import PollForm, PostForm, TopicForm
from community.forums.kinds import source_kind
from community.forums.models import Post, Topic
from community.forums.services import poll_create, topic_create, topic_mark_read
from community.forums.services.topics import topic_count_view
from community.notifications.services import thread_seen
from community.spaces.models import Space
from community.spaces.selectors import spaces_for_menu
from community.spaces.tagging import tags_in
from search.suggest import related


class AskView(LoginRequiredMixin, View):
    """Where does it belong? One space with room for it goes straight to the form."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = [space for space in spaces_for_menu(request.viewer) if policies.kinds_for(request.viewer, space)]
        if len(found) == 1:
            return redirect("forums:topic-create", slug=found[0].slug)
        return render(request, "forums/ask.html", {"spaces": found, "title": request.GET.get("title", "")[:200]})


class TopicCreateView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        space = self._space(request, slug)
        kinds = policies.kinds_for(request.viewer, space)
        kind = request.GET.get("kind") or (kinds[0][0] if kinds else "")
        initial = {
            "kind": kind,
            "body": space.template_for(kind),
            "title": request.GET.get("title", "")[:200],
            "key": secrets.token_urlsafe(16),
        }
        return self._page(request, space, TopicForm(kinds=kinds, initial=initial, tags=tags_in(request.viewer, space)))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        space = self._space(request, slug)
        kinds = policies.kinds_for(request.viewer, space)
        form = bound_with_files(lambda data: TopicForm(data, kinds=kinds, tags=tags_in(request.viewer, space)), request)
        poll_form = PollForm(request.POST if request.POST.get("question", "").strip() else None)
        if form.is_valid() and (not poll_form.is_bound or poll_form.is_valid()):
            data = form.cleaned_data
            try:
                topic = _topic_with_poll(
                    poll_form,
                    viewer=request.viewer,
                    space=space,
                    kind=data["kind"] or "question",
                    title=data["title"],
                    body=data["body"],
                    tags=data.get("tags", "").split(","),
                    idempotency_key=data["key"],
                    read_before=read_first.read_by(request.session),
                )
                draft_sent(request)
                read_first.forget(request.session)
                return redirect(topic)
            except ValidationError as error:
                is_of_poll = set(getattr(error, "error_dict", {"": ""})) <= set(poll_form.fields)
                add_errors(poll_form if is_of_poll else form, error)
        return self._page(request, space, form, poll_form, status=400)

    def _space(self, request: HttpRequest, slug: str) -> Space:
        return get_object_or_404(Space.objects.visible_to(request.viewer).open().select_related("parent"), slug=slug)

    def _page(
        self, request: HttpRequest, space: Space, form: TopicForm, poll_form: PollForm | None = None, status: int = 200
    ) -> HttpResponse:
        context = {
            "space": space, "form": form, "nav": f"space-{space.pk}", "poll_form": poll_form or PollForm(),
            "templates": _templates(space, form) if space.templates else {},
        }  # fmt: skip
        return render(request, "forums/topic_form.html", context, status=status)


def _templates(space: Space, form: TopicForm) -> dict[str, str]:
    """The texts that a choice of kind brings, for the page's script."""
    return {kind: space.template_for(kind) for kind, _label in form.fields["kind"].choices}  # type: ignore[attr-defined]


@transaction.atomic
def _topic_with_poll(poll_form: PollForm, **fields) -> Topic:
    """Both or neither; what is sent twice finds the poll there already."""
    topic = topic_create(**fields)
    first = Post.objects.select_related("topic").get(topic=topic, number=1) if poll_form.is_bound else None
    if first is not None and not first.has_poll:
        poll_create(viewer=fields["viewer"], post=first, asked=poll_form.asked())
    return topic


class TopicView(KeptForNobody, View):
    """The topic's page; its address is its id, and an old or wrong slug is sent to the right one."""

    def get(self, request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
        topic = selectors.topic_for_page(request.viewer, pk)
        if topic is None or topic.merged_into_id is not None:
            return redirect(_moved_to(request, pk) or _missing(), permanent=True)
        if slug != topic.slug:
            query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
            return HttpResponsePermanentRedirect(topic.get_absolute_url() + query)
        if (day := _day(request)) is not None:
            number = reading.number_at(request.viewer, topic, day)
            return HttpResponseRedirect(f"{topic.get_absolute_url()}?post={number}#post-{number}")
        page = selectors.post_page(request.viewer, topic, self._page_number(request))
        if "post" in request.GET and (moved := _moved_post(request, topic.pk, page)):
            return redirect(moved, permanent=True)
        context = topic_context(request, topic) | {"page": page, "form": reply_form(request, topic)}
        context |= {"first_unread": _first_unread(topic, page), "structured": _structured(request, topic, page)}
        if page.posts:
            is_last = page.number == page.pages  # what was moved away from the end is not unread for ever
            last = topic.last_post_number if is_last else page.posts[-1].number
            topic_mark_read(viewer=request.viewer, topic=topic, number=last)
        thread_seen(viewer=request.viewer, thread=f"topic:{topic.pk}")
        self.page_seen(request, topic.pk)
        return render(request, "forums/topic.html", context)

    def page_seen(self, request: HttpRequest, pk: int, slug: str = "") -> None:
        """Somebody read the topic: half an hour of the same reader counts once."""
        who = request.viewer.user_id or request.META.get("REMOTE_ADDR", "")
        if cache.add(f"viewed:{pk}:{who}", 1, 1800):
            topic_count_view(pk)

    def _page_number(self, request: HttpRequest) -> int:
        if _number(request):
            return selectors.page_of_post(_number(request))
        page = whole_number(request.GET.get("page", "1"), most=999_999_999)
        return 1 if page is None else page


class PostsAfterView(View):
    """What was written since a post number, as HTML: how an open page catches up."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic = topic_or_404(request, pk, tags=False)
        after = whole_number(request.GET.get("after", ""), most=999_999_999)
        if after is None:
            raise ValidationError({"after": _("Must be the number of a post.")})
        posts = selectors.pieces_after(request.viewer, topic, after)
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
        cards = related(request.viewer, kind=source_kind(topic.kind), id=topic.pk, limit=5)
        return render(request, "forums/_related.html", {"related": cards, "topic": topic})


class SimilarView(View):
    """“Has this been asked?” while a title is typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        title = request.GET.get("title", "").replace("\0", " ").strip()[:200]
        cards = related(request.viewer, text=title, limit=5) if len(title) >= 10 else []
        return render(request, "forums/_similar.html", {"cards": cards})


class AskReadView(LoginRequiredMixin, View):
    """Open what the ask form offered: it is remembered, and kept with the question if it did not help."""

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        card = read_first.card_for(request.viewer, kind, pk) if pk < 2**63 else None
        if card is None:
            raise Http404
        read_first.remember(request.session, kind, pk)
        return redirect(card.url)


class SummaryView(View):
    """What matters most of a long topic."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic = topic_or_404(request, pk)
        context = topic_context(request, topic) | {"posts": reading.summary_of(request.viewer, topic)}
        return render(request, "forums/summary.html", context)


class QuoteView(View):
    """The beginning of a post, to be read in place where another one answers it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = get_object_or_404(Post.objects.visible_to(request.viewer).select_related("topic", "author"), pk=pk)
        return render(request, "forums/_quote.html", {"post": post})


class PostView(View):
    """A post's lasting address."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = get_object_or_404(Post.objects.visible_to(request.viewer).select_related("topic"), pk=pk)
        return redirect(post)


def _day(request: HttpRequest) -> date | None:
    """The day that was asked for; what is no day is as if nothing was asked."""
    try:
        day = parse_date(request.GET.get("date", "")[:10])
    except ValueError:
        return None
    return day if day is not None and 1900 < day.year < 3000 else None


def _first_unread(topic: Topic, page: selectors.PostPage) -> int:
    """The number of the first post on this page that is new to who read the topic before; 0 where none is."""
    read = topic.read_to or 0
    return next((post.number for post in page.posts if post.number > read), 0) if read else 0


def _structured(request: HttpRequest, topic: Topic, page: selectors.PostPage) -> dict:
    """What search engines read, which come as nobody."""
    return {} if request.viewer.is_signed_in else jsonld.data_of(topic, page.posts)


def _moved_to(request: HttpRequest, pk: int) -> Post | Topic | None:
    """Where a topic that was merged went: the post that was asked for, or the topic it is part of now."""
    return reading.moved_post(request.viewer, pk, _number(request)) or reading.merged_topic(request.viewer, pk)


def _moved_post(request: HttpRequest, pk: int, page: selectors.PostPage) -> Post | None:
    """Where a post went that was asked for by its old number and is not here any more."""
    number = _number(request)
    if any(post.number == number for post in page.posts):
        return None
    return reading.moved_post(request.viewer, pk, number)


def _number(request: HttpRequest) -> int:
    return whole_number(request.GET.get("post", ""), most=999_999_999) or 0


def _missing() -> NoReturn:
    raise Http404


def topic_or_404(request: HttpRequest, pk: int, *, tags: bool = True) -> Topic:
    """The topic as this viewer may see it; what they may not see does not exist."""
    topic = selectors.topic_for_page(request.viewer, pk, tags=tags)
    if topic is None:
        raise Http404
    return topic


def _original(viewer: Viewer, topic: Topic) -> Topic | None:
    """The topic that this one repeats, where the viewer may see it."""
    original = topic.duplicate_of
    return original if original is not None and policies.can_see_topic(viewer, original) else None


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
        "can_help": policies.can_help(viewer, topic),
        "can_ask_for_info": policies.can_ask_for_info(viewer, topic),
        "original": _original(viewer, topic),
        "is_nudged": policies.is_nudged(viewer, topic),
    }
    if with_panels:
        context |= {"panels": panels.panels_for(viewer, topic), "is_following": topic.is_followed}
    return context

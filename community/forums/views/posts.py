"""What is done from a topic's page: replying, editing, voting, accepting, following, moderating."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.addresses import way_back
from accounts.drafts.views import draft_sent
from accounts.errors import Conflict, NotAllowed
from accounts.forms import add_errors
from accounts.text import whole_number
from accounts.uploads.forms import bound_with_files
from community.forums import policies, selectors, services
from community.forums.earlier import changes_of, rules_of
from community.forums.forms import PostForm, TopicForm
from community.forums.models import Post
from community.forums.services.posts import why_no_edit
from community.forums.views.topics import topic_context, topic_or_404
from knowledge.selectors.diff import lines_changed


def post_or_404(request: HttpRequest, pk: int) -> Post:
    posts = Post.objects.visible_to(request.viewer).select_related("topic__space", "author")
    return get_object_or_404(posts, pk=pk)


class ReplyView(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic = topic_or_404(request, pk, tags=False)
        form = bound_with_files(PostForm, request)
        if form.is_valid():
            data = form.cleaned_data
            try:
                post = services.reply_create(
                    viewer=request.viewer,
                    topic=topic,
                    body=data["body"],
                    is_whisper=data["is_whisper"],
                    reply_to=self._answered(request, topic, data["reply_to"]),
                    idempotency_key=data["key"],
                )
                draft_sent(request)
                return redirect(post)
            except ValidationError as error:
                add_errors(form, error)
        page = selectors.post_page(request.viewer, topic, 10**6)
        context = topic_context(request, topic) | {"page": page, "form": form}
        return render(request, "forums/topic.html", context, status=400)

    def _answered(self, request: HttpRequest, topic, number: int | None) -> Post | None:
        if not number:
            return None
        return Post.objects.visible_to(request.viewer).filter(topic=topic, number=number).first()


class PostEditView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = self._post(request, pk)
        initial = {"body": post.body, "version": post.version}
        if post.is_first:
            tags = ", ".join(post.topic.tags.values_list("name", flat=True))
            form = TopicForm(initial=initial | {"title": post.topic.title, "tags": tags})
        else:
            form = PostForm(initial=initial)
        return self._page(request, post, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = self._post(request, pk)
        form = bound_with_files(TopicForm if post.is_first else PostForm, request)
        if form.is_valid():
            data = form.cleaned_data
            first = {"title": data["title"], "tags": data["tags"].split(",")} if post.is_first else {}
            try:
                services.post_edit(
                    viewer=request.viewer,
                    post=post,
                    body=data["body"],
                    version=whole_number(request.POST.get("version", "")),
                    **first,
                )
                draft_sent(request)
                return redirect(post)
            except ValidationError as error:
                add_errors(form, error)
            except Conflict as error:
                return self._conflict(request, post_or_404(request, pk), form.data.dict(), str(error))
        return self._page(request, post, form, status=400)

    def _post(self, request: HttpRequest, pk: int) -> Post:
        post = post_or_404(request, pk)
        if not policies.can_edit(request.viewer, post):
            raise NotAllowed(why_no_edit(request.viewer, post))
        return post

    def _conflict(self, request: HttpRequest, post: Post, sent: dict, message: str) -> HttpResponse:
        """The writer's text stays, beside what is there now; saving again answers to that version."""
        sent |= {"version": str(post.version)}
        form = TopicForm(sent) if post.is_first else PostForm(sent)
        form.add_error(None, message)
        return self._page(request, post, form, status=409, lines=lines_changed(post.body, sent.get("body", "")))

    def _page(self, request: HttpRequest, post: Post, form, *, status: int = 200, lines: Sequence = ()) -> HttpResponse:
        context = {"post": post, "topic": post.topic, "space": post.topic.space, "form": form, "lines": lines}
        context["may_ask_poll"] = not post.has_poll and policies.can_ask_poll(request.viewer, post)
        return render(
            request, "forums/post_form.html", context | {"nav": f"space-{post.topic.space_id}"}, status=status
        )


class PostHistoryView(View):
    """Earlier versions, for the author and whoever may edit the post; and who that is."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = post_or_404(request, pk)
        is_own = request.viewer.is_signed_in and post.author_id == request.viewer.user_id
        if not (is_own or policies.can_edit(request.viewer, post) or policies.can_moderate(request.viewer, post.topic)):
            raise NotAllowed(_("Only the author and moderators read earlier versions."))
        context = {"post": post, "topic": post.topic, "space": post.topic.space, "changes": changes_of(post)}
        context |= {"rules": rules_of(post), "may_edit": policies.can_edit(request.viewer, post)}
        context |= {
            "can_moderate": policies.can_moderate(request.viewer, post.topic),
            "can_set_wiki": policies.can_set_wiki(request.viewer, post),
        }
        return render(request, "forums/post_history.html", context)


class VoteView(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = post_or_404(request, pk)
        on = request.POST.get("on", "1") == "1"
        voted = services.post_vote(viewer=request.viewer, post=post, on=on)
        if request.htmx:
            return render(request, "forums/_vote.html", {"post": voted, "is_voted": on, "may_vote": True})
        return redirect(post)


class SolutionView(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = post_or_404(request, pk)
        if request.POST.get("on", "1") == "1":
            services.solution_accept(viewer=request.viewer, topic=post.topic, post=post)
            messages.success(request, _("Marked as the answer."))
        else:
            services.solution_clear(viewer=request.viewer, topic=post.topic)
            messages.success(request, _("The question is open again."))
        return redirect(post)


class FollowView(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic = topic_or_404(request, pk)
        on = request.POST.get("on", "1") == "1"
        services.topic_follow(viewer=request.viewer, topic=topic, on=on)
        if request.htmx:
            return render(request, "forums/_follow.html", {"topic": topic, "is_following": on})
        return redirect(way_back(request) or topic)


class TopicHelpView(LoginRequiredMixin, View):
    """Take a question, let it go, or say that information is missing or there: one button each."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic, viewer = topic_or_404(request, pk), request.viewer
        match request.POST.get("act"):
            case "take":
                services.topic_take(viewer=viewer, topic=topic)
            case "release":
                services.topic_release(viewer=viewer, topic=topic)
            case "needs-info" | "info-given" as act:
                services.topic_needs_info(viewer=viewer, topic=topic, on=act == "needs-info")
            case _:
                raise ValidationError({"act": _("Choose what to do: take, release, needs-info or info-given.")})
        return redirect(topic)

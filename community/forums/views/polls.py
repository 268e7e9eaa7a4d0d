"""A poll's own page: the form that makes one, else its results and, where it is public, who chose what."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.errors import NotAllowed
from accounts.forms import add_errors
from accounts.text import whole_number
from community.forums import policies, polls, reading, services
from community.forums.forms import PollForm
from community.forums.models import Post
from community.forums.views.posts import post_or_404


class PollView(View):
    """One address a post; a button there says what to do: create, vote or close."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = reading.post_for_viewer(request.viewer, post_or_404(request, pk))
        if post.poll_shown is None:
            return self._form(request, post, PollForm())
        if request.htmx:  # an open page, on which others vote
            return render(request, "forums/_poll.html", {"poll": post.poll_shown})
        return self._page(request, post, {"poll": post.poll_shown, "groups": polls.voters_of(post.poll_shown)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        post, viewer = post_or_404(request, pk), request.viewer
        if not viewer.is_signed_in:
            raise NotAllowed
        if request.POST.get("act") == "create":
            return self._create(request, post)
        if not post.has_poll:
            raise Http404
        match request.POST.get("act", "vote"):
            case "vote":
                services.poll_vote(viewer=viewer, poll=post.poll, options=_numbers(request.POST.getlist("option")))
            case "back":
                services.poll_vote(viewer=viewer, poll=post.poll, options=())
            case "close":
                services.poll_close(viewer=viewer, poll=post.poll)
            case _:
                raise ValidationError({"act": _("Choose what to do: create, vote, back or close.")})
        if request.htmx:
            found = reading.post_for_viewer(viewer, post)
            return render(request, "forums/_poll.html", {"poll": found.poll_shown})
        return redirect(post)

    def _create(self, request: HttpRequest, post: Post) -> HttpResponse:
        form = PollForm(request.POST)
        if form.is_valid():
            try:
                services.poll_create(viewer=request.viewer, post=post, asked=form.asked())
                return redirect(post)
            except ValidationError as error:
                add_errors(form, error)
        return self._form(request, post, form, status=400)

    def _form(self, request: HttpRequest, post: Post, form: PollForm, status: int = 200) -> HttpResponse:
        if not policies.can_ask_poll(request.viewer, post):
            raise Http404
        return self._page(request, post, {"form": form}, status)

    def _page(self, request: HttpRequest, post: Post, more: dict, status: int = 200) -> HttpResponse:
        context = {"post": post, "topic": post.topic, "space": post.topic.space} | more
        return render(request, "forums/poll.html", context, status=status)


def _numbers(values: list[str]) -> list[int]:
    """Ids as sent; what is no id is one that no option has."""
    return [whole_number(value) or 0 for value in values[:100]]

"""What moderators do to topics: one or many at a time, with a way back; splitting and moving posts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from accounts.addresses import way_back
from accounts.errors import NotAllowed
from accounts.forms import add_errors
from accounts.text import whole_number
from community.forums import policies, reading, services
from community.forums.forms import ActForm, topic_named
from community.forums.models import Topic, TopicAct
from community.forums.services.curation import moderated
from community.forums.views.topics import topic_or_404


def act_now(request: HttpRequest, topics: list[Topic]) -> TopicAct:
    """Read the form and do it. Raises ValidationError by field."""
    form = ActForm(request.POST)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    options = form.options(request.viewer)
    return services.topics_act(viewer=request.viewer, topics=topics, act=form.cleaned_data["act"], options=options)


def say_done(request: HttpRequest, act: TopicAct, text: str) -> None:
    address = reverse("forums:act-undo", args=[act.pk])
    messages.success(request, format_html('{} <a class="link" href="{}">{}</a>', text, address, _("Undo")))


class TopicActView(LoginRequiredMixin, View):
    """One button for one topic."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic = topic_or_404(request, pk)
        try:
            act = act_now(request, [topic])
        except ValidationError as error:
            moderated(request.viewer, topic)
            return manage_page(request, topic, error)
        say_done(request, act, _("Done."))
        topic.refresh_from_db()
        return redirect(topic.merged_into or topic)


class ManageView(LoginRequiredMixin, View):
    """Everything that its moderators can do with a topic, each with a button, without JavaScript."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic = topic_or_404(request, pk)
        moderated(request.viewer, topic)
        return manage_page(request, topic)


def manage_page(request: HttpRequest, topic: Topic, error: ValidationError | None = None) -> HttpResponse:
    form = ActForm(request.POST or None)
    if error is not None and form.is_valid():
        add_errors(form, error)
    context = {
        "topic": topic, "space": topic.space, "nav": f"space-{topic.space_id}", "form": form,
        "timers": reading.timers_of(topic),
    }  # fmt: skip
    return render(request, "forums/manage.html", context, status=400 if error else 200)


class BulkActView(LoginRequiredMixin, View):
    """One button for the topics that are ticked in a list."""

    def post(self, request: HttpRequest) -> HttpResponse:
        ids = [pk for pk in map(whole_number, request.POST.getlist("topic")) if pk is not None]
        topics = list(Topic.objects.visible_to(request.viewer).filter(pk__in=ids[:101]))
        if len(topics) != len(set(ids)):
            raise ValidationError({"topics": _("One of these topics is not there any more. Reload the list.")})
        act = act_now(request, topics)
        done = ngettext("%s topic changed.", "%s topics changed.", len(topics)) % len(topics)
        say_done(request, act, done)
        return redirect(way_back(request) or "forums:index")


class ActUndoView(LoginRequiredMixin, View):
    """What an act did, and the button that sets it back."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        act, topics = self._act(request, pk)
        return render(request, "forums/act_undo.html", {"act": act, "topics": topics, "nav": "discussions"})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        act, topics = self._act(request, pk)
        undone = services.act_undo(viewer=request.viewer, act=act)
        if undone:
            messages.success(request, ngettext("%s topic set back.", "%s topics set back.", undone) % undone)
        else:
            messages.warning(request, _("Somebody changed this since. It was left as it is now."))
        return redirect(topics[0] if len(topics) == 1 and not topics[0].merged_into_id else "forums:index")

    def _act(self, request: HttpRequest, pk: int) -> tuple[TopicAct, list[Topic]]:
        """An act is there for whoever moderates all that it changed; for others it does not exist."""
        act = get_object_or_404(TopicAct.objects.select_related("by"), pk=pk)
        topics = [row.topic for row in act.rows.select_related("topic__space")]
        if not topics or not all(policies.can_moderate(request.viewer, topic) for topic in topics):
            raise Http404
        return act, topics


class RegroupView(LoginRequiredMixin, View):
    """Tick replies, and say where they go: a new topic, or one that is there."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic = topic_or_404(request, pk)
        moderated(request.viewer, topic)
        return self._page(request, topic)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic, viewer = topic_or_404(request, pk), request.viewer
        numbers = [number for number in map(whole_number, request.POST.getlist("post")) if number is not None]
        title, other = request.POST.get("title", ""), request.POST.get("other", "")
        try:
            moderated(viewer, topic)
            into = topic_named(viewer, other, field="into") if other else None
            act = services.split_act(viewer=viewer, topic=topic, numbers=numbers, title=title, into=into)
        except NotAllowed as error:
            if not policies.can_moderate(viewer, topic):
                raise
            return self._page(request, topic, ValidationError({"into": str(error)}))
        except ValidationError as error:
            return self._page(request, topic, error)
        say_done(request, act, _("The replies were moved."))
        moved = act.moves.select_related("post__topic").first()
        return redirect(moved.post if moved else topic)

    def _page(self, request: HttpRequest, topic: Topic, error: ValidationError | None = None) -> HttpResponse:
        after_number = whole_number(request.GET.get("after", ""), most=999_999_999) or 0
        context = {
            "topic": topic, "space": topic.space, "nav": f"space-{topic.space_id}",
            "posts": reading.posts_to_choose(request.viewer, topic, after_number),
            "problems": error.message_dict if error else {}, "sent": request.POST,
            "chosen": request.POST.getlist("post"),
        }  # fmt: skip
        return render(request, "forums/regroup.html", context, status=400 if error else 200)

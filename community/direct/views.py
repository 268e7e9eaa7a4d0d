"""Boxes, a conversation, and what one does with it."""

from __future__ import annotations

import re
import secrets

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.drafts.views import draft_sent
from accounts.errors import NotAllowed
from accounts.forms import add_errors
from accounts.uploads.forms import bound_with_files
from community.direct import policies, selectors, services
from community.direct.finding import messages_found
from community.direct.forms import ConversationForm, MessageForm
from community.direct.models import Conversation
from community.notifications.services import thread_seen


class BoxView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        name = request.GET.get("box", "inbox")
        name = name if name in selectors.BOXES else "inbox"
        context = {"box": name, "nav": "messages", "can_start": policies.can_start(request.viewer)}
        if text := request.GET.get("q", "").replace("\0", " ").strip()[:200]:
            found = messages_found(request.viewer, text)
            return render(request, "direct/found.html", context | {"text": text, "found": found})
        return render(request, "direct/box.html", context | {"conversations": selectors.box(request.viewer, name)})


class UnreadView(LoginRequiredMixin, View):
    """The number in the person menu, fetched when that is opened."""

    def get(self, request: HttpRequest) -> HttpResponse:
        count = selectors.unread_count(request.viewer)
        return render(request, "direct/_unread.html", {"count": count})


class StartView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        if not policies.can_start(request.viewer):
            raise NotAllowed(_("You can write to people once you have been here a little longer."))
        initial = {"to": request.GET.get("to", "")[:200], "key": secrets.token_urlsafe(16)}
        return self._page(request, ConversationForm(initial=initial, viewer=request.viewer))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = bound_with_files(lambda data: ConversationForm(data, viewer=request.viewer), request)
        if form.is_valid():
            data = form.cleaned_data
            try:
                return redirect(
                    services.conversation_start(
                        viewer=request.viewer, subject=data["subject"], body=data["body"], to=_names(data["to"]),
                        groups=data.get("groups", ()), idempotency_key=data["key"],
                    )
                )  # fmt: skip
            except ValidationError as error:
                add_errors(form, error)
        return self._page(request, form, status=400)

    def _page(self, request: HttpRequest, form: ConversationForm, status: int = 200) -> HttpResponse:
        return render(request, "direct/start.html", {"form": form, "nav": "messages"}, status=status)


class ConversationView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        conversation = conversation_or_404(request, pk)
        form = MessageForm(initial={"key": secrets.token_urlsafe(16)})
        answer = self._page(request, conversation, form)
        services.conversation_read(viewer=request.viewer, conversation=conversation, number=conversation.last_number)
        thread_seen(viewer=request.viewer, thread=f"conversation:{pk}")
        return answer

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        conversation, form = conversation_or_404(request, pk), bound_with_files(MessageForm, request)
        if form.is_valid():
            data = form.cleaned_data
            try:
                message = services.message_send(
                    viewer=request.viewer, conversation=conversation, body=data["body"], idempotency_key=data["key"]
                )
                draft_sent(request)
                return redirect(message)
            except ValidationError as error:
                add_errors(form, error)
        return self._page(request, conversation, form, status=400)

    def _page(
        self, request: HttpRequest, conversation: Conversation, form: MessageForm, status: int = 200
    ) -> HttpResponse:
        upto = _upto(request, conversation)
        members = list(conversation.members.filter(is_invited=True).select_related("user").order_by("pk"))
        mine = conversation.members.filter(user=request.viewer.user_id).first()
        context = {
            "conversation": conversation, "form": form, "members": members, "groups": conversation.groups.all(),
            "said": selectors.messages_of(request.viewer, conversation, upto=upto), "nav": "messages",
            "is_earlier": upto is not None,
            "is_archived": mine is not None and mine.is_archived, "can_add": policies.can_start(request.viewer),
        }  # fmt: skip
        return render(request, "direct/conversation.html", context, status=status)


class MessagesAfterView(LoginRequiredMixin, View):
    """What was said since a number, as HTML: how an open page goes on."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        conversation, after = conversation_or_404(request, pk), request.GET.get("after", "")
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            raise ValidationError({"after": _("Must be the number of a message.")})
        said = selectors.messages_of(request.viewer, conversation, after=int(after))
        if said:
            services.conversation_read(viewer=request.viewer, conversation=conversation, number=said[-1].number)
            thread_seen(viewer=request.viewer, thread=f"conversation:{pk}")
        return render(request, "direct/_messages.html", {"said": said, "conversation": conversation})


class ConversationActView(LoginRequiredMixin, View):
    """Put it away, take it back, leave it, or let others in: one button each."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        conversation, viewer = conversation_or_404(request, pk), request.viewer
        match request.POST.get("act"):
            case "archive" | "inbox" as act:
                services.conversation_archive(viewer=viewer, conversation=conversation, on=act == "archive")
            case "leave":
                services.conversation_leave(viewer=viewer, conversation=conversation)
                messages.success(request, _("You left the conversation."))
            case "add":
                services.people_add(viewer=viewer, conversation=conversation, to=_names(request.POST.get("to", "")))
                return redirect(conversation)
            case _:
                raise ValidationError({"act": _("Choose what to do: archive, inbox, leave or add.")})
        return redirect("direct:box")


def conversation_or_404(request: HttpRequest, pk: int) -> Conversation:
    return get_object_or_404(Conversation.objects.visible_to(request.viewer), pk=pk)


def _upto(request: HttpRequest, conversation: Conversation) -> int | None:
    """The last message to show where an early one is asked for, which would else be above the page's beginning."""
    wanted = request.GET.get("message", "")
    number = int(wanted[:9]) if wanted.isascii() and wanted.isdigit() else 0
    is_early = 0 < number <= conversation.last_number - selectors.MOST_MESSAGES
    return number + selectors.MOST_MESSAGES // 2 if is_early else None


def _names(text: str) -> list[str]:
    return [name for name in re.split(r"[,;\s]+", text.strip()) if name][:100]

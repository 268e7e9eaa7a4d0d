"""The queue's pages and the form for flags. Who has no queue gets 404: its very address says nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from accounts.errors import Conflict, NotAllowed
from accounts.text import whole_number
from community.moderation import policies, selectors, services
from community.moderation.forms import DecideForm, FlagForm
from community.moderation.handlers import handler_for
from community.moderation.models import ReviewDecision, ReviewItem

MOST_WATCHED = 20
DONE = {
    "keep": gettext_lazy("Kept. Those who flagged it are told."),
    "remove": gettext_lazy("Removed. Its author and those who flagged it are told."),
}


class ReviewerView(LoginRequiredMixin, View):
    """The base of the queue's pages."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not policies.can_review(request.viewer):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def item(self, pk: int) -> ReviewItem:
        return get_object_or_404(ReviewItem.objects.visible_to(self.request.viewer), pk=pk)

    def panes(self, item: ReviewItem | None, *, status: int = 200, **more: Any) -> HttpResponse:
        """List, item, and why it is here; without an item, the first of the list where there is room for it."""
        viewer = self.request.viewer
        decided = self.request.GET.get("state") == "decided" if item is None else not item.is_open
        wanted = whole_number(self.request.GET.get("page", "1"), most=9_999)
        rows, page = selectors.queue(viewer, decided=decided, page=wanted or 1)
        shown = item or (rows[0].item if rows else None)
        context = {
            "rows": rows, "page_obj": page, "is_decided": decided, "chosen": item,
            "case": selectors.case_of(viewer, shown) if shown else None,
            "open_count": selectors.open_count(viewer), "last": selectors.last_undoable(viewer), "nav": "moderation",
            "watched": " ".join(f"review.{pk}" for pk in sorted(viewer.ids("review"))[:MOST_WATCHED]),
        }
        return render(self.request, "moderation/queue.html", context | more, status=status)


class QueueView(ReviewerView):
    """`?state=decided` shows what was decided."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.panes(None)


class ItemView(ReviewerView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.panes(self.item(pk))


class DecideView(ReviewerView):
    """Decide, then on to the next open item."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        item, form = self.item(pk), DecideForm(request.POST)
        if not form.is_valid():
            return self.panes(item, status=400, problem=_("Choose keep or remove."))
        try:
            services.review_decide(viewer=request.viewer, item=item, **form.cleaned_data)
        except (Conflict, ValidationError) as error:
            words = str(error) if isinstance(error, Conflict) else " ".join(error.messages)
            return self.panes(self.item(pk), status=409, problem=words)
        messages.success(request, DONE[form.cleaned_data["action"]])
        following = selectors.next_open(request.viewer, after=item)
        return redirect(following or "moderation:queue")


class UndoView(ReviewerView):
    """Take a decision back and look at the item again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        decision = get_object_or_404(ReviewDecision.objects.select_related("item"), pk=pk)
        item = self.item(decision.item_id)
        try:
            services.review_undo(viewer=request.viewer, decision=decision)
        except Conflict as error:
            return self.panes(self.item(item.pk), status=409, problem=str(error))
        messages.success(request, _("Undone. It is as it was before."))
        return redirect(item)


class FlagView(LoginRequiredMixin, View):
    """A page of its own; the topic's page opens its form in a dialog."""

    def get(self, request: HttpRequest, target_type: str, pk: int) -> HttpResponse:
        return self._form(request, target_type, pk, FlagForm())

    def post(self, request: HttpRequest, target_type: str, pk: int) -> HttpResponse:
        form = FlagForm(request.POST)
        if not form.is_valid():
            return self._form(request, target_type, pk, form, status=400)
        try:
            services.flag_create(viewer=request.viewer, target=(target_type, pk), **form.cleaned_data)
        except ValidationError as error:
            for field, found in error.message_dict.items():
                form.add_error(field if field in form.fields else None, found)
            return self._form(request, target_type, pk, form, status=400)
        except NotAllowed as error:
            form.add_error(None, str(error))
            return self._form(request, target_type, pk, form, status=403)
        return self._done(request, target_type, pk)

    def _card(self, request: HttpRequest, target_type: str, pk: int) -> Any:
        card = handler_for(target_type).load([pk], request.viewer).get(pk)
        if card is None:
            raise Http404
        return card

    def _form(
        self, request: HttpRequest, target_type: str, pk: int, form: FlagForm, *, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "card": self._card(request, target_type, pk), "target_type": target_type, "pk": pk}
        return render(request, "moderation/flag.html", context, status=status)

    def _done(self, request: HttpRequest, target_type: str, pk: int) -> HttpResponse:
        messages.success(request, _("Thank you. A moderator will look at it, and you will hear what came of it."))
        return redirect(self._card(request, target_type, pk).url)

"""One case: its page, its messages, and what the desk changes about it."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.drafts.views import draft_sent
from accounts.forms import add_errors
from accounts.models import User
from accounts.uploads.forms import bound_with_files
from community.cases import policies, selectors, services
from community.cases.forms import ChangeForm, CustomerMessageForm, MessageForm
from community.cases.models import Case
from community.cases.querysets import sees_desk
from community.notifications.services import thread_seen


def case_or_404(request: HttpRequest, number: str) -> Case:
    """The case as this viewer may see it; what they may not see does not exist."""
    return get_object_or_404(Case.objects.visible_to(request.viewer).numbered(number).for_list())


class CaseView(LoginRequiredMixin, View):
    """The whole case for the desk; for its customer what is said to them."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        case = case_or_404(request, number)
        thread_seen(viewer=request.viewer, thread=f"case:{case.pk}")
        return self.page(request, case)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        case = case_or_404(request, number)
        form = bound_with_files(lambda data: _message_form(request, data), request)
        if form.is_valid():
            data = form.cleaned_data
            try:
                message = services.message_add(
                    viewer=request.viewer, case=case, body=data["body"], is_internal=data.get("is_internal", False),
                    status=data.get("status", ""), idempotency_key=data["key"],
                )
                draft_sent(request)
                return redirect(f"{case.get_absolute_url()}#message-{message.pk}")
            except ValidationError as error:
                add_errors(form, error)
        return self.page(request, case, form, status=400)

    def page(self, request: HttpRequest, case: Case, form=None, status: int = 200) -> HttpResponse:
        viewer = request.viewer
        context = {"nav": "support", "case": case, "page": selectors.case_page(viewer, case)}
        if policies.can_answer(viewer, case) or policies.can_note(viewer, case):
            context["form"] = form or _message_form(request)
        if policies.can_work(viewer):
            now = {"status": case.status, "priority": case.priority, "owner": case.owner_id or ""}
            context |= {"change_form": ChangeForm(initial=now), "may_work": True}
        template = "cases/detail.html" if sees_desk(viewer) else "cases/detail_customer.html"
        return render(request, template, context, status=status)


def _message_form(request: HttpRequest, data=None):
    """Agents choose whose turn it is and may whisper; managers write notes only; customers just write."""
    form_class = MessageForm if sees_desk(request.viewer) else CustomerMessageForm
    if data is not None:
        return form_class(data)
    is_note = request.GET.get("note") == "1" or not policies.can_work(request.viewer)
    initial = {"key": secrets.token_urlsafe(16), "is_internal": is_note}
    return form_class(initial=initial)


class ChangeView(LoginRequiredMixin, View):
    """Status, priority and owner in one form."""

    @transaction.atomic
    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        case, form = case_or_404(request, number), ChangeForm(request.POST)
        if not form.is_valid():
            raise ValidationError({name: list(errors) for name, errors in form.errors.items()})
        data = form.cleaned_data
        services.case_assign(viewer=request.viewer, case=case, owner=data["owner"])
        services.case_set_priority(viewer=request.viewer, case=case, priority=data["priority"])
        services.case_set_status(viewer=request.viewer, case=case, status=data["status"])
        messages.success(request, _("Saved."))
        return redirect(case)


class TakeView(LoginRequiredMixin, View):
    """“I take this”: one click from the desk."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        case = case_or_404(request, number)
        services.case_assign(viewer=request.viewer, case=case, owner=User.objects.get(pk=request.viewer.user_id))
        messages.success(request, _("%(number)s is yours.") % {"number": case.number})
        return redirect(case)

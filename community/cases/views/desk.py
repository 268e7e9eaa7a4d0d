"""`/support/`: the desk for agents and managers, “My cases” for everyone else; and opening a case."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views import View

from accounts.drafts.views import draft_sent
from accounts.forms import add_errors
from accounts.models import User
from accounts.text import LIMITS, whole_number
from accounts.uploads.forms import bound_with_files
from community.cases import policies, selectors, services
from community.cases.forms import CaseForm
from community.cases.models import Case
from community.cases.querysets import sees_desk
from community.forums.models import Topic

PAGE_SIZE = 20
TAB_LABELS = {
    "us": _lazy("Waiting on us"), "mine": _lazy("Mine"), "unassigned": _lazy("Unassigned"),
    "customer": _lazy("Waiting on customer"), "done": _lazy("Done"), "all": _lazy("All"),
}


class DeskView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        if not sees_desk(request.viewer):
            return self._my_cases(request)
        tab, text, organisation = self._chosen(request)
        cases = selectors.desk(request.viewer, tab=tab, text=text, organisation=organisation)
        found = selectors.narrowed(request.viewer, text=text, organisation=organisation)
        counts = selectors.desk_counts(request.viewer, found)
        context = {
            "nav": "support", "tab": tab, "text": text, "organisation": organisation,
            "page_obj": Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page")),
            "tabs": self._tabs(tab, counts, {"q": text, "organisation": organisation}),
            "organisations": selectors.organisations_with_cases(), "may_work": policies.can_work(request.viewer),
        }
        return render(request, "cases/desk.html", context)

    def _tabs(self, current: str, counts: dict[str, int], kept: dict[str, str]) -> list[dict]:
        kept = {name: value for name, value in kept.items() if value}
        return [
            {
                "key": key, "label": label, "count": counts[key], "is_current": key == current,
                "url": "?" + urlencode({"tab": key, **kept}),
            }
            for key, label in TAB_LABELS.items()
        ]

    def _chosen(self, request: HttpRequest) -> tuple[str, str, str]:
        text = request.GET.get("q", "").replace("\0", "").strip()[: LIMITS["search"]]
        tab = request.GET.get("tab", "")
        tab = tab if tab in TAB_LABELS else ("all" if text else "us")
        return tab, text, request.GET.get("organisation", "").replace("\0", "")[:60]

    def _my_cases(self, request: HttpRequest) -> HttpResponse:
        cases = Case.objects.visible_to(request.viewer).latest_first()
        page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
        return render(request, "cases/my_cases.html", {"nav": "support", "page_obj": page})


class CaseCreateView(LoginRequiredMixin, View):
    """`/support/new/?topic=12`: the thread's title and author come along."""

    def get(self, request: HttpRequest) -> HttpResponse:
        topic = self._topic(request)
        initial = {}
        if topic is not None:
            initial = {"subject": topic.title, "customer": topic.author.username if topic.author else ""}
        return self._page(request, CaseForm(initial=initial), topic)

    def post(self, request: HttpRequest) -> HttpResponse:
        topic = self._topic(request)
        form = bound_with_files(CaseForm, request)
        if form.is_valid():
            data = form.cleaned_data
            owner = User.objects.get(pk=request.viewer.user_id) if data["is_mine"] else None
            try:
                case = services.case_create(
                    viewer=request.viewer, subject=data["subject"], body=data["body"], customer=data["customer"],
                    topic=topic, priority=data["priority"], owner=owner,
                )
            except ValidationError as error:
                add_errors(form, error)
            else:
                draft_sent(request)
                messages.success(request, _("%(number)s is open.") % {"number": case.number})
                return redirect(case)
        return self._page(request, form, topic, status=400)

    def _topic(self, request: HttpRequest) -> Topic | None:
        if not sees_desk(request.viewer):
            raise Http404
        if not policies.can_work(request.viewer):
            raise PermissionDenied(_("Only support agents open cases."))
        wanted = request.GET.get("topic", "") or request.POST.get("topic", "")
        if not wanted:
            return None
        return get_object_or_404(
            Topic.objects.visible_to(request.viewer).select_related("author"), pk=whole_number(wanted)
        )

    def _page(self, request: HttpRequest, form: CaseForm, topic: Topic | None, status: int = 200) -> HttpResponse:
        known = selectors.cases_of_topic(request.viewer, topic) if topic else []
        context = {"nav": "support", "form": form, "topic": topic, "known_cases": known}
        return render(request, "cases/create.html", context, status=status)

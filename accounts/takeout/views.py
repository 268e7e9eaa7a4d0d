"""The page on which one has a copy of one's data made and fetches it, and the page of those who do it for others."""

from __future__ import annotations

from email.utils import parseaddr

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from accounts.forms import add_errors
from accounts.models import User
from accounts.takeout import policies, selectors, sending, services
from accounts.takeout.forms import PersonForm


class CopyPage(View):
    """What both ways to a copy share: how it stands, asking for one, and the link of this session."""

    template = file = ""
    extra: dict[str, str] = {}

    def person(self) -> User:
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            services.takeout_ask(viewer=request.viewer, user=self.person(), is_proven=True)
        except ValidationError as error:
            return self.page(request, refused=error.messages[0], status=400)
        return redirect(request.path)

    def page(self, request: HttpRequest, refused: str = "", status: int = 200) -> HttpResponse:
        person = self.person()
        takeout, again = selectors.latest_of(person), selectors.next_for(person)
        token = selectors.link_for(takeout, request.session.session_key) if selectors.fetchable(takeout) else ""
        context = {
            "takeout": takeout, "again": again if again and again > timezone.now() else None, "refused": refused,
            "link": reverse(self.file, args=[token]) if token else "",
            "contact": parseaddr(settings.DEFAULT_FROM_EMAIL)[1], **self.extra,
        }  # fmt: skip
        answer = render(request, self.template, context, status=status)
        answer["Cache-Control"] = "no-store"
        return answer


class CopyFile(View):
    """The file, by a link that serves for an hour, in the session for which the password was typed."""

    back = ""

    def person(self) -> User:
        raise NotImplementedError

    def get(self, request: HttpRequest, link: str) -> HttpResponse:
        person = self.person()
        takeout = selectors.by_link(link, request.session.session_key, person.pk)
        if takeout is None:
            messages.error(request, _("That link is over, or the copy is gone. Here is where it stands."))
            return redirect(self.back)
        try:
            path = services.takeout_fetched(viewer=request.viewer, takeout=takeout, is_proven=True)
            return sending.answer(path, person.username)
        except (ValidationError, OSError):
            return redirect(self.back)


@method_decorator([login_required, reauthentication_required], name="dispatch")
class OwnView(CopyPage):
    """One's own data. The password is typed once more first: a borrowed device is not enough."""

    template, file, extra = "takeout/own.html", "takeout:file", {"tab": "data"}

    def person(self) -> User:
        return self.request.user


@method_decorator(login_required, name="dispatch")
class FileView(CopyFile):
    back = "takeout:own"

    def person(self) -> User:
        return self.request.user


class Closed:
    """For who is shut out and has just typed the right password at the sign-in; for anybody else there is no page."""

    def person(self) -> User:
        person = selectors.proven_in(self.request.session)
        if person is None:
            raise Http404
        return person


class ClosedView(Closed, CopyPage):
    template, file = "takeout/closed.html", "takeout:closed-file"


class ClosedFileView(Closed, CopyFile):
    back = "takeout:closed"


class CopiesView(View):
    """For managers and admins: copies for those who ask by mail, which they never get to see themselves."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not policies.can_list(request.viewer):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, PersonForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PersonForm(request.POST)
        if form.is_valid():
            try:
                user = selectors.person_for(request.viewer, form.cleaned_data["username"])
                services.takeout_ask(viewer=request.viewer, user=user)
                messages.success(request, _("A copy for %s is being made. They get a mail that leads to it.") % user)
                return redirect("takeout:list")
            except ValidationError as error:
                add_errors(form, error)
        return self.page(request, form, status=400)

    def page(self, request: HttpRequest, form: PersonForm, status: int = 200) -> HttpResponse:
        context = {"copies": selectors.recent_for(request.viewer), "form": form, "nav": "people"}
        return render(request, "takeout/list.html", context, status=status)

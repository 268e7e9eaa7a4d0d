"""Having one's account erased, having it back, and the page of those who do it for others."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from accounts.erasing import policies, selectors, services
from accounts.erasing.forms import EraseForm, HoldForm, PersonForm
from accounts.erasing.models import Erasure
from accounts.forms import add_errors
from accounts.models import User


@method_decorator([login_required, reauthentication_required], name="dispatch")
class EraseView(View):
    """One's own account. The password is typed once more first: a borrowed device is not enough."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, EraseForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EraseForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, status=400)
        try:
            erasure = services.erasure_ask(
                viewer=request.viewer, user=request.user, deletes_posts=form.deletes_posts
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.page(request, form, status=400)
        logout(request)
        return redirect("erasing:take-back", token=selectors.token_for(erasure))

    def page(self, request: HttpRequest, form: EraseForm, status: int = 200) -> HttpResponse:
        due = timezone.now() + timedelta(days=settings.ERASE_AFTER_DAYS)
        context = {
            "form": form, "due": due, "days": settings.ERASE_AFTER_DAYS, "is_held": selectors.is_held(request.user),
            "contact": settings.DEFAULT_FROM_EMAIL, "tab": "profile",
        }  # fmt: skip
        return render(request, "erasing/ask.html", context, status=status)


class TakeBackView(View):
    """Behind the mailed link, and where who signs in during these days is led. Anybody with the link may."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        erasure = self.erasure(token)
        person = User.objects.filter(pk=erasure.person_id, date_joined=erasure.joined_at).first()
        context = {
            "erasure": erasure, "is_held": person is not None and selectors.is_held(person),
            "contact": settings.DEFAULT_FROM_EMAIL,
        }  # fmt: skip
        answer = render(request, "erasing/take_back.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        erasure = self.erasure(token)
        try:
            services.erasure_take_back(viewer=request.viewer, erasure=erasure, proven=True)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("erasing:take-back", token=token)
        messages.success(request, _("Your account is open again. Sign in; API tokens have to be made anew."))
        return redirect("account_login")

    def erasure(self, token: str) -> Erasure:
        found = selectors.by_token(token)
        if found is None:
            raise Http404
        return found


class ErasuresView(View):
    """For managers and admins: who is being erased, for whom it was asked by mail, and what holds it up."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not policies.can_list(request.viewer):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, PersonForm(prefix="erase"), HoldForm(prefix="hold"))

    def post(self, request: HttpRequest) -> HttpResponse:
        act = request.POST.get("act", "")
        erase = PersonForm(request.POST if act == "erase" else None, prefix="erase")
        hold = HoldForm(request.POST if act == "hold" else None, prefix="hold")
        form: Form | None = {"erase": erase, "hold": hold}.get(act)
        if form is None:
            return self.by_id(request, act)
        if form.is_valid():
            try:
                self.do(request, form)
                return redirect("erasing:list")
            except ValidationError as error:
                add_errors(form, error)
        return self.page(request, erase, hold, status=400)

    def do(self, request: HttpRequest, form: Form) -> None:
        """Raises ValidationError by field."""
        user = selectors.person_for(request.viewer, form.cleaned_data["username"])
        if isinstance(form, PersonForm):
            services.erasure_ask(viewer=request.viewer, user=user, deletes_posts=form.deletes_posts)
            messages.success(request, _("The account of %s is closed. They have a mail with the way back.") % user)
        else:
            services.hold_set(viewer=request.viewer, user=user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Nothing of %s will be erased while the hold stands.") % user)

    def by_id(self, request: HttpRequest, act: str) -> HttpResponse:
        """Take back, or let go on."""
        user = selectors.person_by_id(request.viewer, request.POST.get("person", ""))
        erasure = selectors.open_of(user) if user else None
        if user is not None and act == "release":
            services.hold_remove(viewer=request.viewer, user=user)
            messages.success(request, _("The hold is gone."))
        elif erasure is not None and act == "take_back":
            try:
                services.erasure_take_back(viewer=request.viewer, erasure=erasure)
                messages.success(request, _("The account of %s is open again.") % user)
            except ValidationError as error:
                messages.error(request, error.messages[0])
        return redirect("erasing:list")

    def page(self, request: HttpRequest, erase: PersonForm, hold: HoldForm, status: int = 200) -> HttpResponse:
        holds = selectors.holds_for(request.viewer)
        context = {
            "open": selectors.open_for(request.viewer), "holds": holds, "held": {hold.person_id for hold in holds},
            "erase_form": erase, "hold_form": hold, "nav": "people",
        }  # fmt: skip
        return render(request, "erasing/list.html", context, status=status)

"""Where allauth's own pages do not do."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.views import PasswordChangeView
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.factors import policies, services
from accounts.factors.forms import AuthenticateForm
from accounts.factors.selectors import has_factor
from accounts.takeout import selectors as takeout


@method_decorator(never_cache, name="dispatch")
class FactorsView(IndexView):
    """Which second factors somebody has, and when each was last used."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        mine = context["authenticators"]
        codes = mine.get("recovery_codes")
        return context | {
            "has_factor": bool(mine.keys() - {"recovery_codes"}),
            "codes_left": len(codes.get_unused_codes()) if codes else 0,
            "is_asked": policies.must_set_up(self.request.user),
        }


class Changing(View):
    """A factor comes or goes in one transaction with what tells of it and what ends other sign-ins: allauth does the
    first and says the rest after its commit, which a kill between the two would swallow."""

    event = kind = letter = ""

    def form_valid(self, form: Form) -> HttpResponse:
        user = self.request.user
        with transaction.atomic():
            answer = super().form_valid(form)  # type: ignore[misc]
            self.spend(form)
            services.factor_changed(user=user, event=self.event, kind=self.kind, letter=self.letter)
            if getattr(self, "did_generate_recovery_codes", False):
                services.codes_made(user=user)
        update_session_auth_hash(self.request, user)
        return answer

    def spend(self, form: Form) -> None:
        """What proved the factor opens nothing more."""


class AppView(Changing, ActivateTOTPView):
    event, kind, letter = "user.factor_added", Authenticator.Type.TOTP, "totp_activated"

    def spend(self, form: Form) -> None:
        row = Authenticator.objects.get(user_id=self.request.user.pk, type=self.kind)
        services.code_spend(row=row, code=form.cleaned_data["code"])


class AppOffView(Changing, DeactivateTOTPView):
    event, kind, letter = "user.factor_removed", Authenticator.Type.TOTP, "totp_deactivated"


class KeyAddView(Changing, AddWebAuthnView):
    event, kind, letter = "user.factor_added", Authenticator.Type.WEBAUTHN, "webauthn_added"


class KeyRemoveView(Changing, RemoveWebAuthnView):
    event, kind, letter = "user.factor_removed", Authenticator.Type.WEBAUTHN, "webauthn_removed"


class CodesView(GenerateRecoveryCodesView):
    """New recovery codes, and what tells of them: one transaction too. No sign-in ends by them."""

    @transaction.atomic
    def form_valid(self, form: Form) -> HttpResponse:
        answer = super().form_valid(form)
        services.codes_made(user=self.request.user, letter="recovery_codes_generated")
        return answer


class KeyView(ReauthenticateWebAuthnView):
    """Asks again who it is, for a key: what went wrong is told here, where it can be tried again."""

    def form_invalid(self, form: Form) -> HttpResponse:
        for told in form.errors.get("credential", []):
            messages.error(self.request, told)
        return HttpResponseRedirect(self.request.get_full_path())


class ClosedStepView(View):
    """The second step of who is shut out: then they may have a copy of their data (accounts.takeout)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.person = policies.half_proven_in(request.session)
        if self.person is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, AuthenticateForm(user=self.person))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AuthenticateForm(user=self.person, data=request.POST)
        if not form.is_valid():
            return self.page(request, form, status=400)
        request.session.pop(policies.STEP)
        takeout.remember_proof(request.session, self.person)
        return redirect("takeout:closed")

    def page(self, request: HttpRequest, form: AuthenticateForm, status: int = 200) -> HttpResponse:
        answer = render(request, "mfa/closed_step.html", {"form": form}, status=status)
        answer["Cache-Control"] = "no-store"
        return answer


class GuardedPasswordChangeView(PasswordChangeView):
    """Who has a second factor is asked for it before the form, whose passwords are never put aside meanwhile."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and has_factor(request.user):
            if request.method == "POST" and policies.is_stale(request):
                return HttpResponseRedirect(request.path)
            raise_if_reauthentication_required(request, app="")
        return super().dispatch(request, *args, **kwargs)

"""Where allauth's own pages do not do."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.views import PasswordChangeView
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.factors import policies
from accounts.factors.selectors import has_factor


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


class KeyView(ReauthenticateWebAuthnView):
    """Asks again who it is, for a key: what went wrong is told here, where it can be tried again."""

    def form_invalid(self, form: Form) -> HttpResponse:
        for told in form.errors.get("credential", []):
            messages.error(self.request, told)
        return HttpResponseRedirect(self.request.get_full_path())


class GuardedPasswordChangeView(PasswordChangeView):
    """Who has a second factor is asked for it before the form, whose passwords are never put aside meanwhile."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and has_factor(request.user):
            if request.method == "POST" and policies.is_stale(request):
                return HttpResponseRedirect(request.path)
            raise_if_reauthentication_required(request, app="")
        return super().dispatch(request, *args, **kwargs)

"""What a person sets for themselves: profile, look, API tokens."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from accounts import selectors, services
from accounts.addresses import way_back
from accounts.forms import ProfileForm, TokenForm, add_errors
from accounts.models import ApiToken

YEAR = 60 * 60 * 24 * 365


class ProfileSettingsView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        form = ProfileForm(initial={"display_name": user.display_name, "headline": user.headline, "about": user.about})
        return self.page(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(request.POST)
        if form.is_valid():
            try:
                services.profile_update(viewer=request.viewer, user=request.user, **form.cleaned_data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, _("Your profile is saved."))
                return redirect("accounts:settings")
        return self.page(request, form, status=400)

    def page(self, request: HttpRequest, form: ProfileForm, status: int = 200) -> HttpResponse:
        return render(request, "accounts/settings.html", {"form": form, "tab": "profile"}, status=status)


class TokensView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, TokenForm())

    @method_decorator(reauthentication_required)
    def post(self, request: HttpRequest) -> HttpResponse:
        """The new token is in this answer only; it is shown once and never again."""
        form = TokenForm(request.POST)
        if form.is_valid():
            try:
                row, token = services.token_create(viewer=request.viewer, user=request.user, **form.cleaned_data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                return self.page(request, TokenForm(), token=token, row=row)
        return self.page(request, form, status=400)

    def page(self, request: HttpRequest, form: TokenForm, status: int = 200, **context) -> HttpResponse:
        context |= {"form": form, "tokens": selectors.living_tokens(request.viewer), "tab": "tokens"}
        answer = render(request, "accounts/tokens.html", context, status=status)
        answer["Cache-Control"] = "no-store"
        return answer


class TokenRevokeView(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        token = get_object_or_404(ApiToken.objects.select_related("user"), pk=pk, user=request.user)
        services.token_revoke(viewer=request.viewer, token=token)
        messages.success(request, _("The token is revoked. What used it gets 401 from now on."))
        return redirect("accounts:tokens")


# A token here would set a cookie for every reader of every page; a look is all that a forged form could change.
@method_decorator(csrf_exempt, name="dispatch")
class ThemeView(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        """Light, dark or as the system says: a cookie of this browser, no setting of the account."""
        answer = HttpResponseRedirect(way_back(request) or "/")
        theme = request.POST.get("theme", "")
        if theme in {"light", "dark"}:
            answer.set_cookie("theme", theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
        else:
            answer.delete_cookie("theme")
        return answer

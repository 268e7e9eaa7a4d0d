"""The people of a space: who belongs, who asks, who is invited; and the page of an invitation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.forms import add_errors
from accounts.models import User
from accounts.text import whole_number
from accounts.viewer import Viewer, viewer_for
from community.spaces import policies, selectors, services
from community.spaces.forms import AskForm, InviteForm
from community.spaces.models import Space, SpaceInvitation, SpaceMembership, SpaceRequest


class PeopleView(LoginRequiredMixin, View):
    """Everyone who may read the space sees who belongs to it; who asks and who is invited is for its reviewers."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.page(request, _space(request, slug))

    def page(
        self, request: HttpRequest, space: Space, *, invite: InviteForm | None = None, ask: AskForm | None = None,
        status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        viewer = request.viewer  # type: ignore[attr-defined]
        mine = SpaceMembership.objects.filter(space=space, user_id=viewer.user_id).first()
        can_manage = policies.can_manage_people(viewer, space)
        context = {
            "space": space, "nav": f"space-{space.pk}", "mine": mine, "can_manage": can_manage,
            "page_obj": selectors.members_page(space, request.GET.get("page")), "invite": invite or InviteForm(),
            "ask": ask or AskForm(), "can_join": policies.can_join(viewer, space) and not mine,
            "can_ask": policies.can_ask(viewer, space) and not mine and not can_manage,
            "asked": SpaceRequest.objects.filter(space=space, user_id=viewer.user_id).first() if not mine else None,
        }
        if can_manage:
            context |= {"requests": selectors.open_requests(space), "invitations": selectors.open_invitations(space)}
        return render(request, "spaces/people.html", context, status=status)


class PeopleActView(LoginRequiredMixin, View):
    """One act on the people of a space, named by the button that was pressed."""

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        space = _space(request, slug)
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        refused = act(request, space)
        if refused is not None:
            return refused
        if not policies.can_see(_fresh(request), space):
            return redirect("spaces:index")  # who left it may not read it any more
        return redirect("spaces:people", space.slug)


class InvitationView(LoginRequiredMixin, View):
    """An invitation by name: its person says yes or no. To everybody else it is not there."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render(request, "spaces/invitation.html", {"invitation": self._mine(request, pk), "nav": "spaces"})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return answered(request, self._mine(request, pk))

    def _mine(self, request: HttpRequest, pk: int) -> SpaceInvitation:
        mine = SpaceInvitation.objects.visible_to(request.viewer).open()  # type: ignore[attr-defined]
        return get_object_or_404(mine.select_related("space", "invited_by"), pk=pk)


class InvitedView(View):
    """The link of a mail. Nobody needs an account to see it; to come in one signs in, or up."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return render(request, "spaces/invitation.html", {"invitation": self._of(request, key), "nav": "spaces"})

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        invitation = self._of(request, key)
        if not request.viewer.is_signed_in:  # type: ignore[attr-defined]
            return redirect(request.path)
        return answered(request, invitation)

    def _of(self, request: HttpRequest, key: str) -> SpaceInvitation:
        rows = SpaceInvitation.objects.open().select_related("space", "invited_by")
        invitation = get_object_or_404(rows, digest=services.digest_of(key))
        viewer = request.viewer  # type: ignore[attr-defined]
        if viewer.is_signed_in and invitation.user_id not in (None, viewer.user_id):
            raise Http404
        return invitation


def answered(request: HttpRequest, invitation: SpaceInvitation) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.POST.get("answer") == "no":
        services.invitation_decline(viewer=viewer, invitation=invitation)
        messages.success(request, _("You said no. Nobody is told."))
        return redirect("/")
    space = services.invitation_accept(viewer=viewer, invitation=invitation)
    messages.success(request, _("Welcome to “%s”.") % space.name)
    return redirect(space)


def _space(request: HttpRequest, slug: str) -> Space:
    return get_object_or_404(Space.objects.visible_to(request.viewer).select_related("parent"), slug=slug)  # type: ignore[attr-defined]


def _fresh(request: HttpRequest) -> Viewer:
    """The viewer as they are after the act, which may have taken the space from them."""
    return viewer_for(request.user)  # type: ignore[arg-type]


def _join(request: HttpRequest, space: Space) -> None:
    services.space_join(viewer=request.viewer, space=space)  # type: ignore[attr-defined]
    messages.success(request, _("Welcome to “%s”.") % space.name)


def _ask(request: HttpRequest, space: Space) -> HttpResponse | None:
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            services.space_ask(viewer=request.viewer, space=space, note=form.cleaned_data["note"])  # type: ignore[attr-defined]
            messages.success(request, _("You asked. You will hear when somebody lets you in."))
            return None
        except ValidationError as error:
            add_errors(form, error)
    return PeopleView().page(request, space, ask=form, status=400)


def _leave(request: HttpRequest, space: Space) -> None:
    user = User.objects.get(pk=request.viewer.user_id)  # type: ignore[attr-defined]
    services.member_remove(viewer=request.viewer, space=space, user=user)  # type: ignore[attr-defined]
    messages.success(request, _("You left “%s”.") % space.name)


def _invite(request: HttpRequest, space: Space) -> HttpResponse | None:
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            form.invite(request.viewer, space)  # type: ignore[attr-defined]
            messages.success(request, _("Invited."))
            return None
        except ValidationError as error:
            add_errors(form, error)
    return PeopleView().page(request, space, invite=form, status=400)


def _decide(is_let_in: bool) -> Callable[[HttpRequest, Space], None]:
    def act(request: HttpRequest, space: Space) -> None:
        asked = get_object_or_404(_asked(request, space), pk=_number(request, "request"))
        services.request_decide(viewer=request.viewer, request=asked, is_let_in=is_let_in)  # type: ignore[attr-defined]

    return act


def _asked(request: HttpRequest, space: Space) -> Any:
    rows = SpaceRequest.objects.select_related("space", "user").filter(space=space)
    return rows if policies.can_manage_people(request.viewer, space) else rows.none()  # type: ignore[attr-defined]


def _withdraw(request: HttpRequest, space: Space) -> None:
    rows = SpaceInvitation.objects.filter(space=space).select_related("space")
    invitation = get_object_or_404(rows, pk=_number(request, "invitation"))
    services.invitation_withdraw(viewer=request.viewer, invitation=invitation)  # type: ignore[attr-defined]


def _role(request: HttpRequest, space: Space) -> None:
    services.member_add(
        viewer=request.viewer, space=space, user=_member(request, space).user, role=request.POST.get("role", "")  # type: ignore[attr-defined]
    )


def _remove(request: HttpRequest, space: Space) -> None:
    services.member_remove(viewer=request.viewer, space=space, user=_member(request, space).user)  # type: ignore[attr-defined]


def _member(request: HttpRequest, space: Space) -> SpaceMembership:
    rows = SpaceMembership.objects.filter(space=space).select_related("user")
    return get_object_or_404(rows, user_id=_number(request, "user"))


def _number(request: HttpRequest, name: str) -> int:
    return whole_number(request.POST.get(name, "")) or 0


_ACTS: Final[dict[str, Callable[[HttpRequest, Space], HttpResponse | None]]] = {
    "join": _join, "ask": _ask, "leave": _leave, "invite": _invite, "let-in": _decide(True), "decline": _decide(False),
    "withdraw": _withdraw, "role": _role, "remove": _remove,
}  # fmt: skip

"""The people of spaces under /api/v1/: who belongs, asking, inviting."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, page_of
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.selectors import person
from community.spaces import policies, selectors, services
from community.spaces.models import Space, SpaceInvitation, SpaceMembership, SpaceRequest


class AskInput(serializers.Serializer):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2_000)


class JoinDecisionInput(serializers.Serializer):
    is_let_in = serializers.BooleanField()


class InviteInput(serializers.Serializer):
    """One of the two."""

    username = serializers.CharField(required=False, max_length=150)
    email = serializers.CharField(required=False, max_length=300)


class RoleInput(serializers.Serializer):
    role = serializers.ChoiceField(choices=SpaceMembership.Role.choices)


def show_member(row: SpaceMembership) -> dict[str, Any]:
    return {"username": row.user.username, "name": str(row.user), "role": row.role, "joined_at": row.joined_at}


def show_request(row: SpaceRequest) -> dict[str, Any]:
    return {"id": row.pk, "username": row.user.username, "note": row.note, "created_at": row.created_at}


def show_invitation(row: SpaceInvitation) -> dict[str, Any]:
    """For those who look after the people of the space, and for who is invited."""
    return {
        "id": row.pk, "space": row.space.slug, "username": row.user.username if row.user else None,
        "email": row.email or None, "expires_at": row.expires_at,
    }  # fmt: skip


class _PeopleApi(ApiView):
    def space(self, slug: str) -> Space:
        self.require_sign_in()
        return get_object_or_404(Space.objects.visible_to(self.viewer).at(slug))

    def managed(self, slug: str) -> Space:
        """Raises NotAllowed for those who read the space and do not look after its people."""
        space = self.space(slug)
        if not policies.can_manage_people(self.viewer, space):
            raise NotAllowed(_("Only admins and the space's reviewers may do this."))
        return space


class MembersApi(_PeopleApi):
    @extend_schema(operation_id="space_members_list", responses={200: dict})
    def get(self, request: Request, slug: str) -> Response:
        """Who belongs to a space by name."""
        return page_of(request, selectors.members(self.space(slug)), show_member, size=40)

    @extend_schema(operation_id="space_join", request=None, responses={201: dict})
    def post(self, request: Request, slug: str) -> Response:
        """Join a space that is open."""
        row = services.space_join(viewer=self.viewer, space=self.space(slug))
        return Response({"role": row.role, "joined_at": row.joined_at}, status=201)


class MemberApi(_PeopleApi):
    @extend_schema(operation_id="space_member_role", request=RoleInput, responses={200: dict})
    def patch(self, request: Request, slug: str, username: str) -> Response:
        """Make somebody a reviewer of the space, or a member again."""
        space = self.managed(slug)
        form = RoleInput(data=request.data)
        form.is_valid(raise_exception=True)
        user = get_object_or_404(User, space_memberships__space=space, username=username)
        row = services.member_add(viewer=self.viewer, space=space, user=user, role=form.validated_data["role"])
        return Response(show_member(row))

    @extend_schema(operation_id="space_member_remove", responses={204: None})
    def delete(self, request: Request, slug: str, username: str) -> Response:
        """Take somebody out; oneself: leave."""
        space = self.space(slug)
        user = get_object_or_404(User, space_memberships__space=space, username=username)
        services.member_remove(viewer=self.viewer, space=space, user=user)
        return Response(status=204)


class RequestsApi(_PeopleApi):
    @extend_schema(operation_id="space_requests_list", responses={200: dict})
    def get(self, request: Request, slug: str) -> Response:
        """Who asks to be let in. For reviewers."""
        return page_of(request, selectors.open_requests(self.managed(slug)), show_request)

    @extend_schema(operation_id="space_ask", request=AskInput, responses={201: dict})
    def post(self, request: Request, slug: str) -> Response:
        """Ask to be let in."""
        space = self.space(slug)
        form = AskInput(data=request.data)
        form.is_valid(raise_exception=True)
        asked = services.space_ask(viewer=self.viewer, space=space, note=form.validated_data["note"])
        return Response({"id": asked.pk, "created_at": asked.created_at}, status=201)


class RequestApi(_PeopleApi):
    @extend_schema(operation_id="space_request_decide", request=JoinDecisionInput, responses={204: None})
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Let somebody in, or not."""
        space = self.managed(slug)
        form = JoinDecisionInput(data=request.data)
        form.is_valid(raise_exception=True)
        asked = get_object_or_404(SpaceRequest.objects.select_related("space", "user"), space=space, pk=pk)
        services.request_decide(viewer=self.viewer, request=asked, is_let_in=form.validated_data["is_let_in"])
        return Response(status=204)


class SpaceInvitationsApi(_PeopleApi):
    @extend_schema(operation_id="space_invitations_list", responses={200: dict})
    def get(self, request: Request, slug: str) -> Response:
        """The open invitations. For reviewers."""
        return page_of(request, selectors.open_invitations(self.managed(slug)), show_invitation)

    @extend_schema(operation_id="space_invite", request=InviteInput, responses={201: dict})
    def post(self, request: Request, slug: str) -> Response:
        """Invite a person by name, or an e-mail address."""
        space = self.managed(slug)
        form = InviteInput(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        if "email" in data:
            made = services.address_invite(viewer=self.viewer, space=space, email=data["email"])
            return Response(show_invitation(made), status=201)
        user = person(self.viewer, data.get("username", ""))
        if user is None or not user.is_active:
            raise ValidationError({"username": _("There is nobody of this name.")})
        return Response(show_invitation(services.person_invite(viewer=self.viewer, space=space, user=user)), status=201)


class InvitationsApi(ApiView):
    @extend_schema(operation_id="invitations_list", responses={200: dict})
    def get(self, request: Request) -> Response:
        """The caller's own open invitations."""
        self.require_sign_in()
        rows = SpaceInvitation.objects.visible_to(self.viewer).open().select_related("space", "user").order_by("-pk")
        return page_of(request, rows, show_invitation)


class InvitationApi(ApiView):
    @extend_schema(operation_id="invitations_accept", request=None, responses={200: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Come in."""
        space = services.invitation_accept(viewer=self.viewer, invitation=self._mine(pk))
        return Response({"space": space.slug})

    @extend_schema(operation_id="invitations_decline", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Say no; who looks after the people of the space takes it back."""
        self.require_sign_in()
        mine = SpaceInvitation.objects.visible_to(self.viewer).filter(pk=pk).first()
        if mine is not None:
            services.invitation_decline(viewer=self.viewer, invitation=mine)
            return Response(status=204)
        spaces = Space.objects.filter(pk__in=self.viewer.ids("review")).visible_to(self.viewer)
        made = get_object_or_404(SpaceInvitation.objects.select_related("space"), space__in=spaces, pk=pk)
        services.invitation_withdraw(viewer=self.viewer, invitation=made)
        return Response(status=204)

    def _mine(self, pk: int) -> SpaceInvitation:
        self.require_sign_in()
        return get_object_or_404(SpaceInvitation.objects.visible_to(self.viewer).open(), pk=pk)

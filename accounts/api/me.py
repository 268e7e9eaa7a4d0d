"""`/api/v1/me`: who the token belongs to and what it may do."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api.permissions import SCOPES
from accounts.api.views import ApiView
from accounts.models import ApiToken, User


class ProfileSerializer(serializers.Serializer):
    """What can be changed of a profile; what is left out stays. The service checks lengths and characters."""

    display_name = serializers.CharField(required=False, trim_whitespace=False, allow_blank=True)
    headline = serializers.CharField(required=False, allow_blank=True)
    about = serializers.CharField(required=False, trim_whitespace=False, allow_blank=True)


class MeApi(ApiView):
    @extend_schema(operation_id="me", responses={200: dict})
    def get(self, request: Request) -> Response:
        """The caller: name, roles, the scopes in force, and with the scope `private` address and company."""
        self.require_sign_in()
        return Response(self.show(request, request.user))

    @extend_schema(operation_id="me_update", request=ProfileSerializer, responses={200: dict})
    def patch(self, request: Request) -> Response:
        """Change one's own profile."""
        self.require_sign_in()
        wanted = ProfileSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        fields = {name: getattr(request.user, name) for name in ("display_name", "headline", "about")}
        user = services.profile_update(viewer=self.viewer, user=request.user, **fields | wanted.validated_data)
        return Response(self.show(request, user))

    def show(self, request: Request, user: User) -> dict:
        is_own, organisation = self.viewer.reads_own, user.organisation
        return {
            "id": user.pk,
            "username": user.username,
            "display_name": user.display_name,
            "headline": user.headline,
            "about": user.about,
            "avatar": settings.SITE_URL + reverse("accounts:avatar", args=[user.avatar]) if user.avatar else None,
            "email": user.email if is_own else None,
            "organisation": organisation.name if is_own and organisation else None,
            "roles": sorted(self.viewer.roles),
            "trust_level": user.trust_level,
            "scopes": request.auth.scopes if isinstance(request.auth, ApiToken) else list(SCOPES),
            "url": settings.SITE_URL + user.get_absolute_url(),
        }

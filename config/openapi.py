"""What the API description covers, and how it says that callers prove who they are."""

from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension


def only_our_api(endpoints: list[tuple], **kwargs) -> list[tuple]:
    """Leave out Wagtail's own admin API."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


class BearerScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer …`, with a token of /settings/tokens/ or `manage.py token_create`."""

    target_class = "accounts.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    """The browser's session, for the product's own pages."""

    target_class = "accounts.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}

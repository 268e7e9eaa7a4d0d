"""The way in, where allauth's own view does not do."""

from __future__ import annotations

from allauth.account.views import signup
from django.db import transaction
from django.http import HttpRequest, HttpResponse


def sign_up(request: HttpRequest) -> HttpResponse:
    """allauth's view. The account and the mail that confirms it are kept together or not at all: who was cut off
    between them would have an account that they can neither enter nor make again."""
    if request.method != "POST":
        return signup(request)
    with transaction.atomic():
        return signup(request)

"""The mails of an installation without a mail server. Only where DEBUG is on."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from accounts import selectors


class MailsView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return render(request, "accounts/mails.html", {"mails": selectors.kept_mails()})

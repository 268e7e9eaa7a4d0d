"""Profile pictures: choosing one, taking it away, and sending it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views import View

from accounts import selectors, services
from accounts.files.pictures import TYPES
from accounts.services.avatars import FOLDER

# A new picture has a new name, so a browser may keep this one for a year.
KEPT = "public, max-age=31536000, immutable"


class AvatarSettingsView(LoginRequiredMixin, View):
    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the chosen picture, or remove the one there is."""
        try:
            if "remove" in request.POST:
                services.avatar_remove(viewer=request.viewer, user=request.user)
                messages.success(request, _("Your picture is removed."))
            elif file := request.FILES.get("avatar"):
                services.avatar_set(viewer=request.viewer, user=request.user, file=file)
                messages.success(request, _("Your picture is saved."))
            else:
                messages.error(request, _("Choose a picture first."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("accounts:settings")


class AvatarView(View):
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """The picture of somebody who may be seen; what was replaced or removed is gone."""
        if not selectors.has_avatar(request.viewer, name):
            raise Http404
        try:
            file = default_storage.open(f"{FOLDER}/{name}")
        except FileNotFoundError as error:
            raise Http404 from error
        answer = FileResponse(file, content_type=TYPES[name.rpartition(".")[2]])
        answer["Cache-Control"] = KEPT
        return answer

"""Files under /api/v1/: the composer sends here, and so do programs."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, page_of
from accounts.uploads import services
from accounts.uploads.markup import markdown_for
from accounts.uploads.models import Upload
from accounts.uploads.views import answer

_FORM = {
    "multipart/form-data": {
        "type": "object", "properties": {"file": {"type": "string", "format": "binary"}, "alt": {"type": "string"}},
        "required": ["file"],
    }
}  # fmt: skip


def show_upload(upload: Upload, *, alt: str = "") -> dict:
    """A file as the API gives it; `markdown` is what to put into a text."""
    return {
        "key": upload.key, "name": upload.name, "kind": upload.kind, "size": upload.size, "width": upload.width,
        "height": upload.height, "url": settings.SITE_URL + upload.get_absolute_url(), "created_at": upload.created_at,
        "markdown": markdown_for(upload, alt=alt),
    }  # fmt: skip


class UploadListApi(ApiView):
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="files_list", responses={200: dict})
    def get(self, request: Request) -> Response:
        """The files that you sent, the latest first."""
        self.require_sign_in()
        rows = Upload.objects.of_owner(self.viewer.user_id if self.viewer.reads_own else None)
        return page_of(request, rows.for_page().order_by("-created_at", "-pk"), show_upload)

    @extend_schema(operation_id="files_create", request=_FORM, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Send a picture or an attachment as `file`; put the `markdown` of the answer into a text within a day."""
        self.require_sign_in()
        file = request.FILES.get("file")
        if file is None:
            raise ValidationError({"file": _("Choose a file.")})
        upload = services.upload_create(viewer=self.viewer, file=file)
        return Response(show_upload(upload, alt=str(request.data.get("alt", ""))), status=201)


class UploadApi(ApiView):
    @extend_schema(operation_id="files_read", responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, key: str) -> HttpResponse:
        """The file itself, for whoever may read a text that names it."""
        return answer(request._request, self.viewer, key)

    @extend_schema(operation_id="files_remove", responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Take back a file of yours that no text names."""
        self.require_sign_in()
        upload = Upload.objects.visible_to(self.viewer).for_page().filter(key=key).first()
        if upload is None:
            raise Http404
        services.upload_remove(viewer=self.viewer, upload=upload)
        return Response(status=204)

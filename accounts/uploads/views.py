"""Sending files. Each request asks anew whether the viewer may read a place that names the file."""

from __future__ import annotations

from typing import Final

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views import View

from accounts.files.pictures import TYPES
from accounts.uploads.models import Upload
from accounts.viewer import Viewer

# Kept by the reader's own browser only, and shown again only after asking here.
KEPT: Final = "private, no-cache"
DOWNLOAD: Final = "application/octet-stream"
PLAIN: Final = "text/plain; charset=utf-8"
DOCUMENTS: Final = {"pdf": "application/pdf", "zip": "application/zip", "txt": PLAIN, "log": PLAIN, "csv": PLAIN}


class FileView(View):
    smaller = False

    def get(self, request: HttpRequest, key: str, name: str) -> HttpResponse:
        """The file; its name in the address is for people and means nothing."""
        return answer(request, request.viewer, key, smaller=self.smaller)


class SmallerView(FileView):
    smaller = True


def answer(request: HttpRequest, viewer: Viewer, key: str, *, smaller: bool = False) -> HttpResponse:
    """The file's bytes for whoever may see it, else Http404; pictures may be shown, everything else is saved."""
    upload = Upload.objects.visible_to(viewer).for_page().filter(key=key).first()
    if upload is None:
        raise Http404
    tag = f'"{key}{"-m" if smaller else ""}"'  # what is behind a key never changes
    if request.headers.get("If-None-Match") == tag:
        return _marked(HttpResponseNotModified(), tag)
    try:
        file = default_storage.open(upload.path(smaller=smaller))
    except OSError as error:
        raise Http404 from error
    kind = TYPES[upload.extension] if upload.is_image else DOCUMENTS.get(upload.extension, DOWNLOAD)
    sent = FileResponse(file, as_attachment=not upload.is_image, filename=upload.name, content_type=kind)
    return _marked(sent, tag)


def _marked(sent: HttpResponse, tag: str) -> HttpResponse:
    sent["Cache-Control"], sent["ETag"], sent["X-Content-Type-Options"] = KEPT, tag, "nosniff"
    return sent

"""Snippets over the API: the library, one snippet with its files, sharing, saving a version, using."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, page_of
from accounts.text import LIMITS
from community.snippets import selectors, services
from community.snippets.files import CodeFile
from community.snippets.models import MOST_CODE, Snippet
from community.spaces.models import Space


class FileInput(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    code = serializers.CharField(max_length=MOST_CODE, trim_whitespace=False)
    language = serializers.CharField(max_length=20, default="", allow_blank=True, help_text="Empty: as the name ends.")


class VersionInput(serializers.Serializer):
    files = FileInput(many=True)
    label = serializers.CharField(max_length=200, default="", allow_blank=True)
    note = serializers.CharField(max_length=LIMITS["note"], default="", allow_blank=True)
    number = serializers.IntegerField(min_value=1, required=False, help_text="The version that was read.")


class SnippetInput(serializers.Serializer):
    space = serializers.SlugField(max_length=60)
    title = serializers.CharField(max_length=LIMITS["body"], trim_whitespace=False)
    body = serializers.CharField(trim_whitespace=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=200), max_length=20, default=list)
    files = FileInput(many=True)
    label = serializers.CharField(max_length=200, default="", allow_blank=True)


class LibraryFilter(serializers.Serializer):
    language = serializers.CharField(max_length=20, required=False, default="")
    tag = serializers.CharField(max_length=40, required=False, default="")
    space = serializers.SlugField(max_length=60, required=False, default="")
    sort = serializers.ChoiceField(choices=selectors.SORTS, required=False, default="latest")


def shown(snippet: Snippet) -> dict[str, Any]:
    """A snippet as lists tell it."""
    topic = snippet.topic
    return {
        "id": snippet.pk, "title": topic.title, "url": settings.SITE_URL + snippet.get_absolute_url(),
        "space": topic.space.slug, "author": topic.author.username if topic.author else None,
        "tags": [tag.name for tag in topic.tags.all()], "language": snippet.language, "number": snippet.number,
        "used_by": snippet.use_count, "is_used": snippet.is_used, "changed_at": snippet.changed_at,
    }  # fmt: skip


def whole(snippet: Snippet) -> dict[str, Any]:
    """With the version that is shown."""
    version = snippet.current
    files = [{"name": file.name, "language": file.language, "code": file.code} for file in version.files.all()]
    return shown(snippet) | {"label": version.label, "note": version.note, "files": files}


def _files(given: list[dict[str, str]]) -> list[CodeFile]:
    return [CodeFile(**file) for file in given]


def found_snippet(view: ApiView, pk: int) -> Snippet:
    snippet = selectors.snippet_for(view.viewer, pk)
    if snippet is None:
        raise Http404
    return snippet


class SnippetListApi(ApiView):
    @extend_schema(operation_id="snippets_list", parameters=[LibraryFilter], responses={200: dict})
    def get(self, request: Request) -> Response:
        """The code library, what was changed last first."""
        wanted = LibraryFilter(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return page_of(request, selectors.library(self.viewer, **wanted.validated_data), shown)

    @extend_schema(operation_id="snippets_create", request=SnippetInput, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Share code."""
        self.require_sign_in()
        given = SnippetInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        space = Space.objects.visible_to(self.viewer).open().filter(slug=values.pop("space")).first()
        if space is None:
            raise ValidationError({"space": [_("There is no space with this address.")]})
        key = request.headers.get("Idempotency-Key", "")[:64]
        files = _files(values.pop("files"))
        snippet = services.snippet_create(viewer=self.viewer, space=space, files=files, idempotency_key=key, **values)
        return Response(whole(found_snippet(self, snippet.pk)), status=201)


class SnippetApi(ApiView):
    @extend_schema(operation_id="snippets_read", responses={200: dict})
    def get(self, request: Request, pk: int) -> Response:
        """One snippet with its files."""
        return Response(whole(found_snippet(self, pk)))


class SnippetVersionsApi(ApiView):
    @extend_schema(operation_id="snippets_save", request=VersionInput, responses={201: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Save a version. 409 where `number` is not the last one."""
        self.require_sign_in()
        snippet = found_snippet(self, pk)
        given = VersionInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        files = _files(values.pop("files"))
        services.snippet_save(viewer=self.viewer, snippet=snippet, files=files, **values)
        return Response(whole(found_snippet(self, pk)), status=201)


class SnippetUseApi(ApiView):
    @extend_schema(operation_id="snippets_use", request=None, responses={200: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Say that you use it; twice counts once."""
        return self._use(pk, on=True)

    @extend_schema(operation_id="snippets_unuse", responses={200: dict})
    def delete(self, request: Request, pk: int) -> Response:
        """Say that you do not use it any more."""
        return self._use(pk, on=False)

    def _use(self, pk: int, *, on: bool) -> Response:
        self.require_sign_in()
        snippet = services.snippet_use(viewer=self.viewer, snippet=found_snippet(self, pk), on=on)
        return Response({"id": snippet.pk, "used_by": snippet.use_count, "is_used": on})

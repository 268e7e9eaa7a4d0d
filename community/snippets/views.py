"""Pages of snippets: the library, sharing, versions; and the files themselves."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.drafts.views import draft_sent
from accounts.errors import NotAllowed
from accounts.forms import add_errors
from accounts.uploads.forms import bound_with_files
from community.snippets import policies, selectors, services
from community.snippets.forms import FileForms, SnippetForm, VersionForm, files_of, spaces_for_code, with_one_more
from community.snippets.languages import LANGUAGES
from community.snippets.models import Snippet, SnippetVersion

PAGE_SIZE = 20


class LibraryView(View):
    """`/snippets/`: by language, tag, space and order."""

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = _chosen(request)
        page = Paginator(selectors.library(request.viewer, **chosen), PAGE_SIZE).get_page(request.GET.get("page"))
        used = selectors.languages_used(request.viewer)
        context = {
            "nav": "snippets", "chosen": chosen, "page_obj": page,
            "is_narrowed": any(chosen[name] for name in _FILTERS),
            "languages": [(key, LANGUAGES[key].label) for key in used if key in LANGUAGES],
            "may_share": request.viewer.is_signed_in and bool(spaces_for_code(request.viewer)),
            "sorts": [
                {"label": label, "url": "?" + _query(chosen | {"sort": key}), "is_current": key == chosen["sort"]}
                for key, label in (("latest", _("Changed last")), ("used", _("Most used")))
            ],
        }  # fmt: skip
        for snippet in page.object_list:
            snippet.language_label = LANGUAGES[snippet.language].label  # type: ignore[attr-defined]
        return render(request, "snippets/list.html", context)


_FILTERS = ("language", "tag", "space")


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What the address asks for; a value that does not exist is as if it were not there."""
    language, sort = request.GET.get("language", ""), request.GET.get("sort", "")
    return {
        "language": language if language in LANGUAGES else "", "sort": sort if sort in selectors.SORTS else "latest",
        "tag": request.GET.get("tag", "").replace("\0", "").strip().lower()[:40],
        "space": request.GET.get("space", "").replace("\0", "")[:60],
    }  # fmt: skip


def _query(chosen: dict[str, str]) -> str:
    return urlencode({name: value for name, value in chosen.items() if value})


class SnippetCreateView(LoginRequiredMixin, View):
    """`/snippets/new/`: share code. “Add a file” sends the form, too, so it works without script."""

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {
            "space": request.GET.get("space", "")[:60], "title": request.GET.get("title", "")[:200],
            "key": secrets.token_urlsafe(16),
        }  # fmt: skip
        return self._page(request, SnippetForm(viewer=request.viewer, initial=initial), FileForms(prefix="file"))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = bound_with_files(lambda data: SnippetForm(data, viewer=request.viewer), request)
        if "more" in request.POST:
            return self._page(request, form, with_one_more(request.POST))
        files = FileForms(request.POST, prefix="file")
        if form.is_valid() and files.is_valid():
            data = form.cleaned_data
            try:
                snippet = services.snippet_create(
                    viewer=request.viewer, space=data["space"], title=data["title"], body=data["body"],
                    files=files.sent_files(), label=data["label"], tags=data["tags"].split(","),
                    idempotency_key=data["key"],
                )  # fmt: skip
            except ValidationError as error:
                add_errors(form, error)
            else:
                draft_sent(request)
                return redirect(snippet)
        return self._page(request, form, files, status=400)

    def _page(self, request: HttpRequest, form: SnippetForm, files, status: int = 200) -> HttpResponse:
        context = {"nav": "snippets", "form": form, "files": files}
        return render(request, "snippets/create.html", context, status=status)


class SnippetSaveView(LoginRequiredMixin, View):
    """`/snippets/7/edit/`: save a version."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        snippet = self._snippet(request, pk)
        form = VersionForm(initial={"label": snippet.current.label, "number": snippet.number})
        return self._page(request, snippet, form, files_of(snippet.current))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        snippet = self._snippet(request, pk)
        form = VersionForm(request.POST)
        if "more" in request.POST:
            return self._page(request, snippet, form, with_one_more(request.POST))
        files = FileForms(request.POST, prefix="file")
        if form.is_valid() and files.is_valid():
            try:
                sent = files.sent_files()
                services.snippet_save(viewer=request.viewer, snippet=snippet, files=sent, **form.cleaned_data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                return redirect(snippet)
        return self._page(request, snippet, form, files, status=400)

    def _snippet(self, request: HttpRequest, pk: int) -> Snippet:
        snippet = snippet_or_404(request, pk)
        if not policies.can_change(request.viewer, snippet):
            raise NotAllowed(_("Only the person who shared this and moderators save versions of it."))
        return snippet

    def _page(self, request: HttpRequest, snippet: Snippet, form, files, status: int = 200) -> HttpResponse:
        context = {"nav": "snippets", "form": form, "files": files, "snippet": snippet, "space": snippet.topic.space}
        return render(request, "snippets/edit.html", context, status=status)


class VersionsView(View):
    """`/snippets/7/versions/`: what each version changed."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        snippet = snippet_or_404(request, pk)
        context = {"nav": "snippets", "snippet": snippet, "space": snippet.topic.space}
        return render(request, "snippets/versions.html", context | {"changes": selectors.changes_of(snippet)})


class UseView(View):
    """Say that one uses it: a form that works without script."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        snippet = snippet_or_404(request, pk)
        if not request.viewer.is_signed_in:
            return redirect_to_login(snippet.get_absolute_url())
        services.snippet_use(viewer=request.viewer, snippet=snippet, on=request.POST.get("on") != "0")
        return redirect(snippet)


class FileView(View):
    """One file as it was written, for a download or for `curl`; never run as a page."""

    def get(self, request: HttpRequest, pk: int, number: int, position: int) -> HttpResponse:
        version = _version(request, pk, number)
        file = next((file for file in version.files.all() if file.position == position), None)
        if file is None:
            raise Http404
        answer = HttpResponse(file.code + "\n", content_type="text/plain; charset=utf-8")
        return _attached(answer, file.name.rsplit("/", 1)[-1])


class ZipView(View):
    """All files of a version in one archive."""

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        version = _version(request, pk, number)
        answer = HttpResponse(selectors.zipped(version), content_type="application/zip")
        return _attached(answer, f"snippet-{pk}-{number}.zip")


def _attached(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _version(request: HttpRequest, pk: int, number: int) -> SnippetVersion:
    version = selectors.version_of(snippet_or_404(request, pk), number) if number < 2**31 else None
    if version is None:
        raise Http404
    return version


def snippet_or_404(request: HttpRequest, pk: int) -> Snippet:
    """The snippet as this viewer may see it; what they may not see does not exist."""
    snippet = selectors.snippet_for(request.viewer, pk)
    if snippet is None:
        raise Http404
    return snippet

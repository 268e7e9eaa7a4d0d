"""The support articles: /kb/, a section, an article, and “Was this helpful?”."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from knowledge import policies, services
from knowledge.models import ArticlePage
from knowledge.selectors import articles as selectors
from knowledge.selectors.contents import headings_of
from knowledge.tongues import tongue
from knowledge.tree import KB

VISITOR_COOKIE = "reader"
_SALT = "knowledge.reader"


class IndexView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "shelves": selectors.article_shelves(request.viewer),
            "most_helpful": selectors.most_helpful(request.viewer),
            "nav": "articles",
        }
        return render(request, "knowledge/index.html", context)


class SectionView(View):
    def get(self, request: HttpRequest, section: str) -> HttpResponse:
        found = selectors.section_at(request.viewer, KB, section)
        if found is None:
            raise Http404
        context = {
            "section": found,
            "page_obj": selectors.section_pages(
                request.viewer, found, ArticlePage.objects.all(), request.GET.get("page")
            ),
            "can_edit": policies.can_edit_in_cms(request.viewer, found),
            "nav": "articles",
        }
        return render(request, "knowledge/section.html", context)


def article_or_404(request: HttpRequest, section: str, slug: str) -> ArticlePage:
    article = selectors.article_at(request.viewer, section, slug)
    if article is None:
        raise Http404
    return article


class ArticleView(View):
    def get(self, request: HttpRequest, section: str, slug: str) -> HttpResponse:
        article = article_or_404(request, section, slug)
        found = selectors.section_of(article)
        context = {
            "article": article,
            "section": found,
            "headings": headings_of(article.html),
            "spoken": tongue(article, found),
            "answer": selectors.answer_of(request.viewer, article, visitor_of(request)),
            "can_edit": policies.can_edit_in_cms(request.viewer, found),
            "can_verify": policies.can_write_articles(request.viewer, found),
            "nav": "articles",
        }
        return render(request, "knowledge/article.html", context)


class HelpfulView(View):
    """One answer a reader: by their account, or by a signed cookie that holds nothing but a random number."""

    def post(self, request: HttpRequest, section: str, slug: str) -> HttpResponse:
        article = article_or_404(request, section, slug)
        visitor = visitor_of(request) or secrets.token_hex(16)
        is_helpful = request.POST.get("helpful") == "yes"
        services.article_vote_helpful(
            viewer=request.viewer, article=article, is_helpful=is_helpful, visitor=visitor
        )
        context: dict[str, Any] = {"article": article, "answer": is_helpful}
        response = (
            render(request, "knowledge/_helpful.html", context)
            if request.htmx else redirect(article.get_absolute_url() + "#helpful")
        )
        if not request.viewer.is_signed_in:
            response.set_signed_cookie(
                VISITOR_COOKIE, visitor, salt=_SALT, max_age=60 * 60 * 24 * 365, httponly=True, samesite="Lax",
                secure=request.is_secure(),
            )
        return response


class RelatedView(View):
    """What is about the same, fetched after the page: searching is the slowest part of it."""

    def get(self, request: HttpRequest, section: str, slug: str) -> HttpResponse:
        article = article_or_404(request, section, slug)
        return render(
            request, "knowledge/_related.html", {"cards": selectors.related_to(request.viewer, "article", article)}
        )


class VerifyView(View):
    """Staff say that the text is right today."""

    def post(self, request: HttpRequest, section: str, slug: str) -> HttpResponse:
        article = article_or_404(request, section, slug)
        services.article_verify(viewer=request.viewer, article=article)
        return redirect(article)


def visitor_of(request: HttpRequest) -> str:
    """The visitor's random name from the signed cookie, or nothing; a forged one counts as none."""
    if request.viewer.is_signed_in:
        return ""
    return request.get_signed_cookie(VISITOR_COOKIE, default="", salt=_SALT) or ""

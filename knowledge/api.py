"""Support articles under /api/v1/."""

from __future__ import annotations

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ApiView, page_of
from knowledge.models import ArticlePage
from knowledge.tree import KB, url_path_of


class ArticleListApi(ApiView):
    @extend_schema(operation_id="articles_list", responses={200: dict})
    def get(self, request: Request) -> Response:
        """Articles that you may read, the newest change first; `section` (a slug) and `page` narrow them."""
        rows = ArticlePage.objects.visible_to(self.viewer).for_list().recently_changed()
        section = request.query_params.get("section", "").replace("\0", "")[:255]
        if section:
            rows = rows.filter(url_path__startswith=url_path_of(KB, section))
        return page_of(request, rows, show_article)


class ArticleApi(ApiView):
    @extend_schema(operation_id="articles_read", responses={200: dict})
    def get(self, request: Request, pk: int) -> Response:
        """One article with its text."""
        article = get_object_or_404(ArticlePage.objects.visible_to(self.viewer).for_page(), pk=pk)
        return Response(show_article(article) | {"body": article.body, "html": article.html})


def show_article(article: ArticlePage) -> dict:
    """An article as the API gives it in lists; `standing` must be selected."""
    standing = getattr(article, "standing", None)
    return {
        "id": article.pk,
        "url": settings.SITE_URL + article.get_absolute_url(),
        "section": article.url_path.split("/")[3],
        "title": article.title,
        "summary": article.summary,
        "product": article.product,
        "tags": article.tag_list,
        "language": article.language,
        "created_at": article.first_published_at,
        "updated_at": article.last_published_at,
        "verified_at": standing.verified_at if standing else None,
        "helpful_count": standing.helpful_count if standing else 0,
        "unhelpful_count": standing.unhelpful_count if standing else 0,
    }

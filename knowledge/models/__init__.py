"""Support articles and wiki pages on Wagtail's page tree. Written only by `knowledge.services` and in /cms/."""

from knowledge.models.article import ArticlePage
from knowledge.models.index import KnowledgeIndexPage, SiteRootPage, WikiIndexPage
from knowledge.models.section import SectionPage
from knowledge.models.standing import ArticleStanding, ArticleVote
from knowledge.models.wiki import WikiEdit, WikiPage

__all__ = [
    "ArticlePage", "ArticleStanding", "ArticleVote", "KnowledgeIndexPage", "SectionPage", "SiteRootPage", "WikiEdit",
    "WikiIndexPage", "WikiPage",
]

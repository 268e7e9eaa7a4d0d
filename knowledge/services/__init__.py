"""The room's verbs. Nothing else writes pages, save the editors' forms in /cms/, which Wagtail's signals report."""

from knowledge.services.articles import (
    article_create,
    article_publish,
    article_unpublish,
    article_update,
    article_verify,
    article_vote_helpful,
)
from knowledge.services.editors import editor_set, editors_sync
from knowledge.services.recount import recount_articles
from knowledge.services.sections import section_create, section_set_audience
from knowledge.services.site import tree_ensure
from knowledge.services.wiki import wiki_page_create, wiki_page_restore, wiki_page_update

__all__ = [
    "article_create", "article_publish", "article_unpublish", "article_update", "article_verify",
    "article_vote_helpful", "editor_set", "editors_sync", "recount_articles", "section_create",
    "section_set_audience", "tree_ensure", "wiki_page_create", "wiki_page_restore", "wiki_page_update",
]

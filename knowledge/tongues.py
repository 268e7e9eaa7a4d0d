"""What language a page is in: its own, else its section's, else the site's, unless it is plainly English."""

from __future__ import annotations

from accounts.text import plain_text
from knowledge.models import ArticlePage, SectionPage, WikiPage
from search import languages


def tongue(page: ArticlePage | WikiPage, section: SectionPage) -> str:
    """The code of the language of a page's text. Articles may name their own."""
    own: str = getattr(page, "language", "")
    if own or languages.code_of(section.language or languages.usual()) == "en":
        return own or "en"  # and no text is read
    return languages.told(f"{page.title} {plain_text(page.html)}", place=section.language)


def title_tongue(page: ArticlePage | WikiPage, section: SectionPage) -> str:
    """The same from the title alone, for lists, which do not read the texts."""
    return told_of(page, section.language)


def told_of(page: ArticlePage | WikiPage, language: str) -> str:
    """The same where only the section's language is at hand."""
    return getattr(page, "language", "") or languages.told(page.title, place=language)

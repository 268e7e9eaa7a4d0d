"""What language a topic's texts are in, for what reads them aloud (WCAG 3.1.2); the search tells it in the same way."""

from __future__ import annotations

from community.forums.models import Topic
from search import languages


def spoken(topic: Topic, text: str) -> str:
    """The code of the language of a text in a topic, where it is another than the page's; else nothing.

    The topic's space must be selected. Its tags count where they were read for this page.
    """
    tags = getattr(topic, "_prefetched_objects_cache", {}).get("tags", ())
    return languages.beside_page(languages.told(text, tags=[tag.name for tag in tags], place=topic.space.language))

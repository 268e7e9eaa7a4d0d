"""A question's vector, within two seconds or not at all."""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from functools import lru_cache
from typing import Final

from search.engines.breaker import Breaker
from search.query import SearchQuery
from search.semantic.embedders import EmbedderFailed, Vector, embedder

logger = logging.getLogger("threadwell.search")
SECONDS: Final = 2.0
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_breaker = Breaker(failures=3)
_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="embed")


def vector_of(query: SearchQuery) -> Vector | None:
    """The vector of what is asked, or None: no model, an order that is not relevance, or too little to mean something.

    A single word, a version or an error code is matched as written: a sentence model only guesses at it.
    """
    if query.sort != "relevance" or len(_WORD.findall(query.meaning)) < 2 or embedder() is None:
        return None
    if not _breaker.allows():
        return None
    try:
        vector = _pool.submit(_embedded, query.meaning).result(timeout=SECONDS)
    except (TooLong, EmbedderFailed) as error:
        _breaker.failed()
        logger.warning("Search goes by words alone: %s", str(error) or "the model took too long")
        return None
    _breaker.succeeded()
    return vector


@lru_cache(maxsize=512)
def _embedded(text: str) -> tuple[float, ...]:
    maker = embedder()
    if maker is None:
        raise EmbedderFailed("There is no model.")
    return tuple(maker.embed([text], seconds=SECONDS)[0])


def forget() -> None:
    """Ask the model anew: vectors that are remembered and failures that were counted are dropped."""
    _embedded.cache_clear()
    _breaker.succeeded()

"""What was perhaps meant by a word that nothing holds, offered as “Did you mean …?”.

Titles mend a slip at once (`services`); what only texts say is offered, for the reader to take or leave. Candidates are
words that several documents say which everybody reads, learnt once a day, and open words of titles, so what is offered
tells nothing of hidden texts; `services` asks before whether something that this viewer may see says it now.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.viewer import viewer_for
from search import analysis
from search.models import Entry, EntryToken, TextWord, TitleWord

LATEST: Final = 5_000  # documents that are read, the newest
READ: Final = 2_000  # characters of each of their texts
SAID_BY: Final = 3  # documents at least: what one or two say may be a slip itself
MOST_WORDS: Final = 50_000
TWO_SLIPS: Final = 8  # letters of a word in which two are forgiven
MOST_NEAR: Final = 5
_WORD: Final = re.compile(r"(?<![\w:-])\w+(?![\w:])")
_TEXTS: Final = ("summary", "body", "solution", "replies")


def learn() -> int:
    """Read the newest texts anew and keep their words instead of those kept so far; returns how many are kept."""
    tokens = EntryToken.objects.filter(entry_id=OuterRef("pk"), token__in=viewer_for(None).tokens)
    newest = Entry.objects.filter(Exists(tokens), is_deleted=False).order_by("-pk").values_list(*_TEXTS)[:LATEST]
    said: Counter[str] = Counter()
    for texts in newest.iterator(chunk_size=200):
        words = {word for text in texts for word in analysis.plain_words(text[:READ])}
        said.update(filter(analysis.is_mendable, words))
    kept = {word: count for word, count in said.most_common(MOST_WORDS) if count >= SAID_BY}
    with transaction.atomic():
        TextWord.objects.all().delete()
        TextWord.objects.bulk_create(
            [TextWord.of(word, documents=count) for word, count in sorted(kept.items())],
            batch_size=1000, ignore_conflicts=True,
        )  # fmt: skip
    return len(kept)


def near(word: str) -> list[str]:
    """The known words that `word` is perhaps a slip of, nearest and most often said first."""
    if not analysis.is_mendable(word):
        return []
    most = 2 if len(word) >= TWO_SLIPS else 1
    said = dict.fromkeys(TitleWord.around(word, most).filter(is_open=True).values_list("word", flat=True), 0)
    said |= dict(TextWord.around(word, most).values_list("word", "documents"))
    found = [(slips, -said[known], known) for known in said if 0 < (slips := analysis.slips(word, known, most)) <= most]
    return [known for _slips, _said, known in sorted(found)[:MOST_NEAR]]


def rewritten(text: str, instead: Mapping[str, str]) -> str:
    """A query with words (folded) replaced by others; operators, and what is left out by a minus, stay."""
    return _WORD.sub(lambda found: instead.get(analysis.fold(found[0]), found[0]), text)

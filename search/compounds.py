"""German and Dutch write compounds as one word: who looks for “Aktualisierung” wants “Firmwareaktualisierung”, too.

No list of words is needed: the words of this community's titles are looked through for those that end in the word that
was typed, and found beside it as synonyms are. They find only what the viewer may see, and they are only from titles
that everybody reads, or the viewer: else what is found would tell that a hidden title says a word. What stands before
it has to be more than a prefix that makes another word (“Verstand” is no “Stand”). Only where the index holds such a
language, and in short searches: long ones find anyway.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.db.models import Exists, OuterRef, Q

from search import languages, stems
from search.models import TitleWord, TitleWordToken
from search.query import SearchQuery, Term

End = tuple[str, int]  # a stem, and how many letters may follow it

IN: Final = ("de", "nl")
MOST_WORDS: Final = 5
SHORTEST: Final = 5  # letters of the word that was typed
MOST_EACH: Final = 6
MOST_READ: Final = 500
ENDING: Final = 2  # letters that an inflected form may have more
SHORTEST_BEFORE: Final = 3  # “Tür” in “Türklingel”
SHORTEST_WHOLE: Final = SHORTEST + SHORTEST_BEFORE
_PREFIXES: Final = frozenset(
    """
    be ge er ver zer ent emp miss un ur ab an auf aus bei ein mit nach vor zu um uber unter wider wieder los fort hin
    her ont on op af aan in na om over te toe uit voor tegen mis door
    """.split()  # noqa: SIM905
)


def expanded(query: SearchQuery, audience: frozenset[str]) -> SearchQuery:
    """The query whose words know the compounds, of titles that the audience reads, that they are the end of."""
    codes: list[str] = [code for code in IN if code in languages.own_held()]
    if not codes or len(query.terms) > MOST_WORDS:
        return query
    ends = {term.text: _ends(term.text, codes) for term in query.terms if _may_end(term)}
    if not ends:
        return query
    asked = Q()
    for stem, _spare in {end for each in ends.values() for end in each}:
        asked |= Q(word__contains=stem)
    own = TitleWordToken.objects.filter(word=OuterRef("pk"), token__in=sorted(audience))
    longer = TitleWord.objects.filter(asked, Q(is_open=True) | Exists(own), length__gte=SHORTEST_WHOLE)
    known = list(longer.order_by("length", "word").values_list("word", flat=True)[:MOST_READ])
    return replace(query, terms=tuple(_with(term, ends.get(term.text, set()), known) for term in query.terms))


def _may_end(term: Term) -> bool:
    return len(term.parts) == 1 and len(term.text) >= SHORTEST and term.text.isalpha()


def _ends(word: str, codes: list[str]) -> set[End]:
    """What a compound with the word at its end holds, by the rules of each language."""
    found = {word}
    for code in codes:
        stem = stems.own(code)
        cut = stem(word) if stem else word
        if len(cut) >= SHORTEST - 1 and word.startswith(cut):
            found.add(cut)
    return {(cut, len(word) - len(cut) + ENDING) for cut in found}


def _with(term: Term, ends: set[End], known: list[str]) -> Term:
    met = [word for word in known if any(is_compound(word, *end) for end in ends) and word not in term.also]
    return replace(term, also=(*term.also, *met[:MOST_EACH]))


def is_compound(word: str, stem: str, spare: int) -> bool:
    """Whether a folded word is something with a word of that stem at its end, in whatever form."""
    before, found, after = word.rpartition(stem)
    return bool(found) and len(before) >= SHORTEST_BEFORE and len(after) <= spare and before not in _PREFIXES

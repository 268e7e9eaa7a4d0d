"""Facets in Python: what a hit counts for, and how the counts are told. The engines count by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from search import languages
from search.engines.base import Found, Hit
from search.query import FACETS, WITHIN, SearchQuery, since
from search.results import Choice, Facet
from search.sources import SearchSource, sources

FEW: Final = 8
MANY: Final = 60
OPEN: Final = frozenset({"kind", "state", "space"})  # the others unfold
ONE_OF: Final = frozenset({"date"})  # one choice excludes the others


def is_chosen(hit: Hit, query: SearchQuery, *, but: str = "") -> bool:
    """Whether a hit is under the ticked values, perhaps without one facet's."""
    values = dimensions(hit)
    for name in FACETS:
        chosen = query.chosen(name)
        if chosen and name != but and {*map(str.lower, chosen)}.isdisjoint(map(str.lower, values[name])):
            return False
    return True


def dimensions(hit: Hit) -> dict[str, Sequence[str]]:
    """What a hit counts for in each facet."""
    return {
        "kind": [hit.kind], "state": [hit.state], "space": [hit.container], "product": hit.products, "tag": hit.tags,
        "author": [hit.author], "date": [within for within in WITHIN if hit.created_at >= since(within)],
        "language": [hit.language],
    }


def count_more(found: Found, query: SearchQuery, hits: Iterable[Hit]) -> None:
    """Count hits that the words did not find, each facet without its own choice."""
    for hit in hits:
        found.total += is_chosen(hit, query)
        for name, values in dimensions(hit).items():
            if is_chosen(hit, query, but=name):
                counts = found.facets.setdefault(name, {})
                for value in filter(None, values):
                    counts[value] = counts.get(value, 0) + 1


def uncount(found: Found, hit: Hit) -> None:
    """Take a refused hit out of all counts: what may not be seen is not counted either."""
    found.total = max(found.total - 1, 0)
    for name, values in dimensions(hit).items():
        for value in values:
            counts = found.facets.get(name, {})
            if value in counts:
                counts[value] -= 1
                if counts[value] <= 0:
                    del counts[value]


def told(found: Found, query: SearchQuery, *, whole: str = "") -> list[Facet]:
    """The facets as they are shown: the most frequent values, and of the facet `whole` as many as there can be."""
    shown = []
    for name, (label, labels) in _labels(found, query).items():
        counts = found.facets.get(name, {})
        chosen = _as_counted(query.chosen(name), counts)
        most = MANY if name == whole else FEW
        choices = _choices(name, counts, chosen, labels, most)
        is_open = bool(chosen) or name in OPEN or name == whole
        has_more = len(counts) > len(choices) and name != whole
        shown.append(Facet(name, label, choices, has_more=has_more, is_one_of=name in ONE_OF, is_open=is_open))
    return shown


def _as_counted(chosen: Sequence[str], counts: dict[str, int]) -> list[str]:
    """What was ticked or typed, written as it is counted where only the case differs."""
    known = {value.lower(): value for value in counts}
    return list(dict.fromkeys(value if value in counts else known.get(value.lower(), value) for value in chosen))


def _labels(found: Found, query: SearchQuery) -> dict[str, tuple[str, dict[str, str]]]:
    """The words for each facet and for its values; a value without one is shown as it is."""
    names, kinds, states, spans = _words(get_language(), tuple(sources()))
    values = {
        "kind": kinds, "state": states, "space": found.names, "date": spans,
        "author": {name: f"@{name}" for name in found.facets.get("author", {})},
        "language": {code: languages.name_of(code) for code in (*found.facets.get("language", {}), *query.languages)},
    }  # fmt: skip
    return {name: (label, values.get(name, {})) for name, label in names.items()}


@lru_cache(maxsize=50)
def _words(_code: str | None, known: tuple[SearchSource, ...]) -> tuple[dict[str, str], ...]:
    """What all searches in a language have in common: the names of facets, kinds, states and spans of time."""
    names = {
        "kind": _("Kind"), "state": _("State"), "space": _("Where"), "product": _("Product"), "tag": _("Tag"),
        "author": _("Author"), "date": _("Begun"), "language": _("Language"),
    }  # fmt: skip
    spans = {
        "day": _("In the last day"), "week": _("In the last week"), "month": _("In the last 30 days"),
        "year": _("In the last year"),
    }  # fmt: skip
    kinds = {source.kind: str(source.label_plural) for source in known}
    return names, kinds, {key: str(text) for source in known for key, text in source.state_labels.items()}, spans


def _choices(
    name: str, counts: dict[str, int], chosen: Sequence[str], labels: dict[str, str], most: int
) -> tuple[Choice, ...]:
    """The chosen first, then the most frequent; spans of time from short to long. A chosen value that finds nothing
    here shows as it was typed."""
    if name == "date":
        values = [within for within in WITHIN if within in counts or within in chosen]
        return tuple(Choice(value, labels[value], counts.get(value, 0), value in chosen) for value in values)
    values = sorted(counts, key=lambda value: (value not in chosen, -counts[value], value))
    values = [*(value for value in chosen if value not in counts), *values][: max(most, len(chosen))]
    return tuple(
        Choice(value, _label(value, counts, labels), counts.get(value, 0), value in chosen) for value in values
    )


def _label(value: str, counts: dict[str, int], labels: dict[str, str]) -> str:
    """A known value by its word; one without a word by itself, made readable where the facet has words."""
    if value in labels:
        return labels[value]
    return value.replace("-", " ").replace("_", " ").capitalize() if labels and value in counts else value

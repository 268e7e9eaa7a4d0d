"""How results are weighed: one table of numbers, the same for every engine, for `search_evaluate` and for trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy


def _number(default: float, least: float, most: float, label: str | Promise, help: str | Promise = "") -> Any:
    return field(default=default, metadata={"least": least, "most": most, "label": label, "help": help})


def _place(label: str | Promise, help: str | Promise = "") -> Any:
    return _number(1.0, 0.1, 5.0, label, help)


@dataclass(frozen=True, slots=True)
class Relevance:
    """The defaults are what was measured best on judged collections (decision notes 13 and 19).

    The first seven are multiples of what each engine gives a word in that place by itself, which differs between them.
    PostgreSQL knows three places: `title` (with names), `body` (with tags, summary and solution) and `replies`.
    """

    title: float = _place(_lazy("Title"))
    keywords: float = _place(_lazy("Names and codes"))
    tags: float = _place(_lazy("Tags"))
    summary: float = _place(_lazy("Summary"))
    body: float = _place(_lazy("Text"))
    solution: float = _place(_lazy("Solution"))
    replies: float = _place(_lazy("Replies"))
    synonym: float = _number(0.8, 0.1, 1.0, _lazy("Synonym"), _lazy("what one counts beside the word as typed"))
    mention: float = _number(
        0.5, 0.0, 1.0, _lazy("Person or space whose name does not say the words"), _lazy("beside what is about them")
    )
    solved: float = _number(0.05, 0.0, 1.0, _lazy("Solved or done"), _lazy("adds this share to a hit’s own score"))
    official: float = _number(0.05, 0.0, 1.0, _lazy("Official"), _lazy("adds this share"))
    fresh: float = _number(0.08, 0.0, 1.0, _lazy("Fresh"), _lazy("adds this share on the first day, less with age"))
    fresh_days: float = _number(
        365.0, 1.0, 3650.0, _lazy("Days until freshness has faded to a third"), _lazy("after that it keeps fading")
    )
    helpful: float = _number(0.02, 0.0, 0.2, _lazy("Found helpful"), _lazy("adds this share, slowly more with votes"))
    k: float = _number(
        60.0, 1.0, 1000.0, _lazy("Evenness of kinds"), _lazy("the higher, the less the first places stand out")
    )
    meaning: float = _number(
        0.6, 0.0, 1.0, _lazy("Meaning"), _lazy("its share beside the words, where a model is set up")
    )


DEFAULT: Final = Relevance()
GROUPS: Final[tuple[tuple[str | Promise, tuple[str, ...]], ...]] = (
    (_lazy("Where the words stand (1 is as measured)"),
     ("title", "keywords", "tags", "summary", "body", "solution", "replies")),
    (_lazy("How the words are said"), ("synonym", "mention")),
    (_lazy("Trust and age"), ("solved", "official", "fresh", "fresh_days", "helpful")),
    (_lazy("How the lists are joined"), ("k", "meaning")),
)


def relevance_of(data: Mapping[str, Any]) -> Relevance:
    """From what was typed or stored; what is not named keeps its default.

    Raises ValidationError({name: …}) for a name that does not exist, what is no number, and a number out of its range.
    """
    known = {spec.name: spec for spec in fields(Relevance)}
    wrong: dict[str, str] = {}
    numbers: dict[str, float] = {}
    for name, value in data.items():
        if name not in known:
            wrong[str(name)] = _("There is no such setting. There are: %s.") % ", ".join(known)
            continue
        limits = known[name].metadata
        number = _read(value)
        if number is None or not limits["least"] <= number <= limits["most"]:
            wrong[name] = _("%(label)s must be a number from %(least)g to %(most)g.") % limits
            continue
        numbers[name] = number
    if wrong:
        raise ValidationError(wrong)
    return Relevance(**numbers)


def _read(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(str(value).strip().replace(",", ".")[:20])
    except ValueError:
        return None
    return round(number, 4) if number == number and abs(number) < 1e9 else None


def changes(relevance: Relevance) -> dict[str, float]:
    """What differs from the defaults, as it is stored."""
    return {name: value for name, value in asdict(relevance).items() if value != getattr(DEFAULT, name)}

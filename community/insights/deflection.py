"""How many cases the community may have saved: three public methods side by side, as arithmetic without a database.

Sources (reference/features.md 1.14 and 4): accepted answers × share who would have written to support (Khoros value
analytics, example 0.65); views of solved questions ÷ 20–30 (Leader Networks 2020); one in 5 views of solved and one
in 20 of other questions (Higher Logic 2025). None of them is a measurement: the page says so, and every number in
them can be changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number that a person may change; `source` is where the given one comes from."""

    key: str
    label: str | Promise
    given: float
    least: float
    most: float
    source: str | Promise


ASSUMPTIONS: Final = (
    Assumption("would_write", _("Askers who would have written to support, %"), 65, 0, 100, _("Khoros, an example")),
    Assumption("views_a_case", _("Views of a solved question that save a case"), 25, 1, 1_000, _("Leader Networks")),
    Assumption("solved_views", _("A case saved per … views of solved questions"), 5, 1, 1_000, _("Higher Logic, 2025")),
    Assumption("other_views", _("A case saved per … views of other questions"), 20, 1, 1_000, _("Higher Logic, 2025")),
    Assumption("case_cost", _("What one case costs you"), 15, 0, 100_000, _("Yours; 15 is only a start")),
    Assumption("community_cost", _("What the community costs you in this period"), 0, 0, 10_000_000, _("Yours")),
)


def assumptions_from(given: Mapping[str, str]) -> tuple[dict[str, float], dict[str, str]]:
    """The assumptions under an address's values, and what is wrong by key; a wrong or missing one is as given here."""
    values, problems = {}, {}
    for item in ASSUMPTIONS:
        raw = given.get(item.key, "").strip()
        try:
            values[item.key] = _number(raw, item) if raw else item.given
        except ValidationError as error:
            values[item.key] = item.given
            problems[item.key] = error.messages[0]
    return values, problems


def _number(raw: str, item: Assumption) -> float:
    plain = raw.replace(",", ".", 1)
    is_number = len(plain) <= 12 and plain.isascii() and plain.replace(".", "", 1).isdigit()
    if not is_number or not item.least <= float(plain) <= item.most:
        bounds = {"least": f"{item.least:g}", "most": f"{item.most:,.0f}"}
        raise ValidationError(_now("Must be a number from %(least)s to %(most)s.") % bounds)
    return float(plain)


@dataclass(frozen=True, slots=True)
class Method:
    """One way to estimate, with its arithmetic written out."""

    name: str
    sum: str
    cases: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """Low, likely and high are the three methods in order; money is cases × cost − what the community costs."""

    methods: tuple[Method, ...]
    low: float
    likely: float
    high: float
    case_cost: float
    community_cost: float

    def money(self, cases: float) -> float:
        return cases * self.case_cost - self.community_cost

    @property
    def money_low(self) -> float:
        return self.money(self.low)

    @property
    def money_likely(self) -> float:
        return self.money(self.likely)

    @property
    def money_high(self) -> float:
        return self.money(self.high)


def estimate(*, solved_by_peers: int, solved_views: int, other_views: int, values: Mapping[str, float]) -> Estimate:
    """The three methods over these counts."""
    peers, solved, others = f"{solved_by_peers:,}", f"{solved_views:,}", f"{other_views:,}"
    methods = (
        Method(
            _now("Answers by other customers"),
            _now("questions solved by customers: %(n)s × %(share)g %%") % {"n": peers, "share": values["would_write"]},
            solved_by_peers * values["would_write"] / 100,
        ),
        Method(
            _now("Readers of solved questions"),
            _now("views of solved questions: %(n)s ÷ %(per)g") % {"n": solved, "per": values["views_a_case"]},
            solved_views / values["views_a_case"],
        ),
        Method(
            _now("All readers"),
            _now("views of solved questions: %(a)s ÷ %(solved_views)g, of others: %(b)s ÷ %(other_views)g")
            % {"a": solved, "b": others, **values},
            solved_views / values["solved_views"] + other_views / values["other_views"],
        ),
    )
    cases = [method.cases for method in methods]
    return Estimate(
        methods, min(cases), median(cases), max(cases), values["case_cost"], values["community_cost"]
    )

"""The report as CSV. A cell that a spreadsheet could take for a formula gets an apostrophe in front."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _

from community.insights.searching import SearchReport
from community.insights.selectors import Report

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: object) -> object:
    """Text that begins like a formula is made text for good; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def csv_of(report: Report) -> str:
    """One line a number: part, what, value, unit."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([_("part"), _("what"), _("value"), _("unit")])
    for row in rows_of(report):
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()


def rows_of(report: Report) -> Iterator[tuple]:
    """Everything on the page, in its order."""
    questions, people, support = _("questions"), _("people"), _("support")
    yield _("period"), report.period.label, f"{report.period.start:%Y-%m-%d} / {report.period.end:%Y-%m-%d}", ""
    yield questions, _("asked"), report.asked, ""
    yield questions, _("asked in the period before"), report.asked_before, ""
    yield questions, _("solved"), report.solved, ""
    yield questions, _("solved by customers"), report.solved_by_peers, ""
    yield questions, _("without any reply now"), report.unanswered_now, ""
    yield questions, _("median time to the first reply"), _hours(report.first_reply), _("hours")
    yield questions, _("median time to the solution"), _hours(report.solution_time), _("hours")
    yield people, _("wrote something"), report.writers, ""
    yield people, _("wrote or read, signed in"), report.active, ""
    yield _("search"), _("searches"), report.searches, ""
    yield _("search"), _("searches with no result"), report.searches_empty, ""
    for gap in report.gaps:
        yield _("nothing found for"), gap.text, gap.searches, _("searches")
    yield support, _("cases opened"), report.cases, ""
    yield support, _("cases linked with a thread"), report.cases_linked, ""
    for line in report.spaces:
        yield _("questions by space"), line.name, line.asked, ""
        yield _("solved by space"), line.name, line.solved, ""
    for method in report.deflection.methods:
        yield _("cases saved, estimate"), f"{method.name}: {method.sum}", round(method.cases, 1), _("cases")


def search_csv(report: SearchReport) -> str:
    """One line a searched text: text, searches, without result, opened, lost, people, mean rank of the opened hit."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([
        _("text"), _("searches"), _("without result"), _("opened"), _("lost"), _("people"), _("mean rank opened"),
    ])
    for line in report.lines:
        rank = None if line.click_rank is None else round(line.click_rank, 2)
        row = (line.text, line.searches, line.empty, line.opened, line.lost, line.people, rank)
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()


def _hours(duration: timedelta | None) -> float | None:
    return None if duration is None else round(duration.total_seconds() / 3600, 2)

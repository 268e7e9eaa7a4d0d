"""The report: its numbers by hand, who may read it, what it costs, and a CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from community.cases.models import CaseLink
from community.forums.models import Topic
from community.forums.services import solution_accept
from community.insights.deflection import ASSUMPTIONS, assumptions_from, estimate
from community.insights.export import csv_of, safe_cell
from community.insights.period import period_named
from community.insights.selectors import bars, report
from search.models import SearchLog
from tests.factories.cases import make_agent, make_case
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
GIVEN = {item.key: item.given for item in ASSUMPTIONS}


def log_search(text: str, count: int, days_ago: float = 1) -> None:
    when = timezone.now() - timedelta(days=days_ago)
    SearchLog.objects.create(text=text, count=count, engine="database", created_at=when)


def question(space, *, asked_days_ago: float, replies=(), solved_after: float | None = None):
    """A question with replies so many hours later, and its last reply accepted so many hours after asking."""
    asker = make_user()
    at = timezone.now() - timedelta(days=asked_days_ago)
    topic = make_topic(space=space, author=asker, at=at)
    post = None
    for hours, author in replies:
        post = make_reply(topic, author=author or asker, at=at + timedelta(hours=hours))
    if solved_after is not None:
        solution_accept(viewer=viewer(asker), topic=topic, post=post, at=at + timedelta(hours=solved_after))
    return topic


def test_report_counts_what_can_be_counted_by_hand():
    space, peer, staff = make_space(), make_user(), make_agent()
    question(space, asked_days_ago=10, replies=((1, None), (6, peer)), solved_after=7)
    question(space, asked_days_ago=9, replies=((4, staff),), solved_after=9)
    question(space, asked_days_ago=8, replies=((10, peer),))
    question(space, asked_days_ago=7)
    question(space, asked_days_ago=45, replies=((1, peer),), solved_after=1)
    make_topic(space=space, kind="discussion")
    Topic.objects.filter(solution__isnull=False).update(view_count=100)
    Topic.objects.filter(solution=None, kind="question").update(view_count=30)
    for text, count in (("zigbee range", 0), ("zigbee range", 0), ("matter bridge", 0), ("reset", 12)):
        log_search(text, count)
    log_search("old", 0, days_ago=50)
    case = make_case(agent=staff)
    make_case(agent=staff)
    CaseLink.objects.create(case=case, topic=Topic.objects.first(), linked_at=timezone.now())

    found = report(viewer(make_user(is_manager=True)), period_named("30"), GIVEN)

    assert (found.asked, found.asked_before, found.solved, found.solved_by_peers) == (4, 1, 2, 1)
    assert found.solved_share == 50 and found.unanswered_now == 1
    assert found.first_reply == timedelta(hours=6)
    assert found.solution_time == timedelta(hours=7)
    assert (found.searches, found.searches_empty) == (4, 3)
    assert [(gap.text, gap.searches) for gap in found.gaps] == [("zigbee range", 2), ("matter bridge", 1)]
    assert (found.cases, found.cases_linked) == (2, 1)
    assert (found.solved_views, found.other_views) == (200, 60)
    assert [(line.name, line.asked, line.solved, line.unanswered) for line in found.spaces] == [(space.name, 4, 2, 1)]
    # Four askers, the peer, the agent and whoever started the discussion; who asked 45 days ago reads today.
    assert (found.writers, found.active) == (7, 8)
    assert [round(method.cases, 2) for method in found.deflection.methods] == [0.65, 8, 43]
    assert (found.deflection.low, found.deflection.likely, found.deflection.high) == (0.65, 8, 43)
    assert found.deflection.money_likely == 120


def test_empty_community_gives_dashes_not_errors(client):
    client.force_login(make_user(is_manager=True))

    page = client.get("/insights/").content.decode()

    assert "questions asked" in page and "–" in page


@pytest.mark.parametrize("roles", [{}, {"is_agent": True}, {"is_moderator": True}])
def test_report_does_not_exist_for_others(client, roles):
    client.force_login(make_user(**roles))

    assert client.get("/insights/").status_code == 404
    assert client.get("/insights/report.csv").status_code == 404
    client.logout()
    assert client.get("/insights/").status_code == 404


def test_manager_does_not_count_a_space_that_they_cannot_read():
    hidden = make_space(audience="groups")
    make_topic(space=hidden, author=make_user(is_superuser=True))

    manager = report(viewer(make_user(is_manager=True)), period_named("7"), GIVEN)
    admin = report(viewer(make_user(is_superuser=True)), period_named("7"), GIVEN)

    assert manager.asked == 0 and manager.spaces == [] and manager.writers == 0 and manager.active == 0
    assert admin.asked == 1 and admin.active == 1


def test_report_costs_the_same_for_one_question_and_for_many(django_assert_max_num_queries):
    space, peer, manager = make_space(), make_user(), make_user(is_manager=True)
    question(space, asked_days_ago=2, replies=((1, peer),), solved_after=2)
    who = viewer(manager)
    with django_assert_max_num_queries(16) as few:
        report(who, period_named("30"), GIVEN)
        bars(who, period_named("30"))
    for number in range(6):
        question(make_space(), asked_days_ago=3 + number, replies=((1, peer), (2, peer)), solved_after=3)
        log_search(f"gap {number}", 0)
    who = viewer(manager)

    with django_assert_max_num_queries(len(few)):
        report(who, period_named("30"), GIVEN)
        bars(who, period_named("30"))


def test_bars_hold_every_question_of_the_period_once():
    space = make_space()
    for days in (1, 6, 13, 20, 29):
        question(space, asked_days_ago=days)

    drawn = bars(viewer(make_user(is_manager=True)), period_named("30"))

    assert len(drawn) == 12 and sum(bar.asked for bar in drawn) == 5


@pytest.mark.parametrize(("raw", "is_good"), [
    ("65", True), ("12.5", True), ("12,5", True), ("101", False), ("-1", False), ("nan", False), ("1e3", False),
    ("٣", False), ("9" * 40, False), ("x", False),
])
def test_assumptions_take_plain_numbers_within_bounds(raw, is_good):
    values, problems = assumptions_from({"would_write": raw})

    assert ("would_write" not in problems) == is_good
    assert 0 <= values["would_write"] <= 100


def test_bad_assumption_is_named_on_the_page(client):
    client.force_login(make_user(is_manager=True))

    answer = client.get("/insights/?period=7&case_cost=abc")

    assert answer.status_code == 400
    assert "Must be a number from 0 to 100,000." in answer.content.decode()


def test_estimate_is_ordered_and_pays_for_the_community():
    found = estimate(solved_by_peers=100, solved_views=1000, other_views=400, values=GIVEN | {"community_cost": 300})

    assert found.low <= found.likely <= found.high
    assert (found.low, found.likely, found.high) == (40, 65, 220)
    assert found.money_low == 300 and found.money_high == 3_000


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_cell_that_looks_like_a_formula_is_made_text(text):
    assert safe_cell(text) == f"'{text}"


def test_csv_quotes_hostile_names_and_keeps_numbers(client):
    space = make_space(name="=HYPERLINK(0)")
    question(space, asked_days_ago=1)
    log_search('@gap "quoted"', 0)
    client.force_login(make_user(is_manager=True))

    answer = client.get("/insights/report.csv?period=7")

    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    assert ["questions by space", "'=HYPERLINK(0)", "1", ""] in rows
    assert ["nothing found for", '\'@gap "quoted"', "1", "searches"] in rows
    assert ["questions", "asked", "1", ""] in rows
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert csv_of(report(viewer(make_user(is_manager=True)), period_named("7"), GIVEN)).count("\r\n") == len(rows)

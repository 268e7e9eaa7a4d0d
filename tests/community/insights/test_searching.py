"""Search insights: numbers by hand, order by lost demand, who may read, what it costs, a CSV that no sheet runs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from community.insights.period import period_named
from community.insights.searching import search_report
from search.models import SearchLog
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def looked(text: str, *, count: int = 3, rank: int | None = None, days_ago: float = 1, user=None, **fields) -> None:
    when = timezone.now() - timedelta(days=days_ago)
    SearchLog.objects.create(
        text=text, count=count, engine="database", created_at=when, user=user, clicked_rank=rank,
        clicked_at=None if rank is None else when, **fields,
    )


def test_report_counts_what_can_be_counted_by_hand():
    mara, jonas = make_user(), make_user()
    looked("zigbee range", count=0, user=mara)
    looked("zigbee range", count=0)
    looked("reset", rank=1, user=mara, took_ms=10)
    looked("reset", rank=4, took_ms=30)
    looked("reset", user=jonas, took_ms=20)
    looked("pinned", rank=0, is_degraded=True, took_ms=50)
    looked("reset", page=2)
    looked("", count=0)
    looked("old", count=0, days_ago=40)

    found = search_report(period_named("30"))

    assert (found.searches, found.searches_before, found.empty, found.opened) == (6, 1, 2, 3)
    assert (found.pinned_opened, found.degraded, found.click_rank, found.median_ms) == (1, 1, 2.5, 10)
    assert round(found.click_share) == 50 and round(found.empty_share) == 33 and round(found.unsuccessful_share) == 50
    assert (found.signed_in, found.unsuccessful_people, found.unsuccessful_people_share) == (2, 1, 50)
    assert [(line.text, line.lost, line.searches, line.people) for line in found.lines] == [
        ("zigbee range", 2, 2, 1), ("reset", 1, 3, 2)
    ]
    assert [line.text for line in search_report(period_named("30"), order="frequent").lines] == [
        "reset", "zigbee range", "pinned"
    ]


def test_nothing_searched_gives_dashes(client):
    client.force_login(make_user(is_manager=True))

    page = client.get("/insights/search/?period=x&order=x").content.decode()

    assert "–" in page and "Nothing was looked for in vain" in page


@pytest.mark.parametrize("roles", [{}, {"is_agent": True}, {"is_moderator": True}])
def test_pages_do_not_exist_for_others(client, roles):
    client.force_login(make_user(**roles))

    assert client.get("/insights/search/").status_code == 404
    assert client.get("/insights/search.csv").status_code == 404


def test_page_costs_the_same_for_one_text_as_for_many(client, django_assert_max_num_queries):
    client.force_login(make_user(is_manager=True))

    def count() -> int:
        with django_assert_max_num_queries(30) as caught:
            client.get("/insights/search/")
        return len(caught)

    looked("one", count=0)
    count()
    few = count()
    for number in range(30):
        looked(f"text {number}", count=0)

    assert count() == few


def test_csv_holds_the_lines_and_no_formula(client):
    looked('=cmd "x"', count=0)
    looked("reset", rank=2)
    client.force_login(make_user(is_manager=True))

    answer = client.get("/insights/search.csv?order=frequent")

    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"].startswith("text/csv")
    assert ["'=cmd \"x\"", "1", "1", "0", "1", "0", ""] in rows and ["reset", "1", "0", "1", "0", "0", "2.0"] in rows

"""Reading a site by its sitemap: what is taken, what is left out, what goes, and what a broken site does to us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from search.external import crawl
from search.external.models import ExternalRecord, ExternalSource
from search.external.services import source_create
from tests.factories.people import make_user, viewer
from tests.search.conftest import titles
from tests.search.external.site import DocsSite, docs_site

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_first]
MENU = "<nav>menuword</nav><header>Site</header><script>scriptword</script>"


@pytest.fixture
def site(settings) -> Iterator[DocsSite]:
    with docs_site() as running:
        settings.OUTGOING_ALLOWED_HOSTS = [running.place]
        yield running


@pytest.fixture
def docs(site: DocsSite) -> ExternalSource:
    manager = viewer(make_user(is_manager=True))
    return source_create(viewer=manager, name="Docs", way="sitemap", address=site.sitemap)


def read(hours: float = 0) -> ExternalSource:
    """Turns until nothing is due, so many hours from now."""
    now = timezone.now() + timedelta(hours=hours)
    for _turn in range(10):
        crawl.turn(now=now)
    return ExternalSource.objects.get()


def known() -> list[str]:
    return list(ExternalRecord.objects.order_by("title").values_list("title", flat=True))


def test_pages_are_found_by_their_words_and_not_by_their_menus(find, site, docs):
    main = "<main><h1>Pairing</h1><p>Zigbee café</p></main>"
    site.page("/pairing", f"<html lang=de-AT><title>x</title>{MENU}{main}</html>")
    site.page("/reset", f"<title>Factory reset</title><body>{MENU}Hold it.</body>")

    source = read()

    assert known() == ["Factory reset", "Pairing"] and source.last_error == "" and source.read_at is not None
    (hit,) = find("zigbee").items
    assert (hit.card.url, hit.card.where) == (f"http://{site.place}/pairing", "Docs")
    assert titles(find("café")) == ["Pairing"] and find("menuword").total == find("scriptword").total == 0
    assert ExternalRecord.objects.get(title="Pairing").language == "de"
    assert site.fetched() == ["/pairing", "/reset"]  # each once, in order, nothing of another host


def test_only_what_changed_is_fetched_again_and_what_went_is_forgotten(site, docs):
    site.page("/a", "<title>A</title>a", at="2026-05-01")
    site.page("/b", "<title>B</title>b", at="2026-05-01T10:00:00+02:00")
    site.page("/c", "<title>C</title>c")
    read()
    assert site.fetched() == ["/a", "/b", "/c"] and known() == ["A", "B", "C"]
    site.page("/b", "<title>B two</title>b", at="2026-06-01")
    del site.pages["/c"], site.changed["/c"]

    assert crawl.turn(now=timezone.now() + timedelta(hours=1)) == 0  # once a day
    read(hours=25)

    assert site.fetched() == ["/b"] and known() == ["A", "B two"]


def test_what_is_not_for_search_is_left_out(site, docs):
    site.robots = "User-agent: *\nDisallow: /private/"
    site.page("/private/x", "<title>Private</title>x")
    site.page("/hidden", '<title>Hidden</title><meta name="robots" content="noindex">')
    site.page("/data", "{}", kind="application/json")
    site.page("/gone", "", status=410)
    site.page("/fine", "<title>Fine</title>fine")

    read()

    assert known() == ["Fine"] and "/private/x" not in site.fetched()


def test_words_of_every_charset_are_read(site, docs):
    site.page("/latin", "", kind="text/html; charset=iso-8859-1")
    site.page("/meta", "")
    site.page("/odd", "<title>Odd</title>x", kind="text/html; charset=punycode")
    site.pages["/latin"] = (200, "text/html; charset=iso-8859-1", "<title>Größe</title>x".encode("latin-1"))
    site.pages["/meta"] = (200, "text/html", '<meta charset="cp1251"><title>Привет</title>x'.encode("cp1251"))

    read()

    assert known() == ["Größe", "Odd", "Привет"]


def test_page_that_is_away_stays_known(site, docs):
    site.page("/a", "<title>A</title>a")
    read()
    site.page("/a", "", status=503)

    read(hours=25)

    assert known() == ["A"]


def test_large_site_is_read_in_turns_that_go_on_where_the_last_ended(site, docs):
    for number in range(45):
        site.page(f"/{number:02}", f"<title>Page {number:02}</title>text")
    now = timezone.now()

    assert [crawl.turn(now=now) for _ in range(4)] == [20, 20, 5, 0]
    assert len(known()) == 45 and len(site.fetched()) == 45


@pytest.mark.parametrize(("body", "kind"), [
    ("not xml", "text/plain"), ("<html></html>", "text/html"),
    ('<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><urlset>&c;</urlset>', "application/xml"),
    ('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><urlset/>', "application/xml"),
])
def test_broken_sitemap_is_told_and_nothing_is_forgotten(site, docs, body, kind):
    site.page("/a", "<title>A</title>a")
    read()
    site.page("/sitemap.xml", body, kind=kind)

    source = read(hours=25)

    assert "is no sitemap" in source.last_error and known() == ["A"]


def test_site_that_is_private_or_away_is_told(settings, site, docs):
    settings.OUTGOING_ALLOWED_HOSTS = []

    assert "not served" in read().last_error or "not a public address" in read().last_error
    assert site.hits == []


def test_two_workers_share_a_source_without_reading_it_twice(site, docs):
    site.page("/a", "<title>A</title>a")
    now = timezone.now()
    assert crawl._claimed(now) is not None

    assert crawl._claimed(now) is None
    assert crawl.turn(now=now + timedelta(minutes=11)) == 1  # the lease of a worker that died

"""Saved searches: kept by one person, told of once, exact to what that person may see. And the feed of a search."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.events.worker import drain
from community.notifications.models import Notification
from community.notifications.selectors import for_page
from search import saved
from search.models import SavedSearch, SearchLog
from tests.factories.forums import make_topic
from tests.factories.people import make_group, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=11)
ATOM = "{http://www.w3.org/2005/Atom}"


def keep(user, query: str = "q=beacon") -> SavedSearch:
    return saved.saved_search_create(viewer=viewer(user), query=query)


def look(index, minutes: float = 11) -> list[str]:
    """Index, look again so many minutes from now, deliver; the texts in every bell."""
    index()
    saved.look_again(now=timezone.now() + timedelta(minutes=minutes))
    drain()
    rows = Notification.objects.select_related("user").order_by("pk")
    return [f"{row.user.username}: {line.message.text}" for row in rows for line in _lines(row)]


def _lines(row: Notification) -> list:
    return [line for line in for_page(viewer(row.user)).lines if line.row.pk == row.pk]


def test_new_results_are_told_once_and_old_ones_never(index):
    make_topic(title="An old beacon", at=timezone.now() - timedelta(days=2))
    index()
    reader = make_user("mara")
    keep(reader)
    assert look(index) == []

    make_topic(title="A new beacon")
    make_topic(title="Another beacon")
    make_topic(title="A lantern")

    told = ["mara: 2 new results for your search “beacon”"]
    assert look(index, 22) == told
    assert look(index, 33) == told


def test_looking_twice_in_ten_minutes_looks_once(index):
    keep(make_user())
    now = timezone.now() + LATER

    assert saved.look_again(now=now) == 1
    assert saved.look_again(now=now + timedelta(minutes=1)) == 0
    assert saved.look_again(now=now + LATER) == 1


def test_what_the_person_may_not_see_is_neither_told_nor_counted(index):
    group = make_group("Insiders")
    outsider, insider = make_user("out"), make_user("in")
    insider.groups.add(group)
    keep(outsider)
    keep(insider)
    make_topic(space=make_space(audience="groups", groups=[group.pk]), author=insider, title="Secret beacon")

    assert look(index) == ["in: 1 new result for your search “beacon”"]

    insider.groups.remove(group)
    assert look(index, 22) == []


def test_quiet_and_removed_searches_are_not_looked_at(index):
    user = make_user()
    quiet, gone = keep(user), keep(user, "q=lantern")
    saved.saved_search_tell(viewer=viewer(user), saved=quiet, on=False)
    saved.saved_search_remove(viewer=viewer(user), saved=gone)
    make_topic(title="A beacon and a lantern")

    assert look(index) == []


def test_search_is_kept_without_order_and_page_and_the_same_once(client: Client, engine):
    user = make_user()
    client.force_login(user)
    for query in ("q=beacon&sort=newest&page=3&kind=topic", "kind=topic&q=beacon", "q= beacon &kind=topic&evil=1"):
        assert client.post("/search/saved/", {"query": query}).status_code == 302

    assert SavedSearch.objects.get().query == "q=beacon&kind=topic"
    page = client.get("/search/?q=beacon&kind=topic").content.decode()
    assert "You saved this search" in page
    assert "Save this search" in client.get("/search/?q=lantern").content.decode()


@pytest.mark.parametrize("query", ["", "q=", "sort=newest", "q=" + "a" * 1_001, "q=%00", "page=x"])
def test_search_for_nothing_or_nonsense_is_refused(client: Client, engine, query):
    client.force_login(make_user())

    assert client.post("/search/saved/", {"query": query}).status_code == 400
    assert not SavedSearch.objects.exists()


def test_there_is_a_most_and_others_searches_do_not_exist(client: Client):
    owner, other = make_user(), make_user()
    now = timezone.now()
    SavedSearch.objects.bulk_create(
        SavedSearch(user=owner, name=str(n), query=f"q={n}", looked_at=now, created_at=now) for n in range(50)
    )
    with pytest.raises(ValidationError, match="the most there can be"):
        keep(owner)
    row = SavedSearch.objects.first()
    with pytest.raises(NotAllowed):
        saved.saved_search_remove(viewer=viewer(other), saved=row)
    client.force_login(other)

    assert client.post(f"/search/saved/{row.pk}/remove/").status_code == 404
    assert client.post(f"/search/saved/{row.pk}/tell/", {"on": "0"}).status_code == 404
    assert SavedSearch.objects.count() == 50


def test_anonymous_is_sent_to_sign_in(client: Client):
    assert "/accounts/login/" in client.get("/search/saved/")["Location"]
    assert "/accounts/login/" in client.post("/search/saved/", {"query": "q=beacon"})["Location"]


def test_feed_holds_the_newest_hits_with_addresses_of_the_site(client: Client, index, settings):
    settings.SITE_URL = "https://community.example"
    now = timezone.now()
    make_topic(title="Beacon <one> & more", at=now - timedelta(days=2))
    make_topic(title="Beacon two", at=now - timedelta(days=1))
    make_topic(space=make_space(audience="groups"), author=make_user(is_superuser=True), title="Secret beacon")
    index()

    answer = client.get("/search/feed/", {"q": "beacon", "sort": "helpful"}, headers={"Host": "127.0.0.1"})
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")

    assert feed.findtext(f"{ATOM}title", "").startswith("beacon · ")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Beacon two", "Beacon <one> & more"]
    assert all(entry.find(f"{ATOM}link").get("href").startswith("https://community.example/t/") for entry in entries)
    assert "127.0.0.1" not in answer.content.decode() and "Secret" not in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("query", ["", "?q=", "?page=2", "?q=" + "a" * 1_001])
def test_feed_of_nothing_says_so(client: Client, engine, query):
    assert client.get(f"/search/feed/{query}").status_code == 400


def test_recent_searches_are_the_persons_own_newest_first_and_can_be_forgotten(client: Client, engine):
    mara, jonas = make_user(), make_user()
    for user, text in ((mara, "beacon"), (jonas, "secret plan"), (mara, "lantern"), (mara, "Beacon ")):
        client.force_login(user)
        client.get("/search/", {"q": text})
    client.force_login(mara)

    before = client.get("/search/suggest/", {"q": ""}).content.decode()
    assert before.index("beacon") < before.index("lantern") and before.count("?q=beacon") == 1
    assert "secret" not in before and "Recent" not in client.get("/search/suggest/", {"q": "be"}).content.decode()
    assert client.post("/search/recent/forget/").status_code == 302

    assert client.get("/search/suggest/", {"q": ""}).content.strip() == b""
    assert SearchLog.objects.filter(user=jonas).count() == 1 and SearchLog.objects.count() == 4
    client.logout()
    assert client.get("/search/suggest/", {"q": ""}).content.strip() == b""

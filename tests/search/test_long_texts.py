"""Whole error messages and long questions: what is an operator in them, and which of their words are looked for."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from search import log, parser, saved, suggest, telling
from search.curation import pin_create
from search.models import SavedSearch, SearchLog
from search.portable import shaping_take
from search.query import MOST_TERMS, SearchQuery, terms_of, words_query
from tests.factories.forums import make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.search.conftest import titles

MESSAGE = """
[2026-11-26T10:15:01.123Z] ERROR zigbridge-7f9c (worker 3): Error: ENOENTX: no such file or directory, open
'/etc/zigbridge/relay.conf' at Object.openSync (fs.js:476:3) at Bridge.load (/opt/zigbridge/lib/bridge.js:88:14)
--save in:progress -bash: state:CONNECTED {"errno":-4058,"syscall":"open","retry":"false"} while everything else on
machine host-aurora-17 keeps running fine since yesterday morning and nobody touched anything there
"""
PLAIN = "error code -36 when the pump, which is new: starts / stops (every second) [sometimes] it's at 4.2.1; why?"


@pytest.mark.parametrize("text", [
    "", "hub", "the and of", "hub hub offline", "Wi-Fi 4.2.1 ERR_TIMED_OUT don't", " ".join(f"w{n}" for n in range(20)),
])  # fmt: skip
def test_up_to_twenty_words_are_all_asked_for_as_ever(text):
    asked, terms = SearchQuery(**words_query(text)), terms_of(text)

    assert (asked.terms, asked.more, asked.left_out) == (terms, (), ())
    assert asked.need == (1 if len(terms) <= 2 else 2 if len(terms) <= 8 else len(terms) // 4)


@pytest.mark.parametrize(("text", "phrases", "excluded", "spaces", "states"), [
    ('hub "went offline" -mobile in:devices is:solved', ["went offline"], ["mobile"], ["devices"], ["solved"]),
    ('-"went offline" hub “at night”', ["at night"], ["went offline"], [], []),
    ("Error: ENOENT: no such file, open '/etc/x.conf'", [], [], [], []),
    ("-bash: foo: command not found", [], [], [], []),
    ("npm install --save -g foo", [], ["g"], [], []),
    (PLAIN, [], [], [], []),
    ('{"error":"timed out","code":-5} user_pref("layout.css") in: out', [], [], [], []),
    (f'in:devices -mobile {MESSAGE} "side by side" is:solved', ["side by side"], ["mobile"], ["devices"], ["solved"]),
])  # fmt: skip
def test_what_is_pasted_is_no_operator_and_what_is_typed_is_one(text, phrases, excluded, spaces, states):
    asked = parser.parse(text)

    assert [*asked.phrases] == phrases and [*asked.excluded] == excluded
    assert [*asked.spaces] == spaces and [*asked.states] == states


def test_many_words_in_quotation_marks_are_words():
    asked = parser.parse('"' + " ".join(f"word{number}" for number in range(30)) + '"')

    assert not asked.phrases and len(asked.terms) == MOST_TERMS and len(asked.more) == 10


@pytest.mark.parametrize(("word", "is_one"), [
    ("0x80070005", True), ("err_timed_out", True), ("4.2.1", True), ("e1234", True), ("enoent", False), ("2026", False),
    ("2026-11-26t10", False), ("10mb", False), ("3rd", False), ("a", False),
])  # fmt: skip
def test_codes_and_versions_are_known_from_days_and_sizes(word, is_one):
    assert telling.is_code(word) is is_one


def test_pasted_message_finds_what_says_its_code_and_tells_which_words_were_looked_for(find):
    make_topic(title="Bridge will not start", body="It says ENOENTX and relay.conf is missing. Who knows?")
    for number in range(6):
        make_topic(title=f"Strange things, part {number}", body="Error: no file.")

    found = find(MESSAGE)

    assert titles(found)[0] == "Bridge will not start"
    assert len(found.looked_for) == MOST_TERMS and {"ENOENTX", "relay.conf"} <= {*found.looked_for}
    assert find("bridge").looked_for == ()


def test_which_words_tell_is_not_told_by_what_the_viewer_may_not_see(find):
    text = " ".join(f"word{number}x" for number in range(30))
    make_topic(title="Talks", body=text)
    before = find(text).looked_for
    hidden = make_space(audience="groups")
    make_topic(space=hidden, author=make_user(is_superuser=True), title="Hidden", body=text[: len(text) // 2])

    assert find(text).looked_for == before
    assert find(text, viewer=viewer(make_user(is_superuser=True))).looked_for != before


def test_quoted_words_in_a_long_text_do_not_empty_a_list_of_the_newest(find):
    make_topic(title="Bridge will not start", body="ENOENTX, relay.conf")

    assert titles(find(MESSAGE + ' "nobody says this"', sort=["newest"])) == ["Bridge will not start"]


def test_page_feed_api_and_saved_searches_hold_the_whole_text(client: Client, index):
    make_topic(title="Bridge will not start", body="It says ENOENTX and relay.conf is missing.")
    index()
    query, user = {"q": MESSAGE}, make_user()
    client.force_login(user)

    page = client.get("/search/", query)
    feed = client.get("/search/feed/", query).content.decode()
    told = client.get("/api/v1/search", query).json()
    client.post("/search/saved/", {"query": urlencode(query)})

    assert "20 words that tell most" in page.content.decode() and "ENOENTX" in page.content.decode()
    assert page.context["query"].text == " ".join(MESSAGE.split())
    assert "Bridge will not start" in feed
    assert told["total"] == 1 and "ENOENTX" in told["looked_for"]
    row = SavedSearch.objects.get()
    assert saved.parsed(row.query).text == " ".join(MESSAGE.split())
    assert client.get(row.get_absolute_url()).context["results"].total == 1


def test_what_is_related_to_a_long_text_goes_by_the_words_that_tell(index):
    make_topic(title="Odd noises at night", body="It says ENOENTX, and relay.conf is there.")
    index()
    filler = " ".join(f"filler{chr(97 + n)}{chr(97 + m)}" for n in range(6) for m in range(6))

    cards = suggest.related(viewer(make_user()), text="Please help", body=f"{filler} ENOENTX relay.conf")

    assert [card.title for card in cards] == ["Odd noises at night"]


LONG = {
    "cyrillic": "кабель " * 142 + "провод", "emoji": "cable " + "🔌" * 994, "ligatures": "ﷺ" * 1_000,
}  # fmt: skip


@pytest.mark.parametrize("script", LONG)
def test_text_of_any_script_that_can_be_searched_is_saved_pinned_and_logged_whole(client: Client, index, script):
    text, other = LONG[script], LONG[script][:-1] + "x"
    topic, staff = make_topic(title="Cables", body="Which?"), make_user(is_superuser=True)
    index()
    client.force_login(staff)

    for each in (text, other):
        answer = client.post("/search/saved/", {"query": urlencode({"q": each})})
        assert answer.status_code == 302 and len(each) == 1_000
        assert client.get("/search/", {"q": each}).context["saved_search"]
        assert SearchLog.objects.latest("pk").text == log.normalised(each)
    pinned = client.post("/search/pins/", {"text": text, "kind": "topic", "object_id": topic.pk}, follow=True)

    assert {saved.parsed(row.query).text for row in SavedSearch.objects.all()} == {text, other}
    assert [result.card.id for result in pinned.context["results"].pinned] == [topic.pk]
    assert not client.get("/search/", {"q": other}).context["results"].pinned
    for page in ("/search/saved/", "/search/pins/", "/search/suggest/", "/insights/search/"):
        assert client.get(page).status_code == 200, page
    taken = shaping_take(viewer=viewer(staff), document={
        "format": 1, "pins": [{"text": each, "kind": "topic", "id": topic.pk} for each in (text, other)],
    })  # fmt: skip
    assert (taken.same, taken.pins) == (1, 1)


def test_search_that_is_longer_than_can_be_read_is_refused_by_name_and_not_saved_in_part(db):
    tags = [f"{n:02}" + "я" * 78 for n in range(20)]
    for query, field in (
        (urlencode({"q": "ab", "tag": tags, "author": tags, "product": tags}, doseq=True), "query"),
        (urlencode({"q": "a" * 1_001}), "q"),
    ):
        with pytest.raises(ValidationError) as refused:
            saved.saved_search_create(viewer=viewer(make_user()), query=query)
        assert list(refused.value.message_dict) == [field]

    assert not SavedSearch.objects.exists()


def test_pin_of_a_text_that_is_too_long_is_refused_and_meets_no_other(db):
    topic, staff = make_topic(), viewer(make_user(is_superuser=True))
    pin_create(viewer=staff, text="x" * 1_000, kind="topic", object_id=topic.pk)

    with pytest.raises(ValidationError) as refused:
        shaping_take(viewer=staff, document={"format": 1, "pins": [
            {"text": "x" * 1_001, "kind": "topic", "id": topic.pk},
        ]})  # fmt: skip

    assert list(refused.value.message_dict) == ["pins.0"]

"""What people type and what comes: the same for every engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.viewer import viewer_for
from community.forums.services import post_edit, solution_accept
from search import outbox, parser, services
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.search.conftest import titles


def test_word_in_title_comes_before_word_in_body(find):
    make_topic(title="Moving to a new flat", body="My kettlewick came along.")
    make_topic(title="Kettlewick shows the wrong room", body="It is cold here.")

    assert titles(find("kettlewick")) == ["Kettlewick shows the wrong room", "Moving to a new flat"]


def test_another_form_of_a_word_is_found(find):
    make_topic(title="Passwords expire too soon")

    assert titles(find("password expired")) == ["Passwords expire too soon"]


def test_accents_and_case_do_not_matter(find):
    make_topic(title="Café mode keeps the BLINDS open")

    assert titles(find("CAFE")) == titles(find("blinds")) == ["Café mode keeps the BLINDS open"]


def test_more_words_rank_the_best_covered_first_and_require_none(find):
    make_topic(title="Marketplace app does not open")
    make_topic(title="Desktop notifications")

    found = find("marketplace app on desktop")

    assert titles(found)[0] == "Marketplace app does not open"
    assert titles(find("marketplace app on desktop for penguins zebras walruses"))[0] == "Marketplace app does not open"


def test_short_words_and_numbers_are_found(find):
    make_topic(title="The php hook answers 403")

    assert titles(find("php")) == titles(find("403")) == ["The php hook answers 403"]


def test_versions_and_codes_match_as_written(find):
    make_topic(title="After 4.2.1 the hub restarts")
    make_topic(title="After 4.1.2 the hub restarts")
    make_topic(title="Update fails with ERR_TIMED_OUT")

    assert titles(find("4.2.1")) == ["After 4.2.1 the hub restarts"]
    assert titles(find("ERR_TIMED_OUT")) == ["Update fails with ERR_TIMED_OUT"]


def test_exact_title_comes_first(find):
    for number in range(5):
        make_topic(title=f"Night mode night mode night mode {number}", body="Night mode. " * 20)
    make_topic(title="Night mode", body="Where is it?")

    assert titles(find("night mode"))[0] == "Night mode"


def test_reply_is_found_and_leads_to_its_topic(find):
    topic = make_topic(title="Lamp flickers")
    make_reply(topic, body="Replace the capacitor next to the relay.")

    found = find("capacitor")

    assert titles(found) == ["Lamp flickers"]
    assert "<mark>capacitor</mark>" in found.items[0].excerpt_html


def test_phrase_needs_the_words_side_by_side(find):
    make_topic(title="Hub offline at night")
    make_topic(title="Offline: the hub at my summer house")

    assert titles(find('"hub offline"')) == ["Hub offline at night"]
    assert find("hub offline").total == 2


def test_quoted_words_beside_others_that_nothing_says_are_looked_for_one_by_one(find):
    make_topic(title="Mail server timed out")
    make_topic(title="Lamp flickers")

    found = find('mail "server connection timed out"')

    assert (titles(found), found.is_loose) == (["Mail server timed out"], True)
    assert not find('mail "server timed out"').is_loose
    assert find('"server connection timed out"').total == 0, "alone it is meant as written"
    assert find('mail "server connection timed out" -server').total == 0
    assert find('mail "server connection timed out"', sort=["newest"]).total == 0


def test_minus_leaves_out(find):
    make_topic(title="Bridge loses lamps")
    make_topic(title="Bridge loses blinds")

    assert titles(find("bridge -lamps")) == ["Bridge loses blinds"]


def test_slip_in_a_title_word_is_forgiven_and_told(find):
    make_topic(title="Thermostat shows the wrong room")

    found = find("thermotsat")

    assert titles(found) == ["Thermostat shows the wrong room"]
    assert found.meant == "thermostat"


def test_word_is_not_taken_for_its_own_beginning(find):
    make_topic(title="More space on the disk")

    assert find("spacex").total == 0
    assert "More space on the disk" in titles(find("spacee")), "but for its last letter typed twice"


def test_short_word_is_not_bent(find):
    make_topic(title="About rtp streams")

    assert find("rdp").total == 0


def test_operators_filter(find):
    devices, start = make_space(name="Devices", slug="devices"), make_space(name="Start", slug="start")
    ines = make_user("ines")
    first = make_topic(space=devices, author=ines, title="Sensor battery", tags=["battery"])
    make_topic(space=start, title="Sensor placement")
    solution_accept(viewer=viewer(ines), topic=first, post=make_reply(first, body="Use a lithium cell."))

    assert titles(find("sensor in:devices")) == ["Sensor battery"]
    assert titles(find("sensor is:solved")) == ["Sensor battery"]
    assert titles(find("sensor author:ines")) == ["Sensor battery"]
    assert titles(find("sensor tag:battery")) == ["Sensor battery"]
    assert titles(find("sensor kind:topics in:start")) == ["Sensor placement"]
    assert titles(find("sensor", space=["start"])) == ["Sensor placement"]


def test_dates_bound_when_it_began(find):
    make_topic(title="Gateway in March", at=datetime(2026, 3, 10, tzinfo=UTC))
    make_topic(title="Gateway in May", at=datetime(2026, 5, 10, tzinfo=UTC))

    assert titles(find("gateway after:2026-04")) == ["Gateway in May"]
    assert titles(find("gateway before:2026-03")) == ["Gateway in March"]
    assert titles(find("gateway after:2026-03-10 before:2026-03-10")) == ["Gateway in March"]


def test_filter_alone_lists_what_it_names(find):
    space = make_space(slug="lab")
    make_topic(space=space, title="Inside one")
    make_topic(title="Outside two")

    assert titles(find("in:lab kind:topic")) == ["Inside one"]


def test_newest_is_newest(find):
    now = timezone.now()
    for days in (3, 1, 2):
        make_topic(title=f"Dimmer {days}", body="dimmer " * days, at=now - timedelta(days=days))

    assert titles(find("dimmer", sort=["newest"])) == ["Dimmer 1", "Dimmer 2", "Dimmer 3"]


def test_pages_do_not_overlap_and_hold_all(find):
    space, author = make_space(), make_user()
    for number in range(25):
        make_topic(space=space, author=author, title=f"Relay {number}")

    first, second = find("relay"), find("relay", page=["2"])

    assert first.total == second.total == 25
    assert len(first.items) == 20 and len(second.items) == 5
    assert len({item.card.id for item in [*first.items, *second.items]}) == 25
    assert second.items[0].rank == 21


def test_solution_leads_the_best_hit(find):
    author = make_user()
    topic = make_topic(author=author, title="Siren does not stop")
    solution_accept(viewer=viewer(author), topic=topic, post=make_reply(topic, body="Press both buttons."))

    best = find("siren").items[0]

    assert best.is_best
    assert best.card.lead == "Press both buttons."
    assert best.card.state == "solved"


def test_person_and_space_are_found_by_name(find):
    outbox.mark("person", [make_user("okonkwo", display_name="Adaeze Okonkwo").pk])
    make_space(name="Greenhouse automation", slug="greenhouse")

    assert [(i.card.kind, i.card.title) for i in find("adaeze").items] == [("person", "Adaeze Okonkwo")]
    assert [(i.card.kind, i.card.title) for i in find("greenhouse").items] == [("space", "Greenhouse automation")]


def test_edit_is_found_and_the_old_text_is_not(find):
    author = make_user()
    topic = make_topic(author=author, title="Before the edit", body="zinnia")
    assert find("zinnia").total == 1

    post_edit(viewer=viewer(author), post=topic.posts.get(number=1), body="marigold")

    assert find("zinnia").total == 0
    assert titles(find("marigold")) == ["Before the edit"]


HOSTILE = [
    '"', '""', "*", "hub*", "NEAR(hub lamp)", "hub NEAR lamp", "title:hub", "hub AND", "OR", "NOT NOT", "(",
    ")))((", "a^2", "{hub}", "'; DROP TABLE search_entry; --", "hub\\", "%", "_", "-", "--", "-\"", "in:", "kind:",
    "before:banana", "after:2026-99-99", "kind:unicorn", "<script>alert(1)</script>", "&amp;",
    "hub & lamp | sensor ! x <-> y", ":*", "日本語", "😀", "ا", "`", "$$", "\t", "is:\"", "é" * 200, "a" * 1_000,
    " ".join(["w"] * 500), "\u200b", "+hub", "~hub", "/hub.*/", "[1 TO 2]", "_exists_:title", "\\",
]  # fmt: skip


def test_hostile_text_never_fails(find):
    make_topic(title="The hub and the lamp")

    for text in HOSTILE:
        found = find(text)

        assert not found.degraded, text
        assert found.total >= len(found.items), text


@pytest.mark.parametrize("text", ["a" * 1_001, "nul \0 inside", "bell \x07"])
def test_too_long_or_unprintable_text_is_refused_by_field(text):
    with pytest.raises(ValidationError) as refused:
        parser.parse(text)
    assert list(refused.value.message_dict) == ["q"]


def test_excerpt_and_title_are_escaped_with_only_marks_as_tags(find):
    make_topic(title="<b>Valve</b> & <script>alert(1)</script>", body="A `<img src=x onerror=alert(1)>` valve & more.")

    item = find("valve").items[0]

    for html in (item.title_html, item.excerpt_html):
        stripped = html.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in stripped
    assert "<mark>Valve</mark>" in item.title_html
    assert "<mark>valve</mark>" in item.excerpt_html


def test_empty_query_finds_nothing_and_asks_no_engine(engine, django_assert_num_queries):
    nobody = viewer_for(None)
    with django_assert_num_queries(0):
        found = services.search(nobody, parser.parse("   "))
    assert found.total == 0

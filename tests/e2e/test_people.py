"""People in a browser: the card beside a name, ignoring somebody, messages and polls that go on by themselves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.people import Crowd
from tests.e2e.test_hands import press, reach
from tests.e2e.test_journeys import CUSTOMER, EXPERT, ask, reply
from tests.e2e.test_pages import assert_sound

pytestmark = pytest.mark.e2e
CARD = "#person-card"


def test_card_when_pointed_at_or_reached_by_keys_then_opens_stays_and_goes_with_escape(crowd: Crowd):
    page = crowd.member(CUSTOMER).open("/people/?q=Yuki")
    name = page.locator("main .people a.name").first

    name.hover()
    expect(page.locator(CARD)).to_be_visible()
    expect(page.locator(CARD)).to_contain_text("Joined")
    expect(name).to_have_attribute("aria-describedby", "person-card")
    page.locator(CARD).hover()
    page.locator(CARD).hover(position={"x": 20, "y": 20})
    expect(page.locator(CARD)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(CARD)).to_be_hidden()

    page.locator("h1").hover()
    reach(page, name)
    expect(page.locator(CARD)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(CARD)).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('main .people a.name')"), "Escape took the focus away"
    page.keyboard.press("Enter")
    page.wait_for_url("**/u/yuki/")


def test_card_when_pointed_at_before_its_script_came_then_opens_all_the_same(crowd: Crowd):
    person = crowd.member(CUSTOMER)
    held: list[Route] = []
    person.page.route(re.compile(r"/person-card[^/]*\.js"), lambda route: held.append(route))
    page = person.open("/people/?q=Yuki")

    page.locator("main .people a.name").first.hover()
    page.wait_for_function("() => document.querySelector('main .people a.name:hover')")
    held[0].continue_()

    expect(page.locator(CARD)).to_be_visible()


def test_person_when_ignored_by_keys_then_what_they_write_is_folded_until_heard_again(crowd: Crowd):
    reader, writer = crowd.member(CUSTOMER), crowd.member(EXPERT, process=1)
    path = ask(reader, "Doorbell rings twice at night")
    reply(writer, path, "It is the echo of the second chime.")
    them = reader.open(path).locator("[data-posts] .post").last.locator("a.name").get_attribute("href")

    page = reader.open(them)
    reach(page, page.get_by_text("Mute or ignore"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_label("No notifications", exact=True))
    page.keyboard.press("ArrowDown")
    reach(page, page.locator(".quieten").get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Hear them again")).to_be_visible()
    try:
        page = reader.open(path)
        words = page.get_by_text("It is the echo of the second chime.")
        expect(words).to_be_hidden()
        reach(page, page.locator("details.folded > summary"))
        page.keyboard.press("Enter")
        expect(words).to_be_visible()
        assert_sound(page, "folded-post")
        reader.open("/settings/ignored/")
        assert_sound(reader.page, "ignored")
    finally:
        page = reader.open(them)
        page.get_by_role("button", name="Hear them again").click()
        expect(page.get_by_text("Mute or ignore")).to_be_visible()
    expect(reader.open(path).get_by_text("It is the echo of the second chime.")).to_be_visible()


def test_message_when_somebody_answers_then_the_open_page_shows_it_and_a_search_finds_it(crowd: Crowd):
    writer, reader = crowd.member(EXPERT), crowd.member(CUSTOMER, process=1)
    page = writer.open("/messages/new/?to=mara")
    page.fill("[name=subject]", "Lanterns for the yard")
    page.fill("[name=body]", "How many lanterns?")
    page.locator("[name=body]").press("Control+Enter")
    page.wait_for_url(re.compile(r"/messages/\d+/"))
    _watched(page, "[data-live-conversation]")
    path = page.evaluate("location.pathname")
    page.locator("#id_body").fill("I am still writing")

    answer = reader.open(path)
    _watched(answer, "[data-live-conversation]")
    answer.fill("[name=body]", "Eleven lanterns, please.")
    reach(answer, answer.get_by_role("button", name="Send"))
    answer.keyboard.press("Enter")

    expect(page.locator("[data-messages]")).to_contain_text("Eleven lanterns")
    expect(page.locator("#id_body")).to_have_value("I am still writing")
    expect(page.locator("[data-live-banner]")).to_have_text("1 new message")
    found = reader.open("/messages/?q=eleven+lanterns")
    assert_sound(found, "messages-found")
    found.get_by_role("link", name="Lanterns for the yard").first.click()
    expect(found.locator("#message-2")).to_contain_text("Eleven lanterns")


def test_poll_when_others_vote_then_the_open_page_counts_without_reload_and_keeps_a_choice(crowd: Crowd):
    asker, voter = crowd.member(EXPERT), crowd.member(CUSTOMER, process=1)
    page = asker.open("/s/devices/new/")
    page.fill("[name=title]", "Which lamp for the porch?")
    page.fill("[name=body]", "The old one broke.")
    page.locator("details.panel summary").click()
    page.fill("[name=question]", "Which one?")
    page.fill("[name=options]", "Round\nSquare")
    page.get_by_role("button", name="Post it").click()
    page.wait_for_url("**/t/**")
    _watched(page, "[data-live-topic]")
    path = page.url.removeprefix(asker.base)

    vote = voter.open(path)
    reach(vote, vote.get_by_label("Round"))
    vote.keyboard.press("Space")
    reach(vote, vote.get_by_role("button", name="Vote", exact=True))
    vote.keyboard.press("Enter")
    expect(page.locator(".poll-option", has_text="Round")).to_contain_text("1 · 100 %")

    page.get_by_label("Square").check()
    press(voter, path, "Take it back")
    expect(vote.locator(".poll-option", has_text="Round")).to_contain_text("0 · 0 %")
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.locator(".poll-option", has_text="Square")).to_contain_text("1 · 100 %")


def test_post_when_words_in_it_are_marked_then_they_are_quoted_into_the_reply(crowd: Crowd):
    asker, helper = crowd.member(CUSTOMER), crowd.member(EXPERT, process=1)
    path = ask(asker, "Gate opens twice", body="First it opens.\n\nThen it opens again.")
    page = helper.open(path)
    page.locator(".quote-it").wait_for(state="attached")

    page.locator("#post-1 .prose p").nth(1).click(click_count=3)
    page.locator(".quote-it").click()

    expect(page.locator("#reply textarea")).to_have_value(re.compile(r"> @mara \[#1\].*\n>\n> Then it opens again\."))
    page.keyboard.type("How often?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-posts] blockquote")).to_contain_text("Then it opens again.")
    expect(page.locator("[data-posts] .post").last).to_contain_text("How often?")


def test_post_when_opened_to_others_by_keys_then_they_improve_it_react_to_it_and_all_is_told(crowd: Crowd):
    author, other = crowd.member(CUSTOMER), crowd.member(EXPERT, process=1)
    path = ask(author, "List of all reset codes")
    assert author.open(path).locator("#post-1 [data-post-key=e]").count() == 1
    assert other.open(path).locator("#post-1 [data-post-key=e]").count() == 0

    history = author.page.get_by_role("link", name="Who may edit").get_attribute("href")
    page = press(author, history, "Let others improve it")
    expect(page.get_by_role("button", name="Only the author edits again")).to_be_visible()
    page = other.open(path)
    reach(page, page.locator("#post-1 [data-post-key=e]"))
    page.keyboard.press("Enter")
    reach(page, page.locator("[name=body]"))
    page.keyboard.press("Control+End")
    page.keyboard.type(" Code 7 is for the gate.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#post-1")).to_contain_text("Code 7 is for the gate.")
    reach(page, page.locator("#post-1 .react-more summary"))
    page.keyboard.press("Enter")
    reach(page, page.locator("#post-1 .react-set button[value=heart]"))
    page.keyboard.press("Enter")
    expect(page.locator("#post-1 button[name=remove][value=heart]")).to_be_visible()

    expect(author.open(path).locator("#post-1 [data-reactions]")).to_contain_text("1")
    expect(author.open(history).locator("main ins")).to_contain_text("Code 7 is for the gate.")


def _watched(page: Page, where: str) -> None:
    """Until the page's socket is told that it hears of this."""
    expect(page.locator(where)).to_have_attribute("data-watched", "")

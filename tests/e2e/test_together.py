"""What people do together in a topic and in private: polls, reactions, hidden words, messages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.test_journeys import CUSTOMER, EXPERT
from tests.e2e.test_pages import assert_sound

pytestmark = pytest.mark.e2e


def test_topic_when_it_holds_a_poll_hidden_words_and_reactions_then_it_works_and_is_sound(crowd):
    author, reader = crowd.member(EXPERT), crowd.member(CUSTOMER)
    page = author.open("/s/devices/new/")
    page.fill("[name=title]", "Where shall the next meeting be?")
    page.fill("[name=body]", "It was ||in Oslo||[^1].\n\n:::spoiler Who came\nAll of us.\n:::\n\n[^1]: Last year.")
    page.locator("details.panel summary").click()
    page.fill("[name=question]", "Where?")
    page.fill("[name=options]", "Online\nIn Bergen")
    page.get_by_role("button", name="Post it").click()
    page.wait_for_url("**/t/**")
    path = page.url.removeprefix(author.base)

    page = reader.open(path)
    page.get_by_label("In Bergen").check()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.locator(".poll-option", has_text="In Bergen")).to_contain_text("100 %")
    page.locator(".react-more summary").click()
    page.locator(".react-set button[value=heart]").click()
    expect(page.locator("button[name=remove][value=heart]")).to_be_visible()
    page.get_by_text("Who came").click()
    expect(page.get_by_text("All of us.")).to_be_visible()
    page.locator("span.spoiler").focus()
    expect(page.locator("span.spoiler")).to_have_css("filter", "none")
    assert_sound(page, "topic-poll")
    reader.open(page.get_by_role("link", name="Who?").get_attribute("href"))
    assert_sound(page, "reactions")


FAINT = """() => [...document.querySelectorAll('.btn')].map((one) => [one.outerHTML, getComputedStyle(one).opacity])
  .filter(([, opacity]) => opacity !== '1')"""


def test_topic_when_what_others_did_is_fetched_then_nothing_goes_faint_until_it_is_there(crowd):
    author, reader = crowd.member(EXPERT), crowd.member(CUSTOMER)
    page = author.open("/s/devices/new/")
    page.fill("[name=title]", "Who has the hub on the wall?")
    page.fill("[name=body]", "Mine hangs beside the door.")
    page.get_by_role("button", name="Post it").click()
    page.wait_for_url("**/t/**")
    expect(page.locator("[data-live-topic][data-watched]")).to_be_attached()
    held: list[Route] = []
    page.route("**/posts/*/reactions/", lambda route: held.append(route))

    with page.expect_request("**/posts/*/reactions/"):
        other = reader.open(page.url.removeprefix(author.base))
        other.locator(".react-more summary").click()
        other.locator(".react-set button[value=heart]").click()

    assert page.evaluate(FAINT) == []
    held[0].continue_()
    expect(page.locator("[data-reactions]")).to_contain_text("1")


def test_message_when_written_and_answered_then_both_read_it_and_the_page_is_sound(crowd):
    writer, reader = crowd.member(EXPERT), crowd.member(CUSTOMER)
    page = writer.open("/messages/new/?to=mara")
    page.fill("[name=subject]", "Your hub arrives on Friday")
    page.fill("[name=body]", "Shall I come at **nine**?")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/messages/*/")

    answer = reader.open("/messages/")
    answer.get_by_role("link", name="Your hub arrives on Friday").first.click()
    answer.fill("[name=body]", "Nine is fine.")
    answer.get_by_role("button", name="Send").click()
    expect(answer.get_by_text("Nine is fine.").first).to_be_visible()
    assert_sound(answer, "conversation")
    expect(writer.open(page.url.removeprefix(writer.base)).get_by_text("Nine is fine.").first).to_be_visible()

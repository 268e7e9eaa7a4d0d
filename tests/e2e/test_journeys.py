"""What a person can do when this is done (issue 3), done in browsers, from both web processes."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import expect

from tests.e2e.people import PATIENCE, Crowd, Person

pytestmark = pytest.mark.e2e

CUSTOMER, EXPERT = "customer@demo.example", "expert@demo.example"
MODERATOR, AGENT = "moderator@demo.example", "agent@demo.example"


def ask(
    person: Person, title: str, body: str = "It worked until the update. What can I try?", space: str = "devices"
) -> str:
    """Ask a question through the form; returns the topic's path."""
    page = person.open(f"/s/{space}/new/")
    question = page.locator("input[name=kind][value=question]")
    if question.count():
        question.check()
    page.fill("[name=title]", title)
    page.fill("[name=body]", body)
    page.get_by_role("button", name="Post it").click()
    page.wait_for_url(re.compile(r"/t/\d+/"))
    return page.url.removeprefix(person.base)


def reply(person: Person, path: str, body: str) -> None:
    """Reply to a topic through the form."""
    page = person.open(path)
    page.fill("#reply [name=body]", body)
    page.locator("#reply button.primary").click()
    expect(page.locator("[data-posts]")).to_contain_text(body, timeout=PATIENCE)


def test_a_question_when_asked_and_answered_then_is_solved_and_found(crowd: Crowd):
    title = "Porch lamp turns violet after midnight"
    asker, helper = crowd.member(CUSTOMER), crowd.member(EXPERT, process=1)

    path = ask(asker, title, "Only the **porch** lamp.\n\n```\nscene: midnight\n```")
    expect(asker.page.locator("h1")).to_have_text(title)
    expect(asker.page.locator("[data-posts] strong").first).to_have_text("porch")
    reply(helper, path, "That is the moonlight scene: switch it off under Scenes.")
    page = asker.open(path)
    page.get_by_role("button", name="This is the answer").click()

    expect(page.locator("main")).to_contain_text("Solved")
    asker.sees("/search/?q=violet+porch+lamp", ".hits", title)


def test_a_reply_when_written_at_another_process_then_the_bell_and_the_open_page_tell_without_reload(crowd: Crowd):
    asker, helper = crowd.member(CUSTOMER), crowd.member(EXPERT, process=1)
    path = ask(asker, "Window sensor reports open in the wind")
    page = asker.open(path)
    badge = page.locator("[data-bell-count]")
    expect(page.locator("[data-live-topic][data-watched]")).to_be_attached(timeout=PATIENCE)
    before = badge.inner_text().strip()
    page.evaluate("window.stillTheSamePage = true")

    reply(helper, path, "Raise the threshold to 3 mm.")

    expect(badge).not_to_have_text(before, timeout=PATIENCE)
    expect(page.locator("[data-live-banner]")).to_contain_text("1 new reply", timeout=PATIENCE)
    assert page.evaluate("window.stillTheSamePage") is True
    listed = asker.open("/notifications/")
    expect(listed.locator("main")).to_contain_text("Window sensor reports open in the wind")


def test_a_flag_when_decided_then_the_post_is_gone_and_the_flagger_hears(crowd: Crowd):
    asker, spammer, judge = crowd.member(CUSTOMER), crowd.member(EXPERT), crowd.member(MODERATOR, process=1)
    path = ask(asker, "Which bulbs fit the hallway spots?")
    advert = f"Cheap bulbs at my shop, offer {secrets.token_hex(3)}."
    reply(spammer, path, advert)

    page = asker.open(path)
    page.locator("[data-posts] article, [data-posts] .post").last.get_by_role("link", name="Flag").click()
    page.locator("input[name=reason][value=spam]").check()
    page.get_by_role("button", name="Send to the moderators").click()
    expect(page.locator("body")).to_contain_text(
        re.compile("Thank you|Thanks|moderators (have|will|look)"), timeout=PATIENCE
    )
    queue = judge.open("/moderation/")
    queue.get_by_text(advert).first.click()
    expect(queue.locator(".review-post")).to_contain_text(advert, timeout=PATIENCE)
    with queue.expect_response(re.compile("/decide/")):
        queue.locator("#decide button[value=remove]").click()

    expect(asker.open(path).locator("[data-posts]")).not_to_contain_text(advert)
    asker.sees("/notifications/", "main", re.compile("removed", re.IGNORECASE))


def test_a_case_when_opened_from_a_thread_then_agent_and_customer_see_each_their_part(crowd: Crowd):
    asker, agent, other = crowd.member(CUSTOMER), crowd.member(AGENT, process=1), crowd.member(EXPERT)
    path = ask(asker, "Hub restarts every evening at nine")

    page = agent.open(path)
    page.get_by_role("link", name="Create case").click()
    page.fill("[name=subject]", "Hub restarts at nine, log wanted")
    page.fill("[name=body]", "Please send us the log of last night.")
    page.get_by_role("button", name="Open the case").click()
    page.wait_for_url(re.compile(r"/support/[A-Z]+-\d+/"))
    number = re.search(r"/support/([A-Z]+-\d+)/", page.url).group(1)  # type: ignore[union-attr]
    expect(agent.open(path).locator("aside")).to_contain_text(number)

    expect(asker.open(f"/support/{number}/").locator("main")).to_contain_text("Please send us the log of last night.")
    assert other.page.goto(f"{other.base}/support/{number}/").status == 404  # type: ignore[union-attr]
    expect(other.open(path).locator("body")).not_to_contain_text(number)


def test_an_idea_when_voted_then_the_count_goes_up_once(crowd: Crowd):
    voter = crowd.member(EXPERT)
    page = voter.open("/ideas/")
    vote = page.locator("form[action*='/vote/'] button[aria-pressed=false]").first
    action = vote.locator("xpath=ancestor::form").get_attribute("action")

    vote.click()

    expect(page.locator(f"form[action='{action}'] button")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
    again = voter.open("/ideas/")
    expect(again.locator(f"form[action='{action}'] button")).to_have_attribute("aria-pressed", "true")


def test_signing_in_and_out_when_done_by_hand_then_works(crowd: Crowd):
    person = crowd.visitor()
    person.sign_in(CUSTOMER)
    expect(person.page.locator("[data-bell]")).to_be_visible()

    page = person.open("/accounts/logout/")
    page.locator("main form button").first.click()

    expect(page.locator("[data-bell]")).to_have_count(0)


def test_everything_when_scripts_are_off_then_one_can_still_ask_and_reply(crowd: Crowd):
    person = crowd.member(EXPERT, script=False)

    path = ask(person, "Asked without any script")
    reply(person, path, "Answered without any script.")
    found = person.open("/search/?q=hub")

    assert found.locator(".hits li").count() > 0

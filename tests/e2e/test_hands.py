"""The flows of issue 6 by keyboard alone, with and without scripts; and what moderators do to topics, by hand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.people import Crowd, Person
from tests.e2e.test_journeys import AGENT, CUSTOMER, EXPERT, MODERATOR, ask, reply
from tests.e2e.test_pages import MANAGER

pytestmark = pytest.mark.e2e
MOST_TABS = 250
# The box around the composer wears the ring of what is written in.
RINGS = """(one) => [one, one.closest(".composer")].map((box) => box && getComputedStyle(box)).map(
  (style) => style && (style.outlineStyle !== "none" || style.boxShadow !== "none"))"""


def reach(page: Page, target: Locator) -> None:
    """Tab to it from the beginning of the page (what skips the menus included); a ring has to show where one is."""
    target.wait_for()
    wanted = target.first.element_handle()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement"):
            assert any(wanted.evaluate(RINGS)), "the focus cannot be seen"
            return
    raise AssertionError(f"{target} is not reached by the Tab key")


def press(person: Person, path: str, name: str, key: str = "Enter") -> Page:
    """Open a page, tab to the button and press it; the page that follows."""
    page = person.open(path)
    reach(page, page.locator("main").get_by_role("button", name=name).first)
    page.keyboard.press(key)
    return page


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_question_when_only_keys_are_used_then_is_asked_answered_accepted_and_followed(crowd: Crowd, script: bool):
    asker, helper = crowd.member(CUSTOMER, script=script), crowd.member(EXPERT, process=1, script=script)
    title = f"Hub forgets the porch scene, {'with' if script else 'without'} scripts"

    page = asker.open("/s/devices/new/")
    reach(page, page.locator("[name=title]"))
    page.keyboard.type(title)
    reach(page, page.locator("[name=body]"))
    page.keyboard.type("After every restart. What keeps it?")
    reach(page, page.get_by_role("button", name="Post it"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/t/\d+/"))
    path = page.url.removeprefix(asker.base)

    page = helper.open(path)
    reach(page, page.locator("#reply [name=body]"))
    page.keyboard.type("Save it once more under Scenes, then it stays.")
    reach(page, page.locator("#reply button.primary"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-posts]")).to_contain_text("Save it once more")

    page = press(asker, path, "This is the answer")
    expect(page.locator("main")).to_contain_text("Solved")
    page = press(helper, path, "Following", key="Space")
    expect(page.locator("main").get_by_role("button", name="Follow", exact=True)).to_be_visible()
    page = press(helper, path, "Follow", key="Space")
    expect(page.locator("main").get_by_role("button", name="Following", exact=True)).to_be_visible()


def test_question_when_taken_then_others_see_it_and_the_queue_lets_it_go(crowd: Crowd):
    asker, helper = crowd.member(CUSTOMER), crowd.member(MODERATOR, process=1)
    path = ask(asker, "Dimmer hums at forty percent")

    page = press(helper, path, "Take it")
    expect(page.locator("main")).to_contain_text("Let it go")
    assert page.get_by_role("button", name="Let it go").count() == 1
    listed = helper.open("/questions/")
    expect(listed.locator("main")).to_contain_text("Dimmer hums at forty percent")
    page = press(helper, path, "Needs info")
    expect(page.locator("main")).to_contain_text("Enough information")


def test_replies_when_split_and_topics_when_merged_then_the_old_address_leads_on(crowd: Crowd):
    asker, helper, moderator = crowd.member(CUSTOMER), crowd.member(EXPERT), crowd.member(MODERATOR, process=1)
    path = ask(asker, "Two things at once about the garage door")
    reply(helper, path, "The remote: that is quite another question.")

    page = moderator.open(f"/t/{path.split('/')[2]}/regroup/")
    page.locator("[name=post]").first.check()
    page.fill("[name=title]", "The garage remote loses its pairing")
    page.get_by_role("button", name="Move them").click()
    page.wait_for_url(re.compile(r"/t/\d+/the-garage-remote"))
    expect(page.locator("[data-posts]")).to_contain_text("quite another question")
    split = page.url.removeprefix(moderator.base)
    expect(asker.open(path).locator("[data-posts]")).not_to_contain_text("quite another question")

    page = moderator.open(f"/t/{split.split('/')[2]}/manage/")
    page.fill("[name=other]", path)
    page.get_by_role("button", name="Merge this into it").click()
    page.wait_for_url(re.compile(rf"{re.escape(path.partition('#')[0])}"))
    expect(asker.open(split).locator("[data-posts]")).to_contain_text("quite another question")
    assert asker.page.url.removeprefix(asker.base).startswith(path.partition("#")[0])


def test_topics_when_closed_together_then_one_press_opens_them_again(crowd: Crowd):
    asker, moderator = crowd.member(CUSTOMER), crowd.member(MODERATOR)
    paths = [ask(asker, f"Doorbell rings by itself, time {number}") for number in (1, 2)]

    page = moderator.open("/s/devices/")
    page.get_by_role("link", name="Select", exact=True).click()
    for path in paths:
        page.locator(f"input[type=checkbox][value='{path.split('/')[2]}']").check()
    page.select_option("#bulk-act", "close")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("body")).to_contain_text("2 topics changed.")
    expect(asker.open(paths[0]).locator("main")).to_contain_text("This topic is closed")

    page.get_by_role("link", name="Undo").click()
    page.locator("main form button.primary").click()
    expect(page.locator("body")).to_contain_text("2 topics set back.")
    for path in paths:
        expect(asker.open(path).locator("#reply [name=body]")).to_be_visible()


def test_search_when_staff_shape_it_by_keys_then_words_pins_and_weights_change_and_go_back(crowd: Crowd):
    agent, manager = crowd.member(AGENT), crowd.member(MANAGER, process=1)

    page = agent.open("/search/synonyms/")
    reach(page, page.locator("main [name=rule]"))
    page.keyboard.type("porch light, veranda lamp")
    page.keyboard.press("Enter")
    expect(page.locator(".lines")).to_contain_text("porch light, veranda lamp")
    page = press(agent, "/search/synonyms/", "Remove “porch light, veranda lamp”")
    expect(page.locator(".lines")).not_to_contain_text("veranda lamp")

    page = press(agent, "/search/?q=hub", "Pin")
    expect(page.locator("main")).to_contain_text("it comes first for “hub”")
    expect(page.locator(".hit.pinned")).to_have_count(1)
    page = press(agent, "/search/pins/", "Unpin")
    expect(page.locator("main")).to_contain_text("Unpinned.")

    page = manager.open("/search/relevance/")
    reach(page, page.locator("main [name=title]"))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    reach(page, page.get_by_role("button", name="Try it"))
    page.keyboard.press("Enter")
    expect(page.locator(".changed-list")).to_contain_text("Title: 1 → 2")

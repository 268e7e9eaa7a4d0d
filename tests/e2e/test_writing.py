"""The composer as a person uses it: lists under the caret, pictures, quotes, and a draft that follows to the phone."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.people import Crowd
from tests.e2e.test_journeys import CUSTOMER, EXPERT, PATIENCE, ask

pytestmark = pytest.mark.e2e


def picture() -> dict:
    made = io.BytesIO()
    Image.new("RGB", (1600, 800), "teal").save(made, "PNG")
    return {"name": "hub.png", "mimeType": "image/png", "buffer": made.getvalue()}


def choose(page: Page, typed: str) -> None:
    """Type what opens a list under the caret, and take its first line."""
    page.keyboard.type(typed)
    expect(page.locator(".completions [aria-selected=true]")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Enter")
    expect(page.locator(".completions")).to_have_count(0)


def test_composer_when_its_script_comes_then_nothing_on_the_page_moves(crowd: Crowd):
    person = crowd.member(CUSTOMER)
    page = person.open("/s/devices/new/")
    button = page.locator("form[data-draft] button.primary")
    page.locator("[data-attach-plain][hidden]").wait_for(state="attached")
    ready = button.bounding_box()

    page.route(re.compile(r"/composer[^/]*\.js"), lambda route: route.fulfill(content_type="text/javascript", body=""))
    person.open("/s/devices/new/")

    assert page.locator("[data-tools][hidden]").count() == 1
    assert button.bounding_box() == ready


def test_reply_when_written_with_help_then_names_a_person_and_shows_the_picture(crowd: Crowd):
    asker, helper = crowd.member(CUSTOMER), crowd.member(EXPERT)
    path = ask(asker, "Where does the violet glow come from?")
    page = helper.open(path)
    area = page.locator("#reply textarea")
    area.focus()
    page.locator("text-expander:defined").wait_for(state="attached")

    choose(page, "Hi @mara")
    choose(page, "look :tada")
    expect(area).to_have_value("Hi @mara look 🎉 ")
    page.locator("#reply [data-attach]").wait_for()
    page.set_input_files("#reply input[type=file]", files=[picture()])
    page.locator(".attached label input").fill("The hub at night")
    expect(area).to_have_value(re.compile(r"!\[The hub at night\]\(/files/"))
    page.locator("#reply button.primary").click()

    shown = page.locator("[data-posts] .pic img")
    expect(shown).to_have_attribute("alt", "The hub at night", timeout=PATIENCE)
    expect(shown).to_have_attribute("width", "1600")
    expect(page.locator("[data-posts] a.mention")).to_have_text("@mara")


def test_draft_when_begun_at_the_desk_then_goes_on_at_the_phone_and_is_gone_when_sent(crowd: Crowd):
    desk = crowd.member(CUSTOMER)
    path = ask(desk, "Does the porch sensor sleep in winter?")
    page = desk.open(path)
    page.locator("[data-tools]:visible").wait_for()  # the script is there
    page.locator("#reply textarea").fill("What I found out so far")
    expect(page.locator("#reply [data-draft-state]")).to_have_text("Draft saved", timeout=PATIENCE)

    phone = crowd.member(CUSTOMER).open("/drafts/")
    phone.get_by_role("link", name="Go on").first.click()
    expect(phone.locator("#reply textarea")).to_have_value("What I found out so far", timeout=PATIENCE)
    phone.locator("#reply button.primary").click()
    expect(phone.locator("[data-posts]")).to_contain_text("What I found out so far", timeout=PATIENCE)

    phone.goto(f"{desk.base}/drafts/")
    expect(phone.locator("main")).not_to_contain_text("What I found out so far")


def test_wiki_edit_when_its_draft_is_older_than_the_page_then_is_compared_when_sent(crowd: Crowd):
    desk, other = crowd.member(CUSTOMER), crowd.member(EXPERT, process=1)
    page = desk.open("/search/?q=hub&kind=wiki")
    page = desk.open(page.locator(".hits [href^='/wiki/']").first.get_attribute("href"))
    path = page.locator("main [href$='/edit/']").first.get_attribute("href")
    page = desk.open(path)
    page.locator("[data-tools]:visible").wait_for()
    before = page.locator("[name=body]").input_value()
    page.fill("[name=body]", f"{before}\n\nBegun at the desk.")
    expect(page.locator("[data-draft-state]")).to_have_text("Draft saved", timeout=PATIENCE)
    theirs = other.open(path)
    theirs.fill("[name=body]", f"{before}\n\nSaved meanwhile.")
    with theirs.expect_navigation():
        theirs.get_by_role("button", name="Save").click()

    phone = crowd.member(CUSTOMER).open(path)
    phone.get_by_role("button", name="Show that one").click()
    expect(phone.locator("[name=body]")).to_have_value(re.compile("Begun at the desk"))
    with phone.expect_navigation() as turned:
        phone.get_by_role("button", name="Save").click()

    assert turned.value.status == 409
    expect(phone.locator(".diff-lines")).to_contain_text("Saved meanwhile.")
    phone.get_by_role("button", name="Save").click()
    expect(phone.locator("main .prose")).to_contain_text("Begun at the desk.")

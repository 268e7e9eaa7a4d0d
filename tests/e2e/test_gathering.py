"""Events, shared code and the people of a space by keyboard alone, with and without scripts; and how refusals look."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import Crowd, Person
from tests.e2e.test_hands import press, reach
from tests.e2e.test_journeys import CUSTOMER, EXPERT, MODERATOR
from tests.e2e.test_pages import ADMIN, AGENT, assert_sound

pytestmark = pytest.mark.e2e
BOTH = pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
PEOPLE = "/s/beta/members/"


def fill(page: Page, field: str, *keys: str) -> None:
    """Tab to a field and type, key by key where it is no word."""
    reach(page, page.locator(f"main [name='{field}']"))
    for words in keys:
        (page.keyboard.press if words.startswith(("Arrow", "Control")) else page.keyboard.type)(words)


def follow(page: Page, role: str, name: str) -> None:
    """Tab to a button or link of the page and press Enter."""
    reach(page, page.locator("main").get_by_role(role, name=name).first)  # type: ignore[arg-type]
    page.keyboard.press("Enter")


@BOTH
def test_event_when_only_keys_are_used_then_is_announced_and_answered(crowd: Crowd, script: bool):
    host, guest = crowd.member(AGENT, script=script), crowd.member(EXPERT, process=1, script=script)

    page = host.open("/events/new/?space=devices")
    fill(page, "title", "Hub clinic on the fifth of May")
    # Day and month alike, and an A that a 24 hour clock passes over: browsers ask for a time in their own order.
    fill(page, "starts", "05052031", "ArrowRight", "0303A")
    fill(page, "ends", "05052031", "ArrowRight", "0404A")
    fill(page, "body", "Bring a hub that sulks.")
    follow(page, "button", "Announce it")
    page.wait_for_url(re.compile(r"/t/\d+/"))
    expect(page.locator(".event-panel")).to_contain_text("5 May 2031, 03:03")
    path = page.url.removeprefix(host.base)

    page = press(guest, path, "Going")
    expect(page.locator(".event-panel")).to_contain_text("1 going")
    expect(page.get_by_role("button", name="Going", exact=True)).to_have_attribute("aria-pressed", "true")
    page = press(guest, path, "Going", key="Space")
    expect(page.locator(".event-panel")).to_contain_text("0 going")


@BOTH
def test_code_when_only_keys_are_used_then_is_shared_changed_and_used(crowd: Crowd, script: bool):
    author, person = crowd.member(EXPERT, script=script), crowd.member(CUSTOMER, process=1, script=script)

    page = author.open("/snippets/new/?space=api")
    fill(page, "title", "Count the scenes of a hub")
    fill(page, "body", "Run it beside the hub.")
    fill(page, "file-0-name", "scenes.py")
    fill(page, "file-0-code", "print(len(scenes))")
    follow(page, "button", "Share it")
    page.wait_for_url(re.compile(r"/t/\d+/"))
    path = page.url.removeprefix(author.base)
    follow(page, "link", "New version")
    page.wait_for_url(re.compile(r"/snippets/\d+/edit/"))
    fill(page, "file-0-code", "Control+End", "  # without groups")
    fill(page, "label", "1.1")
    follow(page, "button", "Save the version")
    page.wait_for_url(re.compile(r"/t/\d+/"))
    expect(page.locator(".snippet-panel")).to_contain_text("Version 1.1")
    expect(page.locator(".snippet-panel")).to_contain_text("without groups")

    page = press(person, path, "I use it")
    expect(page.locator(".snippet-panel")).to_contain_text("used by 1 person")
    expect(page.get_by_role("button", name="I use it")).to_have_attribute("aria-pressed", "true")


@BOTH
def test_space_when_only_keys_are_used_then_one_asks_is_let_in_and_another_comes_by_a_link(crowd: Crowd, script: bool):
    asker, other = crowd.member(CUSTOMER, script=script), crowd.member(EXPERT, script=script)
    moderator = crowd.member(MODERATOR, process=1, script=script)
    address = f"bo.{'with' if script else 'without'}@friends.example"
    try:
        page = asker.open(PEOPLE)
        fill(page, "note", "My hub runs the beta already.")
        follow(page, "button", "Ask to join")
        expect(page.locator("main")).to_contain_text("You will hear when somebody lets you in.")

        page = moderator.open(PEOPLE)
        expect(page.locator("main")).to_contain_text("My hub runs the beta already.")
        follow(page, "button", "Let in")
        expect(page.locator("#requests")).to_have_count(0)
        fill(page, "person", address)
        follow(page, "button", "Invite")
        expect(page.locator("main .lines")).to_contain_text([address])
        expect(asker.open(PEOPLE).get_by_role("button", name="Leave")).to_be_visible()

        other.open(_link_sent_to(other, address))
        follow(other.page, "button", "Join")
        expect(other.page.locator("body")).to_contain_text("Welcome to “Firmware beta”.")
        expect(moderator.open(PEOPLE).locator("main")).not_to_contain_text(address)
    finally:
        for person in (asker, other):
            _leave(person)


def _link_sent_to(reader: Person, address: str) -> str:
    """The path in the newest mail to an address, as the page of kept mails shows it."""
    page = reader.open("/dev/mails/")
    mail = page.locator("main").get_by_text(address).first
    mail.wait_for()
    found = re.search(r"/invited/[\w-]+/", page.content().partition(address)[2])
    assert found, "no mail with a link"
    return found[0]


def _leave(person: Person) -> None:
    person.page.on("dialog", lambda dialog: dialog.accept())
    button = person.open(PEOPLE).get_by_role("button", name="Leave")
    if button.count():
        button.click()
        expect(person.page.locator("body")).to_contain_text("You left")


REFUSED = [
    ("event-refused", AGENT, "/events/new/", {"title": "Clinic", "starts": "", "zone": "Mars/Base"}, "Announce it"),
    ("snippet-refused", EXPERT, "/snippets/new/", {"title": "Tool", "file-0-name": "../x.py"}, "Share it"),
    ("space-refused", ADMIN, "/spaces/new/", {"name": "", "slug": "devices"}, "Open the space"),
    ("invitation-refused", ADMIN, PEOPLE, {"person": "nobody-of-this-name"}, "Invite"),
    ("asking-refused", CUSTOMER, PEOPLE, {"note": "please " * 60}, "Ask to join"),
]


@pytest.mark.parametrize(("name", "who", "path", "fields", "button"), REFUSED, ids=[row[0] for row in REFUSED])
def test_form_when_refused_then_says_so_and_is_sound(crowd: Crowd, name, who, path, fields, button):
    page = crowd.member(who).open(path)
    for field, value in fields.items():
        page.fill(f"main [name='{field}']", value)
    with page.expect_navigation() as turned:
        page.locator("main").get_by_role("button", name=button).click()

    assert turned.value.status == 400
    expect(page.locator("main [role=alert]")).to_be_visible()
    assert_sound(page, name)

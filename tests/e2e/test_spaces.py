"""How people come into a space by the link of a mail, and what muting one and searching like others mean in a page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import PASSWORD, Crowd, Person
from tests.e2e.test_gathering import BOTH, PEOPLE, fill, follow
from tests.e2e.test_hands import press, reach
from tests.e2e.test_journeys import CUSTOMER, EXPERT, MODERATOR, ask

pytestmark = pytest.mark.e2e


@BOTH
def test_address_when_invited_then_signs_up_by_the_link_and_is_in(crowd: Crowd, script: bool):
    moderator, guest = crowd.member(MODERATOR, script=script), crowd.visitor(process=1, script=script)
    address = f"new.{'with' if script else 'without'}@friends.example"
    _invite(moderator, address)

    invited = _link_in_mail(guest, address, r"/invited/[\w-]+/")
    page = guest.open(invited)
    expect(page.locator("h1")).to_contain_text("Firmware beta")
    follow(page, "link", "Sign up")
    _sign_up(page, address)
    guest.open(_link_in_mail(guest, address, r"/accounts/confirm-email/[^/\s\"<&]+/"))
    follow(page, "button", "Yes, it is mine")
    expect(page.locator("h1")).to_contain_text("Firmware beta")
    follow(page, "button", "Join")

    expect(page.locator("body")).to_contain_text("Welcome to “Firmware beta”.")
    expect(guest.open(PEOPLE).get_by_role("button", name="Leave")).to_be_visible()
    page.goto(guest.base + invited)
    expect(page.locator("h1")).not_to_contain_text("Firmware beta")


@BOTH
def test_address_when_invited_then_signs_in_by_the_link_and_lands_there_again(crowd: Crowd, script: bool):
    moderator, guest = crowd.member(MODERATOR, script=script), crowd.visitor(process=1, script=script)
    address = f"old.{'with' if script else 'without'}@friends.example"
    _invite(moderator, address)

    page = guest.open(_link_in_mail(guest, address, r"/invited/[\w-]+/"))
    follow(page, "link", "Sign in")
    for field, words in (("#id_login", EXPERT), ("#id_password", PASSWORD)):
        reach(page, page.locator(field))
        page.keyboard.type(words)
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("Firmware beta")
    follow(page, "button", "No, thank you")
    expect(page.locator("body")).to_contain_text("You said no. Nobody is told.")
    expect(moderator.open(PEOPLE).locator("main")).not_to_contain_text(address)


def _invite(moderator: Person, address: str) -> None:
    page = moderator.open(PEOPLE)
    fill(page, "person", address)
    follow(page, "button", "Invite")
    expect(page.locator("main .lines")).to_contain_text([address])


def _sign_up(page: Page, address: str) -> None:
    """The form of a new account, by keys."""
    fill(page, "display_name", "Nell Newcomer")
    fill(page, "email", address)
    fill(page, "username", address.partition("@")[0].replace(".", "-"))
    fill(page, "password1", "a long enough phrase")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(address)


def _link_in_mail(reader: Person, address: str, form: str) -> str:
    """The newest path of this form in mails to an address, as the page of kept mails shows them."""
    reader.sees("/dev/mails/", "main", re.compile(f"{re.escape(address)}[^@]*{form}", re.DOTALL))
    found = re.search(form, reader.page.content().partition(address)[2])
    assert found, "no mail with a link"
    return found[0]


def test_space_when_muted_then_what_is_new_in_it_is_not_announced_above_the_list(crowd: Crowd):
    reader, writer = crowd.member(CUSTOMER), crowd.member(EXPERT, process=1)
    _turn(reader, "Mute", "Muted")
    try:
        page = reader.open("/topics/")
        bar = page.locator("[data-live-list][data-heard][data-watched]")
        expect(bar).to_be_attached()
        with page.expect_response(lambda answer: "/topics/heard/" in answer.url) as told:
            ask(writer, "The scene at dusk comes twice", space="routines")
        assert told.value.json() == {"heard": []}
        ask(writer, "The hub blinks at dawn", space="devices")

        expect(bar).to_contain_text("1 new or updated topic")
    finally:
        _turn(reader, "Muted", "Mute")


def _turn(reader: Person, name: str, then: str) -> None:
    """Press the space's button, and stay until the page that follows says the other word."""
    page = press(reader, "/s/routines/", name)
    expect(page.get_by_role("button", name=then, exact=True)).to_be_visible()


@BOTH
def test_search_when_others_looked_for_it_otherwise_then_their_words_are_a_key_away(crowd: Crowd, script: bool):
    page = crowd.visitor(script=script).open("/search/?q=valve")
    link = page.get_by_role("complementary").get_by_role("link", name="valve ticking")
    reach(page, link)
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"[?&]q=valve(%20|\+)ticking"))
    expect(page.locator(".hits")).to_contain_text("Valve V1 ticks for two minutes")

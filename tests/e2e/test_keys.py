"""A passkey, held by Chromium's own virtual authenticator: added, signed in with, asked for before what is grave."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import Crowd, Person
from tests.e2e.test_erasing import PASSWORD, _signed_up
from tests.e2e.test_hands import reach
from tests.e2e.test_pages import assert_sound

pytestmark = pytest.mark.e2e
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
WIDE = {"width": 1280, "height": 900}


def plug_in(page: Page) -> None:
    """Give the browser a key that knows whose finger it is."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def sign_out(person: Person) -> Page:
    page = person.open("/accounts/logout/")
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "logout" not in url)
    return person.open("/accounts/login/")


def press(page: Page, name: str) -> None:
    """By keys alone, once the scripts have woken the button."""
    page.set_viewport_size(WIDE)
    button = page.locator("main").get_by_role("button", name=name)
    expect(button).to_be_enabled()
    reach(page, button)
    page.keyboard.press("Enter")


def test_passkey_when_added_then_it_signs_in_alone_as_a_second_step_and_before_what_is_grave(crowd: Crowd):
    person = crowd.visitor()
    person.base = person.base.replace("127.0.0.1", "localhost")  # a key is bound to a name
    email = _signed_up(person)
    plug_in(person.page)
    page = person.open("/settings/")
    page.get_by_role("link", name="Sign-in security").click()
    page.wait_for_url("**/accounts/2fa/")
    page.get_by_role("link", name="Add a key").click()
    page.wait_for_url("**/reauthenticate/**")
    page.fill("main [name=password]", PASSWORD)
    page.press("main [name=password]", "Enter")
    page.wait_for_url("**/webauthn/add/")
    assert_sound(page, "key-add")
    page.fill("main [name=name]", "Work laptop")
    press(page, "Add the key")
    page.wait_for_url("**/recovery-codes/")
    assert len(re.findall(r"\b\d{8}\b", page.locator(".codes").inner_text())) == 10
    assert_sound(page, "recovery-codes")
    expect(person.open("/accounts/2fa/").locator("main")).to_contain_text("Work laptop passkey · never used")
    assert_sound(page, "factors")

    page = sign_out(person)
    press(page, "Sign in with a passkey")
    expect(page.locator("[data-bell]")).to_be_visible()

    person.open("/settings/erase/")
    assert_sound(page, "key-again")
    press(page, "Use the key")
    page.wait_for_url("**/settings/erase/")

    page = sign_out(person)
    page.fill("main [name=login]", email)
    page.fill("main [name=password]", PASSWORD)
    page.press("main [name=password]", "Enter")
    page.wait_for_url("**/2fa/authenticate/")
    assert_sound(page, "second-step")
    press(page, "Use the key")
    expect(page.locator("[data-bell]")).to_be_visible()


def test_key_when_the_address_has_no_name_then_it_is_told_and_nothing_is_lost(crowd: Crowd):
    page = crowd.visitor().open("/accounts/login/")
    page.fill("main [name=login]", "someone@post.example")
    press(page, "Sign in with a passkey")
    expect(page.locator("[data-passkey-told]")).to_contain_text("Open the site by its name")
    expect(page.locator("#id_login")).to_have_value("someone@post.example")

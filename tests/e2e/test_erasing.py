"""A copy of one's data, and the member's way out and back: by hand, with the mail that leads back."""

from __future__ import annotations

import re
import time
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import Crowd, Person
from tests.e2e.test_hands import reach
from tests.e2e.test_pages import MANAGER, assert_sound

pytestmark = pytest.mark.e2e
PASSWORD = "a lamp in the hall"


def test_member_when_erasing_the_account_then_it_is_closed_and_the_password_or_the_mail_opens_it(crowd: Crowd):
    person = crowd.visitor()
    email = _signed_up(person)
    page = _asked(person)
    expect(page.locator("h1")).to_have_text("Your account is closed")
    assert_sound(page, "erasure-back")
    assert person.open("/settings/").url.startswith(f"{person.base}/accounts/login/")

    staff = crowd.member(MANAGER).open("/people/erasures/")
    expect(staff.locator("main")).to_contain_text(email.partition("@")[0].title())
    assert_sound(staff, "erasures")

    page = _signed_in(person, email)
    expect(page.locator("h1")).to_have_text("Your account is closed")
    page.get_by_role("button", name="Keep my account").click()
    page = _signed_in(person, email)
    expect(page.locator("[data-bell]")).to_be_visible()

    _asked(person)
    page = person.open(_mailed(person, email, r"(/erasure/[\w:.-]+/)"))
    page.get_by_role("button", name="Keep my account").click()
    expect(_signed_in(person, email).locator("[data-bell]")).to_be_visible()


def test_member_when_having_a_copy_of_their_data_then_it_opens_in_a_browser_without_the_site(crowd: Crowd, tmp_path):
    person = crowd.visitor()
    _signed_up(person)
    page = person.open("/settings/data/")
    page.wait_for_url("**/reauthenticate/**")
    page.fill("main [name=password]", PASSWORD)
    page.press("main [name=password]", "Enter")
    page.wait_for_url("**/settings/data/")
    page.get_by_role("button", name="Make a copy of my data").click()
    expect(page.locator("main [role=status]")).to_contain_text(re.compile("being made|is ready"))
    person.sees("/settings/data/", "main", "Your copy is ready")
    assert_sound(page, "data")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    with ZipFile(download.value.path()) as copy:
        copy.extractall(tmp_path)

    opened, asked = page.context.new_page(), []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto((tmp_path / "index.html").as_uri())
    expect(opened.locator("h1")).to_contain_text("The data of Leaver")
    expect(opened.locator("#profile dl")).to_contain_text("leaver")
    assert len(asked) == 1 and asked[0].startswith("file:")


def _signed_up(person: Person) -> str:
    """A new member with a confirmed address, signed in; returns the address."""
    name = f"leaver{time.time_ns()}"
    page = person.open("/accounts/signup/")
    fields = {"display_name": name.title(), "username": name, "email": f"{name}@post.example", "password1": PASSWORD}
    for field, value in fields.items():
        page.fill(f"main [name={field}]", value)
    page.press("main [name=password1]", "Enter")
    page.wait_for_url("**/confirm-email/")
    page = person.open(_mailed(person, fields["email"], r"(/accounts/confirm-email/\S+?/)\s"))
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "confirm-email" not in url)
    if "login" in page.url:
        page = _signed_in(person, fields["email"])
    expect(page.locator("[data-bell]")).to_be_visible()
    return fields["email"]


def _mailed(person: Person, email: str, pattern: str) -> str:
    """The path in the latest mail to this address."""
    found = re.search(pattern, person.open("/dev/mails/").locator("article", has_text=email).first.inner_text())
    assert found
    return found[1]


def _asked(person: Person) -> Page:
    """From the settings, by keys alone, the password typed once more."""
    page = person.open("/settings/")
    reach(page, page.get_by_role("link", name="Erase my account"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/reauthenticate/**")
    page.fill("main [name=password]", PASSWORD)
    page.press("main [name=password]", "Enter")
    page.wait_for_url("**/settings/erase/")
    assert_sound(page, "erase")
    page.set_viewport_size({"width": 1280, "height": 900})
    reach(page, page.get_by_role("button", name="Erase my account"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/erasure/**")
    return page


def _signed_in(person: Person, email: str) -> Page:
    page = person.open("/accounts/login/")
    page.fill("main [name=login]", email)
    page.fill("main [name=password]", PASSWORD)
    page.press("main [name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page

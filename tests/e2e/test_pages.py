"""Every page: no axe violation in either theme, no sideways scrolling on a phone, and pictures where E2E_SHOTS asks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import OF_COLOURS, axe, shoot

pytestmark = pytest.mark.e2e

VISITOR, CUSTOMER, EXPERT = "", "customer@demo.example", "expert@demo.example"
MODERATOR, AGENT, MANAGER = "moderator@demo.example", "agent@demo.example", "manager@demo.example"
ADMIN = "admin@demo.example"
# name, who opens it, where; after each → stands what is followed next: the first link that matches.
PAGES = [
    ("home", VISITOR, "/"),
    ("home-member", CUSTOMER, "/"),
    ("spaces", VISITOR, "/spaces/"),
    ("topics", VISITOR, "/topics/"),
    ("space", VISITOR, "/s/devices/"),
    ("topic", CUSTOMER, "/topics/ → [href^='/t/']"),
    ("topic-agent", AGENT, "/topics/ → [href^='/t/']"),
    ("ask", CUSTOMER, "/s/devices/new/"),
    ("ask-where", CUSTOMER, "/ask/"),
    ("tag", VISITOR, "/topics/ → [href^='/tags/']"),
    ("flag", CUSTOMER, "/topics/ → main [href^='/t/'] → [href^='/flag/']"),
    ("post-edit", MODERATOR, "/topics/ → main [href^='/t/'] → [href$='/edit/']"),
    ("post-rules", MODERATOR, "/topics/ → main [href^='/t/'] → [href$='/history/']"),
    ("poll-new", MODERATOR, "/s/billing/ → main [href^='/t/'] → [href$='/edit/'] → [href$='/poll/']"),
    ("questions", EXPERT, "/questions/"),
    ("bookmarks", CUSTOMER, "/bookmarks/"),
    ("drafts", CUSTOMER, "/drafts/"),
    ("messages", CUSTOMER, "/messages/"),
    ("message-new", EXPERT, "/messages/new/"),
    ("events", VISITOR, "/events/"),
    ("event", CUSTOMER, "/events/ → main [href^='/t/']"),
    ("event-edit", ADMIN, "/events/ → main [href^='/t/'] → [href^='/events/'][href$='/edit/']"),
    ("event-new", AGENT, "/events/new/"),
    ("events-none", VISITOR, "/events/?space=billing&when=past"),
    ("snippets", VISITOR, "/snippets/"),
    ("snippet", CUSTOMER, "/snippets/ → main [href^='/t/']"),
    ("snippets-none", VISITOR, "/snippets/?language=go"),
    ("snippet-new", EXPERT, "/snippets/new/"),
    ("snippet-versions", VISITOR, "/snippets/ → main [href^='/t/'] → [href$='/versions/']"),
    ("space-new", ADMIN, "/spaces/new/"),
    ("space-settings", ADMIN, "/s/devices/settings/"),
    ("space-people", ADMIN, "/s/partners/members/"),
    ("space-people-none", CUSTOMER, "/s/billing/members/"),
    ("ignored", CUSTOMER, "/settings/ignored/"),
    ("ideas", CUSTOMER, "/ideas/"),
    ("roadmap", VISITOR, "/ideas/roadmap/"),
    ("idea", CUSTOMER, "/ideas/ → main [href^='/t/']"),
    ("idea-new", CUSTOMER, "/ideas/new/"),
    ("kb", VISITOR, "/kb/"),
    ("section", VISITOR, "/kb/ → main [href^='/kb/']"),
    ("article", VISITOR, "/search/?q=hub&kind=article → .hits [href^='/kb/']"),
    ("wiki", VISITOR, "/wiki/"),
    ("wiki-page", CUSTOMER, "/search/?q=hub&kind=wiki → .hits [href^='/wiki/']"),
    ("wiki-edit", CUSTOMER, "/search/?q=hub&kind=wiki → .hits [href^='/wiki/'] → main [href$='/edit/']"),
    ("wiki-history", CUSTOMER, "/search/?q=hub&kind=wiki → .hits [href^='/wiki/'] → [href$='/history/']"),
    ("search", CUSTOMER, "/search/?q=hub+offline"),
    ("search-nothing", VISITOR, "/search/?q=zzzzqqqq"),
    ("search-saved", EXPERT, "/search/saved/"),
    ("search-pins", AGENT, "/search/pins/"),
    ("search-synonyms", AGENT, "/search/synonyms/"),
    ("search-sources", MANAGER, "/search/sources/"),
    ("insights-search", MANAGER, "/insights/search/"),
    ("notifications", CUSTOMER, "/notifications/"),
    ("moderation", MODERATOR, "/moderation/"),
    ("moderation-item", MODERATOR, "/moderation/ → .review-list [href^='/moderation/'].item"),
    ("case-new", AGENT, "/topics/ → main [href^='/t/'] → [href^='/support/new/']"),
    ("case-link", AGENT, "/topics/ → main [href^='/t/'] → [href^='/support/link/']"),
    ("desk", AGENT, "/support/"),
    ("case", AGENT, "/support/?view=all → main [href*='/support/NL-']"),
    ("my-cases", CUSTOMER, "/support/"),
    ("insights", MANAGER, "/insights/"),
    ("health", ADMIN, "/health/"),
    ("profile", VISITOR, "/u/mara/"),
    ("people", CUSTOMER, "/people/"),
    ("settings", CUSTOMER, "/settings/"),
    ("tokens", CUSTOMER, "/settings/tokens/"),
    ("email", CUSTOMER, "/accounts/email/"),
    ("login", VISITOR, "/accounts/login/"),
    ("signup", VISITOR, "/accounts/signup/"),
    ("password-reset", VISITOR, "/accounts/password/reset/"),
    ("mails", VISITOR, "/dev/mails/"),
    ("not-found", VISITOR, "/t/999999/"),
]


@pytest.mark.parametrize(("name", "who", "where"), PAGES, ids=[name for name, _who, _where in PAGES])
def test_page_when_opened_then_it_is_sound_in_both_themes_and_on_a_phone(crowd, name, who, where):
    person = crowd.member(who) if who else crowd.visitor()
    path, *followed = where.split(" → ")
    page = person.open(path)
    for selector in followed:
        person.open(page.locator(selector).first.get_attribute("href"))

    assert_sound(page, name)


def assert_sound(page: Page, name: str) -> None:
    """No axe violation in either theme and nothing beyond a phone's edge; pictures first, if any."""
    shoot(page, name)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    problems = axe(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    problems += [f"dark: {problem}" for problem in axe(page, only=OF_COLOURS)]
    page.set_viewport_size({"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth")

    assert not problems, "\n".join(problems)
    assert wide <= 360, f"scrolls sideways on a phone: {wide} px"


def test_lists_of_staff_and_searchers_when_they_hold_something_then_are_sound(crowd):
    person, agent, manager = crowd.member(CUSTOMER), crowd.member(AGENT), crowd.member(MANAGER)

    page = person.open("/search/?q=hub+offline")
    page.get_by_role("button", name="Save this search").click()
    expect(person.open("/search/saved/").locator(".lines li")).not_to_have_count(0)
    assert_sound(person.page, "search-saved-some")

    page = agent.open("/search/?q=hub+offline")
    page.locator(".pin-form button").first.click()
    expect(agent.open("/search/pins/").locator(".lines li")).not_to_have_count(0)
    assert_sound(agent.page, "search-pins-some")
    agent.page.locator(".lines form button").first.click()  # what others search for stays as the demo has it

    page = manager.open("/search/sources/")
    page.fill("[name=name]", "Developer documentation")
    page.get_by_role("button", name="Add").click()
    expect(manager.open("/search/sources/").locator(".lines li")).not_to_have_count(0)
    assert_sound(manager.page, "search-sources-some")


@pytest.mark.parametrize(
    ("name", "who", "where"),
    [
        ("post-conflict", MODERATOR, "/topics/ → main [href^='/t/'] → [href^='/posts/'][href$='/edit/']"),
        ("wiki-conflict", CUSTOMER, "/search/?q=hub&kind=wiki → .hits [href^='/wiki/'] → main [href$='/edit/']"),
    ],
    ids=["post", "wiki"],
)
def test_comparison_when_someone_saved_meanwhile_then_is_sound_and_keeps_what_was_written(crowd, name, who, where):
    person, other = crowd.member(who), crowd.member(who, process=1)
    path, *followed = where.split(" → ")
    page = person.open(path)
    for selector in followed:
        path = page.locator(selector).first.get_attribute("href")
        page = person.open(path)
    before = page.locator("[name=body]").input_value()
    other.open(path).fill("[name=body]", f"{before}\n\nSaved by someone else.")
    with other.page.expect_navigation():
        other.page.get_by_role("button", name="Save").click()

    page.fill("[name=body]", f"{before}\n\nWritten meanwhile.")
    with page.expect_navigation() as turned:
        page.get_by_role("button", name="Save").click()

    assert turned.value.status == 409
    expect(page.locator(".diff-lines")).to_contain_text("Saved by someone else.")
    expect(page.locator(".diff-lines .removed")).to_have_count(1)  # nothing else changed
    assert "Written meanwhile." in page.locator("[name=body]").input_value()
    assert_sound(page, name)


def test_pages_when_all_were_opened_then_no_process_logged_a_traceback(site):
    assert site.tracebacks() == []

"""Every page: no axe violation in either theme, no sideways scrolling on a phone, and pictures in var/shots/."""

from __future__ import annotations

import pytest

from tests.e2e.people import axe, shoot

pytestmark = pytest.mark.e2e

VISITOR, CUSTOMER = "", "customer@demo.example"
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

    shoot(page, name)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    problems = axe(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    problems += [f"dark: {problem}" for problem in axe(page)]
    page.set_viewport_size({"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth")

    assert not problems, "\n".join(problems)
    assert wide <= 360, f"scrolls sideways on a phone: {wide} px"


def test_pages_when_all_were_opened_then_no_process_logged_a_traceback(site):
    assert site.tracebacks() == []

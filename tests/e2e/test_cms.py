"""Wagtail's editor in a real browser: it works under a content policy without `unsafe-*`, and nothing is refused."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.e2e
EDITOR = "admin@demo.example"


def test_cms_when_an_article_is_edited_and_scheduled_then_the_calendar_opens_and_nothing_is_refused(crowd):
    person = crowd.member(EDITOR)
    page = person.open("/cms/")
    page.wait_for_selector("#wagtail-sidebar a")
    person.open("/cms/sections/")
    person.open("/search/?q=hub&kind=article")
    person.open(page.locator(".hits [href^='/kb/']").first.get_attribute("href"))
    person.open(page.locator("a[href^='/cms/pages/']").first.get_attribute("href"))
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    page.locator("#id_go_live_at").click()

    page.locator(".xdsoft_datetimepicker:visible").first.wait_for()

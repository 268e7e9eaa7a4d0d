"""Wagtail's editor in a real browser: it works under a content policy without `unsafe-*`, and nothing is refused."""

from __future__ import annotations

import pytest

from tests.e2e.people import PATIENCE

pytestmark = pytest.mark.e2e
EDITOR = "admin@demo.example"


def test_cms_when_an_article_is_edited_then_no_script_or_style_is_refused(crowd):
    page = crowd.member(EDITOR).open("/cms/")
    page.wait_for_selector("#wagtail-sidebar a", timeout=PATIENCE)
    page.goto(page.url.partition("/cms/")[0] + "/kb/")
    page.goto(page.url.partition("/kb/")[0] + page.locator("main [href^='/kb/']").first.get_attribute("href"))
    page.locator("a[href^='/cms/']").first.click()
    page.wait_for_load_state()

    assert "/cms/" in page.url
    page.goto(page.url.partition("/cms/")[0] + "/cms/reports/aging-pages/")
    page.goto(page.url.partition("/cms/")[0] + "/cms/sections/")


def test_cms_when_a_publishing_time_is_chosen_then_the_calendar_opens(crowd):
    page = crowd.member(EDITOR).open("/cms/")
    page.goto(page.url.partition("/cms/")[0] + "/search/?q=hub&kind=article")
    page.goto(page.url.partition("/search/")[0] + page.locator(".hits [href^='/kb/']").first.get_attribute("href"))
    page.locator("a[href^='/cms/pages/']").first.click()
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    field = page.locator("#id_go_live_at")
    field.click()

    assert page.locator(".xdsoft_datetimepicker").first.is_visible()

"""The frame of every page: what it names, what it costs, and how it says no."""

from __future__ import annotations

import gzip
import re

import pytest
from django.conf import settings
from django.test import Client

from community.forums.services import topic_follow
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_group, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def test_home_when_anonymous_then_the_frame_has_its_landmarks_and_one_heading(client):
    page = client.get("/").content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    for mark in ('href="#main"', '<main class="main', 'id="main"', '<nav class="rail"', "<footer", "<search>"):
        assert mark in page
    assert "<style" not in page and " style=" not in page and "onclick" not in page


def test_every_script_when_served_then_it_has_the_nonce_of_the_policy(client):
    answer = client.get("/")
    nonce = re.search(r"'nonce-([^']+)'", answer["Content-Security-Policy"])[1]
    scripts = re.findall(r"<script[^>]*>", answer.content.decode())
    assert scripts and all(f'nonce="{nonce}"' in script for script in scripts)
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_admin_when_opened_then_its_own_script_files_may_run_and_no_others(client):
    client.force_login(make_user(is_superuser=True, is_staff=True))
    policy = client.get("/admin/")["Content-Security-Policy"]
    assert re.search(r"script-src 'self'(;|$)", policy)
    assert "unsafe" not in policy


def test_menu_when_a_space_is_private_then_only_its_people_read_its_name(client):
    group = make_group("Partners")
    make_space("Secret plans", audience="groups", groups=[group])
    assert "Secret plans" not in client.get("/").content.decode()
    client.force_login(make_user(groups=(group,)))
    assert "Secret plans" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("roles", "shown", "hidden"),
    [
        ({}, [], ["/moderation/", "/support/", "/insights/"]),
        ({"is_moderator": True}, ["/moderation/"], ["/support/", "/insights/"]),
        ({"is_agent": True}, ["/support/"], ["/moderation/", "/insights/"]),
        ({"is_manager": True}, ["/support/", "/insights/"], ["/moderation/"]),
        ({"is_superuser": True}, ["/moderation/", "/support/", "/insights/"], []),
    ],
)
def test_menu_when_somebody_has_roles_then_it_shows_what_they_can_open(client, roles, shown, hidden):
    make_space()
    client.force_login(make_user(**roles))
    page = client.get("/").content.decode()
    for path in shown:
        assert f'<a href="{path}"' in page
        assert client.get(path).status_code == 200
    for path in hidden:
        assert f'<a href="{path}"' not in page.partition("<nav")[2].partition("</nav>")[0]


@pytest.mark.parametrize("tab", ["", "for-you", "latest", "unanswered", "solved", "top", "nonsense", "\0"])
def test_home_when_any_list_is_asked_for_then_it_answers(client, tab):
    assert client.get("/", {"tab": tab}).status_code == 200
    client.force_login(make_user())
    assert client.get("/", {"tab": tab, "older": "x-y"}).status_code == 200


def test_home_when_signed_out_then_nobody_is_greeted_and_for_you_is_not_offered(client):
    page = client.get("/?tab=for-you").content.decode()
    assert "Hello" not in page and "For you" not in page


def test_home_when_a_member_has_nothing_of_their_own_then_the_latest_is_read_first(client):
    topic, member = make_topic(), make_user()
    client.force_login(member)

    fresh, asked = client.get("/").content.decode(), client.get("/?tab=for-you").content.decode()
    topic_follow(viewer=viewer(member), topic=topic, on=True)
    later = client.get("/").content.decode()

    assert topic.title in fresh and 'href="/?tab=latest" aria-current="page"' in fresh
    assert topic.title not in asked and "Nothing for you yet" in asked
    assert topic.title in later and 'href="/?tab=for-you" aria-current="page"' in later


def test_missing_page_when_opened_then_404_says_what_may_help(client):
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_form_when_its_token_is_old_then_403_says_that_nothing_is_lost():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "a@b.example", "password": "x"})
    assert answer.status_code == 403
    assert "This form was open too long" in answer.content.decode()


def test_accent_when_the_operator_sets_one_then_pages_link_its_stylesheet(client, settings):
    assert "/accent.css" not in client.get("/").content.decode()
    settings.SITE_ACCENT = "#aa3377"
    assert '<link rel="stylesheet" href="/accent.css">' in client.get("/").content.decode()
    answer = client.get("/accent.css")
    assert answer["Content-Type"] == "text/css"
    assert "#aa3377" in answer.content.decode()


def test_pages_when_the_browser_takes_gzip_then_text_is_compressed_and_ranges_stay_exact(client):
    page = client.get("/", headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/")
    part = client.get("/static/css/shell.css", headers={"accept-encoding": "gzip", "range": "bytes=0-9"})
    assert "Content-Encoding" not in part


def test_topic_page_when_cold_then_it_is_under_150_kb_in_all(client):
    author = make_user()
    topic = make_topic(author=author, body="A paragraph of an ordinary question, with enough words. " * 20)
    for _number in range(15):
        make_reply(topic, author=author, body="An ordinary answer, with a log:\n\n```\n02:00 scan\n```\n" * 3)
    page = client.get(topic.get_absolute_url())
    wanted = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.content.decode()))
    wanted |= {f"/static/js/{path.name}" for path in (settings.BASE_DIR / "config/static/js").glob("*.js")}
    total = len(gzip.compress(page.content))
    for path in wanted:
        body = b"".join(client.get(path).streaming_content)
        total += len(body) if path.endswith(".woff2") else len(gzip.compress(body))
    assert total < 150_000

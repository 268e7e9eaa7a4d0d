"""Every class of answer carries its headers: pages, parts, errors, redirects, the API, feeds, files, health."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.factories.forums import make_topic
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
VALUES = {"int": "1", "slug": "x", "str": "x", "uuid": "3f2b8a52-5a0c-4c5e-9d0b-0d6a6f1f2a11", "path": "x"}
OUTSIDE = ["/healthz", "/readyz", "/metrics", "/static/css/shell.css", "/static/nothing.css", "/media/nothing.png"]


def patterns(resolver=None, before: str = "") -> list[str]:
    """Every address that the resolver knows, with a value put into each gap."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + str(entry.pattern)
        found += [path] if isinstance(entry, URLPattern) else patterns(entry, path)
    return found


def address(pattern: str) -> str:
    path = re.sub(r"<(?:(\w+):)?\w+>", lambda match: VALUES.get(match[1] or "str", "x"), pattern)
    path = re.sub(r"\(\?P<\w+>[^()]*(?:\([^()]*\)[^()]*)*\)", "1", path)
    return "/" + re.sub(r"\(\?:[^()]*\)|\\Z|[\^$?]", "", path).replace("\\", "")


def policy_of(answer) -> dict[str, list[str]]:
    parts = (part.split() for part in answer.get("Content-Security-Policy", "").split(";"))
    return {part[0]: part[1:] for part in parts if part}


def wrong_with(path: str, answer, *, personal: bool) -> list[str]:
    policy = policy_of(answer)
    needed = {
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "SAMEORIGIN",
    }  # fmt: skip
    found = [f"{path}: {name} is {answer.get(name)}" for name, value in needed.items() if answer.get(name) != value]
    if "camera=()" not in answer.get("Permissions-Policy", ""):
        found.append(f"{path}: no Permissions-Policy")
    is_unsafe = "unsafe" in answer.get("Content-Security-Policy", "")
    if is_unsafe or policy.get("default-src") not in (["'self'"], ["'none'"]):
        found.append(f"{path}: policy {policy}")
    if policy.get("base-uri") != ["'none'"] or policy.get("frame-ancestors") not in (["'self'"], ["'none'"]):
        found.append(f"{path}: may be framed, or its base moved: {policy}")
    if "html" in answer.get("Content-Type", "") and policy.get("object-src") != ["'none'"]:
        found.append(f"{path}: a page without a page's policy: {policy}")
    if any(source not in {"'self'", "'strict-dynamic'"} and not source.startswith("'nonce-")
           for source in policy.get("script-src", [])):  # fmt: skip
        found.append(f"{path}: scripts from {policy['script-src']}")
    cached = answer.get("Cache-Control", "")
    is_file = path.startswith(("/static/", "/media/")) or "public" in cached
    if (personal or answer.status_code >= 400) and not is_file and "no-store" not in cached:
        found.append(f"{path} ({answer.status_code}): cached {cached!r}")
    return found


@pytest.mark.once
@pytest.mark.parametrize("who", ["anonymous", "member", "admin"])
def test_every_address_when_opened_then_its_answer_carries_all_headers(who: str) -> None:
    make_topic()
    client = Client(raise_request_exception=False)
    if who != "anonymous":
        client.force_login(make_user(is_superuser=who == "admin", is_staff=who == "admin"))
    problems, opened = [], set()
    for path in [*sorted({address(pattern) for pattern in patterns()}), *OUTSIDE]:
        if "/logout" in path:
            continue
        answer = client.get(path)
        opened.add(answer.status_code)
        problems += wrong_with(path, answer, personal=who != "anonymous")
        if who != "anonymous" and answer.status_code == 200 and "public" in answer.get("Cache-Control", ""):
            problems += [f"{path}: a cookie in a public answer" for _cookie in answer.cookies]
    assert not problems, "\n".join(problems)
    assert {200, 302, 404, 405} <= opened


def test_refusals_when_sent_then_they_carry_all_headers() -> None:
    client = Client(enforce_csrf_checks=True)
    for path, length in (("/accounts/login/", 9), ("/api/v1/topics", 9), ("/preview/", 3_000_000)):
        answer = client.post(path, b"x" * length, content_type="application/x-www-form-urlencoded")
        assert answer.status_code >= 400
        assert wrong_with(path, answer, personal=True) == []


def test_nonce_when_a_page_is_opened_twice_then_each_has_its_own(client) -> None:
    nonces = {policy_of(client.get("/"))["script-src"][0] for _time in range(3)}
    assert len(nonces) == 3


def test_cookies_when_set_then_scripts_cannot_read_them_and_other_sites_cannot_send_them(client) -> None:
    user = make_user()
    user.set_password("correct horse battery")
    user.save()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": user.email, "password": "correct horse battery"})
    assert {"sessionid", "csrftoken"} <= set(client.cookies)
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"] and client.cookies[name]["samesite"] == "Lax", name


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "evil.example:80", ""]
)
def test_page_when_asked_for_under_a_name_that_is_not_ours_then_400_without_that_name(host):
    client, wrong = Client(raise_request_exception=False), []
    for path in ("/", "/accounts/login/", "/accounts/password/reset/", "/api/v1/topics", "/cms/", "/no/such/page/"):
        answer = client.get(path, headers={"host": host})
        if answer.status_code != 400 or "evil" in answer.content.decode() + str(answer.headers):
            wrong.append(f"{answer.status_code} {path}")
    assert wrong == []


def test_page_when_a_proxy_header_names_another_host_then_it_is_not_heard(client):
    told = {"x-forwarded-host": "evil.example", "x-host": "evil.example", "forwarded": "host=evil.example"}
    topic = make_topic()
    for path in ("/", topic.get_absolute_url(), "/accounts/login/", "/api/v1/topics"):
        answer = client.get(path, headers=told)
        assert answer.status_code == 200 and "evil" not in answer.content.decode() + str(answer.headers), path

"""Production refuses to start unsafe, with one clear line; its cookies are bound to the host; keys can be changed."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

import pytest
from django.core import signing

from tests.architecture.tree import ROOT

SAFE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod", "SITE_URL": "https://community.example",
    "ALLOWED_HOSTS": "community.example", "SECRET_KEY": secrets.token_urlsafe(50),
}  # fmt: skip
SHOW = """from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,
      s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, len(s.SECRET_KEY_FALLBACKS))"""


def start(tmp_path, code: str = "from django.conf import settings; settings.DEBUG", **changes: str):
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)} | SAFE | changes
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "", "is required"),
        ("SECRET_KEY", "short", "too short or too plain"),
        ("SECRET_KEY", "a" * 60, "too short or too plain"),
        ("SECRET_KEY", "django-insecure-" + "Zq7vLm2xRt9wKp4sNd8hBg3jYc6fUe1aXo5iWT0V" * 2, "is an example"),
        ("SECRET_KEY", "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz", "is an example"),
        ("DEBUG", "on", "must be off in production"),
        ("ALLOWED_HOSTS", "*", "must name the hosts"),
        ("ALLOWED_HOSTS", "community.example,.*", "must name the hosts"),
        ("ALLOWED_HOSTS", "", "is required"),
        ("SECURITY_CONTACT", "ring the bell", "must be an e-mail address"),
    ],
)
def test_production_when_something_is_unsafe_then_one_line_says_what(tmp_path, name, value, words):
    done = start(tmp_path, **{name: value})

    assert done.returncode == 2
    assert done.stderr.startswith(f"{name}: ") and words in done.stderr and done.stderr.count("\n") == 1


def test_production_when_all_is_set_then_cookies_are_bound_to_the_host(tmp_path):
    done = start(tmp_path, SHOW, SECRET_KEY_FALLBACKS=SAFE["SECRET_KEY"])

    assert done.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", *["True"] * 4, "1"], done.stderr


def test_secret_when_changed_with_the_old_one_kept_then_what_was_signed_stays_good(settings):
    old = settings.SECRET_KEY
    signed = signing.dumps({"reset": 7})
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = secrets.token_urlsafe(50), [old]
    assert signing.loads(signed) == {"reset": 7}

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(signing.BadSignature):
        signing.loads(signed)


@pytest.mark.django_db
def test_session_when_the_secret_changes_with_the_old_one_kept_then_nobody_is_signed_out(client, settings):
    from tests.factories.people import make_user

    client.force_login(make_user())
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = secrets.token_urlsafe(50), [old]

    assert client.get("/settings/").status_code == 200


@pytest.mark.django_db
def test_security_txt_when_a_contact_is_set_then_valid_and_within_a_year(client, settings):
    from datetime import UTC, datetime, timedelta

    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@community.example"

    answer = client.get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == settings.SECURITY_CONTACT
    assert fields["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=100) < expires - datetime.now(UTC) < timedelta(days=365)

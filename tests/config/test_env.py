"""A missing or malformed variable gives one clear line, not a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import checks, env
from tests.architecture.tree import ROOT

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("name", "value", "read", "words"),
    [
        ("SITE_URL", "community.example", lambda: env.url("SITE_URL", ("http", "https")), "must start with http://"),
        ("DEBUG", "maybe", lambda: env.flag("DEBUG", False), "must be on or off"),
        ("PORT", "eight", lambda: env.number("PORT", 8000, least=1), "must be a whole number"),
        ("DATABASE_URL", "mysql://x/y", lambda: env.database(Path(".")), "must start with sqlite://"),
        ("DATABASE_URL", "postgres://host", lambda: env.database(Path(".")), "names no database"),
        ("SECRET_KEY", "", lambda: env.text("SECRET_KEY"), "is required"),
    ],
)
def test_a_variable_when_it_is_wrong_then_one_line_names_it(monkeypatch, capsys, name, value, read, words):
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit) as ending:
        read()

    line = capsys.readouterr().err
    assert ending.value.code == 2
    assert line.startswith(f"{name}: ") and words in line and line.count("\n") == 1


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [("", "", "http://127.0.0.1:8000"), ("0.0.0.0", "9000", "http://127.0.0.1:9000"), ("::1", "80", "http://[::1]:80")],
)
def test_the_site_address_when_it_is_not_given_then_follows_host_and_port(monkeypatch, host, port, address):
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("PORT", port)

    assert env.local_address() == address


def test_production_when_the_secret_is_missing_then_ends_with_one_line():
    bare = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.prod", "DATA_DIR": "/tmp"}

    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=bare, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr.strip().splitlines() == [
        "SECRET_KEY: is required; set it in the environment (README, “Environment”)."
    ]


def test_the_live_layer_when_several_processes_share_no_redis_then_is_refused(monkeypatch, settings):
    settings.REDIS_URL = ""
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    assert [problem.id for problem in checks.live_layer_reaches_every_process(None)] == ["threadwell.E001"]

    settings.REDIS_URL = "redis://127.0.0.1:6379/0"
    assert checks.live_layer_reaches_every_process(None) == []

    settings.REDIS_URL = ""
    monkeypatch.setenv("WEB_CONCURRENCY", "1")
    assert checks.live_layer_reaches_every_process(None) == []

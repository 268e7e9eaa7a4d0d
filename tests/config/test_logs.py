"""What a stranger sends is one short line in the log, and tells a terminal nothing (D6)."""

from __future__ import annotations

import copy
import io
import json
import logging
import logging.config

import pytest
from django.conf import settings
from django.test import Client
from uvicorn.logging import AccessFormatter

from config.logs import Access

ODD = "a\r\n2026-11-26 ERROR forged\x1b[2J\x1b]0;title\x07\u2028b\x85c\ud800"


@pytest.fixture(params=["line", "json"])
def written(request, monkeypatch) -> tuple[str, io.StringIO]:
    """The form of the log, and what the product's own handlers write in it."""
    out, config = io.StringIO(), copy.deepcopy(settings.LOGGING)
    for handler in config["handlers"].values():
        handler |= {"class": "logging.StreamHandler", "stream": out, "formatter": request.param}
    configurator = logging.config.DictConfigurator({"version": 1, **config})
    for part in ("formatters", "filters"):
        for name in config[part]:
            configurator.config[part][name] = getattr(configurator, f"configure_{part[:-1]}")(config[part][name])
    made = {name: configurator.configure_handler(copy.copy(own)) for name, own in config["handlers"].items()}
    for name, logger in (("console", "threadwell"), ("console", "django.request"), ("short", "django.security")):
        monkeypatch.setattr(logging.getLogger(logger), "handlers", [made[name]])
        monkeypatch.setattr(logging.getLogger(logger), "propagate", False)
    return request.param, out


def assert_one_line(form: str, text: str) -> None:
    assert text.endswith("\n") and len(text.splitlines()) == 1, text[:300]
    assert len(text.encode()) <= 2_000
    assert text.rstrip("\n").isprintable()
    if form == "json":
        assert json.loads(text)["message"]


@pytest.mark.parametrize("logger", ["threadwell.probe", "django.security.DisallowedHost"])
@pytest.mark.parametrize("words", [ODD, "x" * 1_000_000, "\x1b" * 1_000_000, "ü🎉" * 10_000, '"' * 1_500], ids=range(5))
def test_words_of_a_stranger_when_they_are_logged_then_they_are_one_short_line(written, logger, words):
    form, out = written

    logging.getLogger(logger).error("This was sent: %s", words)

    assert_one_line(form, out.getvalue())


def test_host_when_it_is_odd_then_it_is_one_short_line(written, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    form, out = written

    answer = Client(raise_request_exception=False).get("/", headers={"Host": f"{ODD[:-1]}{'x' * 100_000}"})

    assert answer.status_code == 400
    assert_one_line(form, out.getvalue())


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/search/?q=my+illness", "/search/"),
        ("/accounts/password/reset/key/3-d4kq-secret/", "/accounts/…"),
        ("/t/1/x/\r\nforged\x1b[2J", "/t/1/x/\\r\\nforged\\x1b[2J"),
    ],
)
def test_request_when_uvicorn_logs_it_then_it_is_a_short_path_and_nobody(path, told):
    assert access_line(path) == f'- - "GET {told} HTTP/1.1" 200 OK'


def test_request_when_its_path_is_a_megabyte_then_its_line_is_short():
    assert len(access_line("/" + "ü" * 1_000_000).encode()) <= 400


def access_line(path: str) -> str:
    """As uvicorn writes it."""
    args = ("203.0.113.9:4711", "GET", path, "1.1", 200)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', args, None)
    assert Access().filter(record)
    return AccessFormatter('%(client_addr)s - "%(request_line)s" %(status_code)s', use_colors=False).format(record)


def test_traceback_when_the_fault_is_ours_then_it_keeps_its_lines(written):
    form, out = written
    try:
        raise RuntimeError("ours")
    except RuntimeError:
        logging.getLogger("threadwell.probe").exception("It failed")

    assert "RuntimeError: ours" in out.getvalue()
    assert form == "json" or len(out.getvalue().splitlines()) > 2

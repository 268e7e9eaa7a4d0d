"""Every switch comes from the environment and is read here, once, with one clear line when it is wrong."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ

_ENV = environ.Env()


class EnvironmentProblem(SystemExit):
    """A variable is missing or malformed: the process ends with one line and exit code 2."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(2)
        self.name, self.what = name, what
        print(f"{name}: {what}", file=sys.stderr)


def text(name: str, default: str | None = None) -> str:
    """The variable's value, or `default`; without a default the variable is required."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise EnvironmentProblem(name, "is required; set it in the environment (README, “Environment”).")
    return default


def flag(name: str, default: bool) -> bool:
    """A switch: 1/true/yes/on or 0/false/no/off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise EnvironmentProblem(name, f"must be on or off, not “{value}”.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number not below `least`."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit() or int(value) < least:
        raise EnvironmentProblem(name, f"must be a whole number of at least {least}, not “{value}”.")
    return int(value)


def choice(name: str, values: tuple[str, ...], default: str) -> str:
    """One of a few words."""
    value = text(name, default).lower()
    if value not in values:
        raise EnvironmentProblem(name, f"must be {' or '.join(values)}, not “{value}”.")
    return value


def secret(name: str) -> str:
    """A key that nobody guesses: required, of 50 characters or more and of many different ones, and no example."""
    value = text(name)
    how = "make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    if len(value) < 50 or len(set(value)) < 10:
        raise EnvironmentProblem(name, f"is too short or too plain to be a secret; {how}")
    if any(word in value.lower() for word in ("django-insecure", "changeme", "change-me", "only-for-tests", "example")):
        raise EnvironmentProblem(name, f"is an example, and examples are known; {how}")
    return value


def hosts(name: str) -> list[str]:
    """The host names that are answered: required, and none of them stands for all."""
    found = names(name) or [text(name)]
    if any(host.strip(".") in {"", "*"} for host in found):
        raise EnvironmentProblem(name, "must name the hosts, as in community.example.com; “*” would answer for any.")
    return found


def contact(name: str) -> str:
    """Where somebody can be written to: `mailto:`, `https:` or `tel:`; a bare e-mail address becomes the first."""
    value = text(name, "")
    if re.fullmatch(r"[^\s:@]+@[^\s:@]+", value):
        return f"mailto:{value}"
    if value and not re.fullmatch(r"(mailto:|https://|tel:)\S+", value):
        raise EnvironmentProblem(name, "must be an e-mail address or start with https://.")
    return value


def off(name: str) -> None:
    """A switch that may not be on here."""
    if flag(name, False):
        raise EnvironmentProblem(name, "must be off in production: error pages would show the settings to anyone.")


def names(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def colour(name: str, default: str = "") -> str:
    """A colour as `#rrggbb`."""
    value = text(name, default)
    if value and not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise EnvironmentProblem(name, f"must be a colour such as #0d6b5b, not “{value}”.")
    return value


def url(name: str, schemes: tuple[str, ...], default: str | None = None) -> str:
    """An address with one of the given schemes; an empty default means that the service is not used."""
    value = text(name, default)
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in schemes:
        raise EnvironmentProblem(name, f"must start with {' or '.join(s + '://' for s in schemes)}.")
    return value


def local_address() -> str:
    """Where `./run` and `manage.py serve` listen, as a browser on this machine types it: from HOST and PORT."""
    host = text("HOST", "127.0.0.1")
    host = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}.get(host, host)  # noqa: S104  (compared, not bound)
    return f"http://{f'[{host}]' if ':' in host else host}:{number('PORT', 8000, least=1)}"


def database(data_dir: Path) -> dict:
    """Django's DATABASES["default"] from DATABASE_URL; SQLite in DATA_DIR when it is not set."""
    value = url("DATABASE_URL", ("sqlite", "postgres", "postgresql"), "")
    value = value or f"sqlite:///{data_dir / 'threadwell.sqlite3'}"
    try:
        config = _ENV.db_url_config(value)
    except Exception as error:
        raise EnvironmentProblem("DATABASE_URL", f"cannot be read: {error}.") from error
    if not config.get("NAME"):
        raise EnvironmentProblem("DATABASE_URL", "names no database, as in postgres://user:password@host:5432/name.")
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # A search looks at rows all over the file: mapped, each costs no call of its own.
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
            "PRAGMA mmap_size=1073741824;",
        }
    else:
        # jit: compiling a statement costs more than a page's statements take (unread list, 100,000 topics: 98 → 39 ms).
        # Who holds rows and asks nothing more for a minute (a machine that sleeps, a thread that hangs) lets them go.
        limits = {"statement_timeout": 30_000, "lock_timeout": 10_000, "idle_in_transaction_session_timeout": 60_000}
        told = " ".join(f"-c {name}={milliseconds}" for name, milliseconds in limits.items()) + " -c jit=off"
        config["OPTIONS"] = {"connect_timeout": 5, "options": told}
        config["CONN_HEALTH_CHECKS"] = True
        # Statements that come often are prepared on their connection: half of the database's part of a page.
        if flag("PREPARED_STATEMENTS", True):
            config["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 3}
    config["CONN_MAX_AGE"] = 600  # each web thread keeps its connection (config/handler.py)
    return config


def mail(default: str) -> dict:
    """Django's e-mail settings from EMAIL_URL (smtp://user:password@host:587, smtp+tls://, smtp+ssl://)."""
    value = url("EMAIL_URL", ("smtp", "smtp+tls", "smtp+ssl", "consolemail", "dummymail"), default)
    if not value:
        return {"EMAIL_HOST": ""}
    config = _ENV.email_url_config(value)
    return {key: val for key, val in config.items() if key.startswith("EMAIL_")}

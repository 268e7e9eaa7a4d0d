"""Set-ups that would lose or leak something without a word are refused or named at the start.

E001 and E003 are also asked by `config/asgi.py`, because a server's processes run no checks of their own.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from config.operation.backup.place import unfinished

ALONE = "Live updates stay inside one process without Redis, and more than one process is asked for."
HALF_RESTORED = "The restore of %s was ended halfway; what is here is neither the old nor the new."
HALF_RESTORED_HINT = "Run `manage.py restore FILE` again; it starts anew."
ALONE_HINT = "Set REDIS_URL, or run one process: `manage.py serve` (WEB_CONCURRENCY=1)."


def is_one_of_many() -> bool:
    """Whether this process is one of several: told by WEB_CONCURRENCY, or started by a server's parent process."""
    asked = os.environ.get("WEB_CONCURRENCY", "1")
    return (asked.isdigit() and int(asked) > 1) or multiprocessing.parent_process() is not None


@register(Tags.compatibility)
def live_layer_reaches_every_process(app_configs: Sequence[AppConfig] | None, **kwargs) -> list[CheckMessage]:
    if settings.REDIS_URL or not is_one_of_many():
        return []
    return [Error(ALONE, hint=ALONE_HINT, id="threadwell.E001")]


@register(Tags.compatibility)
def no_restore_is_half_done(app_configs: Sequence[AppConfig] | None, **kwargs) -> list[CheckMessage]:
    archive = unfinished()
    if not archive:
        return []
    return [Error(HALF_RESTORED % archive, hint=HALF_RESTORED_HINT, id="threadwell.E003")]


@register(Tags.staticfiles)
def browser_packages_are_there(app_configs: Sequence[AppConfig] | None, **kwargs) -> list[CheckMessage]:
    missing = [path.name for path in settings.VENDOR.values() if not path.is_dir()]
    if not missing:
        return []
    return [Warning("Browser packages are missing.", hint="Run `npm ci` (./run does).", id="threadwell.W002")]


@register("threadwell", deploy=True)
def production_has_what_it_needs(app_configs: Sequence[AppConfig] | None, **kwargs) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        found.append(
            Warning("SQLite serves one process on one machine.", hint="Set DATABASE_URL.", id="threadwell.W003")
        )
    if not settings.REDIS_URL:
        found.append(
            Warning("The cache and the live updates stay in one process.", hint="Set REDIS_URL.", id="threadwell.W004")
        )
    if not settings.EMAIL_HOST:
        found.append(Warning("Mails are kept and never sent.", hint="Set EMAIL_URL.", id="threadwell.W005"))
    if not settings.SITE_URL.startswith("https://"):
        found.append(
            Warning("Cookies and pages travel in the open.", hint="Give SITE_URL with https.", id="threadwell.W006")
        )
    return found

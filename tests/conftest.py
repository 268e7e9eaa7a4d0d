"""What holds for every test: nothing leaves the machine, no state survives, missing services are named.

`./test` runs everything twice: on SQLite with nothing else (TEST_ROUND=embedded) and on PostgreSQL with Redis and
Elasticsearch. A test marked `es` or `redis` needs that server; one marked `long` runs only by `./test --slow`, and one
marked `sqlite_first` does so on the real servers.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache

from accounts.kept_pages import pages
from tests import databases, emptying

NEEDS = {"es": "ELASTICSEARCH_URL", "redis": "REDIS_URL"}
if settings.REDIS_URL:
    # Half a second without an answer means to the product that Redis is away, and it counts in this process meanwhile.
    # Under tests it means a busy machine; those about a Redis that is away make a cache of their own.
    settings.CACHES["default"].setdefault("OPTIONS", {}).update(socket_timeout=15, socket_connect_timeout=15)
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long suites unless they are asked for, and what this round has no server for.

    In CI a missing server is a failure, not a skip.
    """
    _leave_out_long(config, items)
    embedded = os.environ.get("TEST_ROUND") == "embedded"
    for item in items:
        for marker, variable in NEEDS.items():
            if item.get_closest_marker(marker) is None or getattr(settings, variable):
                continue
            if embedded:
                item.add_marker(pytest.mark.skip(reason=f"embedded round: no {variable}"))
            elif not IN_CI:
                item.add_marker(pytest.mark.skip(reason=f"{variable} is not set; `./test` starts the servers"))


def _leave_out_long(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `long` run where `-m` speaks of them (`./test --slow`) or where one is named by its `::`."""
    if "long" in config.option.markexpr or any("::" in argument for argument in config.args):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """In CI, fail a test whose server is missing."""
    if IN_CI and os.environ.get("TEST_ROUND") != "embedded":
        for marker, variable in NEEDS.items():
            if item.get_closest_marker(marker) and not getattr(settings, variable):
                pytest.fail(f"{variable} is not set, and CI needs this server", pytrace=False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker
) -> Iterator[None]:
    """Just before Django makes the test database: copy it, where `./test` has left one to copy."""
    if not databases.TEMPLATE:
        yield
        return
    with django_db_blocker.unblock():
        name = databases.copy(databases.TEMPLATE)
    yield
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Django takes a copy as it is."""
    return bool(databases.TEMPLATE) or request.config.getvalue("reuse_db")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The database as the migrations left it is what tests with real commits go back to."""
    with django_db_blocker.unblock():
        undo = emptying.install()
    with undo:
        yield


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    """Row ids come back after a rollback, so what is cached under them must not."""
    pages.clear()
    cache.clear()
    yield


@pytest.fixture(autouse=True)
def _loggers_stay_on(request: pytest.FixtureRequest) -> Iterator[None]:
    """What sets up logging anew turns off the loggers that are there; later tests would hear nothing and fail."""
    yield
    off = [name for name, one in logging.root.manager.loggerDict.items() if getattr(one, "disabled", False)]
    if off or logging.root.manager.disable:
        logging.disable(logging.NOTSET)
        for name in off:
            logging.getLogger(name).disabled = False
        request.node.warn(pytest.PytestWarning(f"This test turned loggers off: {', '.join(off[:5]) or 'all'}"))


@pytest.fixture(autouse=True, scope="session")
def _no_outside_world() -> Iterator[None]:
    """Sockets reach this machine only; anything else is a test that would fail elsewhere."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(original):
        def call(self: socket.socket, address, *args):
            if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_ours(address[0]):
                raise ConnectionRefusedError(f"Tests may not reach {address[0]}.")
            return original(self, address, *args)

        return call

    def guarded_resolve(host, *args, **kwargs):
        if not _is_ours(host) and not _is_number(host):
            raise socket.gaierror(socket.EAI_NONAME, f"Tests may not look up {host}.")
        return resolve(host, *args, **kwargs)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded(connect))
    patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
    patch.setattr(socket, "getaddrinfo", guarded_resolve)
    yield
    patch.undo()


def _service_hosts() -> set[str]:
    from urllib.parse import urlsplit

    names = ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL")
    return {urlsplit(os.environ.get(name, "")).hostname or "localhost" for name in names}


def _is_ours(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name in {"localhost", "testserver", ""} or name in _service_hosts():
        return True
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _is_number(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return True

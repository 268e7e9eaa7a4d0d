"""Whatever stands in a page's address behind the “?”: never a fault of ours, and never more work than without it.

Which parameters a page reads is watched while it answers, so that a new page and a new parameter are asked too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, reset_queries, transaction
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.leaks.table import PAGES
from tests.leaks.test_wrong_input import in_turn, owner
from tests.leaks.world import World

pytestmark = pytest.mark.django_db
#: what is read as a whole is named here
WHOLE = ("kind", "space", "section", "tag", "state", "author", "product", "language", "date", "after", "before", "sort")
READ_WHOLE = {"search:results": WHOLE, "search:why": WHOLE, "search:feed": WHOLE, "search:suggest": ("kind",)}
MANY = 900
#: as they stand in an address; `{}` is the parameter's name
ODD = [
    "{}=", "{}=" + "9" * 5_000, "{}=-1", "{}=%C2%B2", "{}=%00", "{}=a%00b", "{}=%ED%A0%80", "{}[]=1&{}[a]=1",
    "&".join(f"{{}}={number}" for number in range(MANY)), "{}=" + "%28" * 10_000, "{}=%22%27%5C%25_*" + "a" * 100_000,
    "{}=99999999999999999999", "{}=1e9", "{}=2026-99-99", "{}=0000-00-00T99:99", "{}=%5B%5D", "{}=null", "{}=%E2%80%AE",
    "{}=" + "a%20" * 10_000, "{}=//host.example/a", "{}=..%2F..%2F", "{}=true",
]  # fmt: skip
#: how many more statements a page may ask for than without the odd value (another tab's own)
MORE = 12


class Watched(QueryDict):
    """A query that remembers which names were asked for; a copy of it does not."""

    asked: set[str] | None = None

    def _note(self, name: Any) -> None:
        if self.asked is not None and isinstance(name, str):
            self.asked.add(name)

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def getlist(self, name: str, default: Any = None) -> list[Any]:
        self._note(name)
        return super().getlist(name, default)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of parameters that any page read since this was cleared."""
    names: set[str] = set()

    def query(request: WSGIRequest) -> Watched:
        if "_watched" not in request.__dict__:
            watched = Watched(request.META.get("QUERY_STRING", ""), encoding=request.encoding)
            watched.asked = names
            request.__dict__["_watched"] = watched
        return request.__dict__["_watched"]

    monkeypatch.setattr(WSGIRequest, "GET", property(query))
    return names


def pages(world: World) -> Iterator[tuple[str, str]]:
    """One address of each page that the owner sees, by the name of its line."""
    for name, line in PAGES.items():
        if not name.startswith("api:") and (here := [path for path in line(world) if "?" not in path] or line(world)):
            yield name, here[0]


def opened(client: Client, path: str, *, piece: bool = False) -> tuple[HttpResponse, int]:
    """The whole answer, and how many statements it took; nothing of it stays."""
    headers = {"HX-Request": "true"} if piece else {}
    reset_queries()  # the log has an end
    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        answer = client.get(path, headers=headers)
        told = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert told is not None
        transaction.set_rollback(True)
    return answer, len(seen)


def parameters(client: Client, path: str, asked: set[str]) -> tuple[set[str], int]:
    """The names that a page reads, as a page and as a piece of one, and the statements that it takes."""
    asked.clear()
    opened(client, path, piece=True)
    _answer, most = opened(client, path)
    return set(asked), most


#: with how many of the odd values a parameter is asked: others come at the next one
SOME = [pytest.param(1, id="some"), pytest.param(99, id="all", marks=pytest.mark.long)]


@pytest.mark.parametrize("most", SOME)
def test_parameter_of_a_page_when_it_is_odd_then_never_a_fault_nor_more_work(world, asked, most):
    client, found, turn = owner(world), [], 0
    for name, path in pages(world):
        first, usual = parameters(client, path, asked)
        waiting = sorted(first | {*READ_WHOLE.get(name, ())})
        done: set[str] = set()
        while waiting:
            parameter = waiting.pop(0)
            done.add(parameter)
            turn += 1
            for odd in in_turn(ODD, turn, most):
                to = f"{path.partition('?')[0]}?{odd.replace('{}', parameter)}"
                answer, statements = opened(client, to, piece=turn % 2 == 1)
                if answer.status_code >= 500 and answer.status_code != 501:  # 501: a form of it that is not made
                    found.append(f"{answer.status_code} {to[:120]}")
                if statements > usual + MORE:
                    found.append(f"{statements} statements, {usual} without it: {to[:120]}")
            waiting += sorted(asked - done - {*waiting})
    assert found == []
    assert turn > 100, "the parameters of all pages"

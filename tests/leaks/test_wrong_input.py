"""Whatever stands in a field of the API: never a fault of ours, and what is far too long is never taken (A5, D1, D2).

The fields are those of the API's own description, so a new address is asked too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tests.leaks.table import PAGES
from tests.leaks.world import World

pytestmark = pytest.mark.django_db
LONG = '"' + "x" * 1_000_000 + '"'
#: JSON as it is written, since Python would not write all of it
WRONG = [
    LONG, "null", "true", "-1", "1e400", "9" * 4_000, '""', '"\\u0000"', "[]", '[[{"a": null}]]', '{"a": [1]}',
    "[" * 400 + "]" * 400,
]  # fmt: skip
BODIES = ["", "null", "[]", '"x"', "1e400", '{"a":', "\ud800", "[" * 5_000, '{"body": "a", "body": ["b"]}']
ODD = ["9" * 30, "-1", "1000000000", "%00", "a" * 5_000, "[]", "%ED%A0%80", "1e9", "'"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the API with a method: what it takes in its body and in its query."""

    method: str
    path: str
    fields: tuple[str, ...]
    parameters: tuple[str, ...]


def operations(world: World) -> Iterator[Operation]:
    """Each that is described, at an address where something is: the first of its line in the table."""
    described = SchemaGenerator().get_schema(public=True)
    lines = [line for name, line in PAGES.items() if name.startswith("api:")]
    addresses = [path.partition("?")[0] for line in lines for path in line(world)]
    for path, methods in described["paths"].items():
        form = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
        here = next((address for address in addresses if form.fullmatch(address)), None)
        for method, told in methods.items() if here else ():
            schema = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            named = described["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
            parameters = tuple(each["name"] for each in told.get("parameters", []) if each["in"] == "query")
            yield Operation(method, here, tuple(named.get("properties", {})), parameters)


def good(world: World) -> dict[str, Any]:
    """A value for a field's name, so that what stands in the others is looked at too."""
    topic, space = world.topics["public"], world.spaces["public"]
    return {
        "title": "A title", "body": "Words.", "space": space.slug, "name": "A name", "subject": "About it",
        "to": ["member"],
        "target": f"post:{world.posts['public reply'].pk}", "reason": "spam", "topic": topic.pk, "topics": [topic.pk],
        "act": "close", "action": "keep", "version": 1, "question": "Which?", "options": ["One", "Two"],
        "level": "muted",
        "files": [{"name": "a.py", "text": "1", "language": "python"}], "starts": "2030-01-01T10:00", "zone": "UTC",
        "posts": [world.posts["public reply"].pk], "post": world.posts["public reply"].pk, "display_name": "Writer",
    }  # fmt: skip


def owner(world: World) -> Client:
    """Whose roles open every address, and who wrote what stands there."""
    client = Client(raise_request_exception=False)
    client.force_login(world.people["writer"])
    return client


def sent(client: Client, operation: Operation, body: str) -> HttpResponse:
    """The answer to what is sent; nothing of it stays."""
    with transaction.atomic():
        told = body.encode(errors="surrogatepass")
        answer = client.generic(operation.method.upper(), operation.path, told, content_type="application/json")
        transaction.set_rollback(True)
    return answer


def problems(answer: HttpResponse, what: str) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"{answer.status_code} {what}"
    elif answer.status_code >= 400 and answer["Content-Type"] != "application/problem+json":
        yield f"{answer['Content-Type']} {what}"


#: how many of the wrong values a field, or a parameter, is asked with: others come at the next one
SOME = [pytest.param(3, id="some"), pytest.param(99, id="all", marks=pytest.mark.long)]


def in_turn(values: list[str], turn: int, most: int) -> list[str]:
    """So many of the values, beginning where the turn before ended."""
    begin = turn * most % len(values)
    return (values[begin:] + values[:begin])[:most]


@pytest.mark.parametrize("most", SOME)
def test_field_when_it_holds_the_wrong_thing_then_never_a_fault_and_nothing_endless_is_taken(world, most):
    client, values, found, turn = owner(world), good(world), [], 0
    for operation in operations(world):
        rest = {name: json.dumps(values[name]) for name in operation.fields if name in values}
        for field in operation.fields:
            turn += 1
            for wrong in dict.fromkeys([*in_turn(WRONG, turn, most), LONG]):
                body = ", ".join(f'"{name}": {value}' for name, value in {**rest, field: wrong}.items())
                answer = sent(client, operation, f"{{{body}}}")
                what = f"{operation.method} {operation.path} {field}={wrong[:30]}"
                found += problems(answer, what)
                if wrong == LONG and answer.status_code < 400:
                    found.append(f"{answer.status_code} {what}")
    assert found == []
    assert turn > 60, "the fields of all addresses"


@pytest.mark.parametrize("most", SOME)
def test_body_when_it_is_no_object_then_never_a_fault(world, most):
    client, found = owner(world), []
    for turn, operation in enumerate(each for each in operations(world) if each.method != "get"):
        for body in in_turn(BODIES, turn, most):
            found += problems(sent(client, operation, body), f"{operation.method} {operation.path} {body[:30]}")
    assert found == []


@pytest.mark.parametrize("most", SOME)
def test_parameter_when_it_is_odd_then_never_a_fault(world, most):
    client, found, turn = owner(world), [], 0
    for operation in operations(world):
        names = {*operation.parameters, "page", "after"} if operation.method == "get" else operation.parameters
        for name in sorted(names):
            turn += 1
            for odd in in_turn(ODD, turn, most):
                at = Operation(operation.method, f"{operation.path}?{name}={odd}", (), ())
                found += problems(sent(client, at, ""), f"{at.method} {at.path[:120]}")
    assert found == []

"""External sources: what is pushed is found by those who may, follows its source's readers, and bad input is named."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.errors import NotAllowed
from accounts.services import token_create
from search import parser, services, suggest
from search.external.models import ExternalRecord, ExternalSource
from search.external.policies import audience, can_see
from search.external.services import (
    RecordInput,
    record_remove,
    records_put,
    source_create,
    source_remove,
    source_update,
)
from tests.factories.people import make_user, viewer
from tests.search.conftest import titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return viewer(make_user("hana", is_manager=True))


@pytest.fixture
def docs(manager) -> ExternalSource:
    return source_create(viewer=manager, name="Developer docs")


def record(key: str = "pairing", **fields) -> RecordInput:
    given = {"url": f"https://docs.example/{key}", "title": "Pairing over Zigbee", "body": "Hold the button."}
    return RecordInput(key=key, **given | fields)


def test_pushed_record_is_found_with_its_place_and_address(find, manager, docs):
    records_put(viewer=manager, source=docs, records=[record(), record("reset", title="Factory reset")])

    found = find("zigbee pairing")

    (hit,) = found.items
    assert (hit.card.kind, hit.card.url, hit.card.where) == (
        "external", "https://docs.example/pairing", "Developer docs"
    )
    assert titles(find("reset", space=["developer-docs"])) == ["Factory reset"]
    assert find("button", kind=["external"]).total == 2
    assert [group.kind for group in suggest.suggest(viewer(None), "pairing zig")] == ["external"]


def test_same_again_changes_nothing_and_a_change_is_found(find, manager, docs):
    assert records_put(viewer=manager, source=docs, records=[record()]).new == 1
    again = records_put(viewer=manager, source=docs, records=[record()])
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    assert titles(find("zigbee")) == ["Pairing over Zigbee"]

    changed = records_put(viewer=manager, source=docs, records=[record(title="Pairing over Thread")])

    assert (changed.new, changed.changed) == (0, 1)
    assert titles(find("zigbee")) == [] and titles(find("thread")) == ["Pairing over Thread"]


def test_change_of_readers_holds_before_any_worker_runs(find, manager, docs):
    records_put(viewer=manager, source=docs, records=[record()])
    assert find("zigbee").total == 1

    source_update(viewer=manager, source=docs, readers="staff")

    stale = services.search(viewer(None), parser.parse("zigbee"))
    assert (stale.total, stale.items) == (0, [])
    assert suggest.suggest(viewer(None), "pairing") == []
    assert find("zigbee", viewer=viewer(make_user())).total == 0
    assert find("zigbee", viewer=viewer(make_user(is_agent=True))).total == 1


@pytest.mark.parametrize("readers", ["public", "members", "staff"])
def test_row_filter_predicate_and_token_say_the_same(manager, docs, readers):
    records_put(viewer=manager, source=docs, records=[record()])
    source_update(viewer=manager, source=docs, readers=readers)
    row = ExternalRecord.objects.select_related("source").get()

    for who in (viewer(None), viewer(make_user()), viewer(make_user(is_moderator=True)), manager):
        told = {
            ExternalRecord.objects.visible_to(who).exists(), ExternalSource.objects.visible_to(who).exists(),
            can_see(who, row), can_see(who, docs), bool(audience(row) & who.tokens),
        }
        assert len(told) == 1, who


def test_removed_record_and_source_are_gone_from_the_index(find, manager, docs):
    records_put(viewer=manager, source=docs, records=[record(), record("reset", title="Factory reset")])
    assert find("button").total == 2
    record_remove(viewer=manager, record=ExternalRecord.objects.get(key="reset"))
    assert titles(find("button")) == ["Pairing over Zigbee"]

    source_remove(viewer=manager, source=docs)

    assert find("button").total == 0 and not ExternalRecord.objects.exists()


@pytest.mark.parametrize(("fields", "field"), [
    ({"url": "javascript:alert(1)"}, "url"), ({"url": "https://user:pw@docs.example/"}, "url"),
    ({"url": "/t/1/"}, "url"), ({"url": "https://[bad"}, "url"),
    ({"title": ""}, "title"), ({"title": "x" * 301}, "title"),
    ({"body": "x" * 100_001}, "body"), ({"body": "nul\0"}, "body"), ({"key": " "}, "key"),
])
def test_bad_record_is_named_by_its_place_and_nothing_is_stored(manager, docs, fields, field):
    with pytest.raises(ValidationError) as refusal:
        records_put(viewer=manager, source=docs, records=[record("fine"), RecordInput(**{
            "key": "bad", "url": "https://docs.example/", "title": "Fine", **fields
        })])

    assert list(refusal.value.message_dict) == [f"records.1.{field}"]
    assert not ExternalRecord.objects.exists()


def test_others_may_not_manage_and_learn_nothing(client: Client, manager, docs):
    member = make_user(is_agent=True)
    with pytest.raises(NotAllowed):
        source_create(viewer=viewer(member), name="Mine")
    client.force_login(member)

    assert client.get("/search/sources/").status_code == 404
    assert client.post(f"/search/sources/{docs.slug}/remove/").status_code == 404
    for slug in (docs.slug, "none"):
        answer = client.post(f"/api/v1/external/{slug}/records", {"records": []}, content_type="application/json")
        assert answer.status_code == 404
    assert ExternalSource.objects.count() == 1


def test_program_pushes_and_removes_with_a_token(client: Client, docs):
    owner = make_user(is_manager=True)
    def bearer(*scopes: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token_create(viewer=viewer(owner), user=owner, scopes=scopes)[1]}"}

    address = f"/api/v1/external/{docs.slug}/records"
    one = {"key": "a/b", "url": "https://docs.example/b", "title": "B", "updated_at": "2026-05-01T10:00Z"}
    data = {"records": [one]}
    full = bearer("read", "write", "private", "staff")

    def push(body, headers):
        return client.post(address, body, content_type="application/json", headers=headers)

    assert push(data, bearer("read", "write")).status_code == 404
    assert push(data, full).json() == {"new": 1, "changed": 0, "unchanged": 0}
    bad = push({"records": [{"key": "x", "url": "ftp://x", "title": "X"}]}, full)
    assert bad.status_code == 400 and list(bad.json()["errors"]) == ["records.0.url"]
    assert push({"records": [{"key": str(n)} for n in range(101)]}, full).status_code == 400
    assert push({"records": "x"}, full).status_code == 400
    assert client.delete(f"{address}/a/b", headers=full).status_code == 204
    assert client.delete(f"{address}/a/b", headers=full).status_code == 404


def test_manager_adds_changes_and_removes_on_the_page(client: Client):
    client.force_login(make_user(is_manager=True))
    page = client.post("/search/sources/", {"name": "", "readers": "nobody", "language": "en"})
    assert page.status_code == 400 and "aria-invalid" in page.content.decode()
    nowhere = {"name": "Docs", "way": "sitemap", "address": "x", "readers": "public", "language": "en"}
    assert "begins with http" in client.post("/search/sources/", nowhere).content.decode()
    good = {"name": "Docs", "way": "push", "readers": "public", "language": "en"}
    assert client.post("/search/sources/", good).status_code == 302
    assert client.post("/search/sources/", good).status_code == 400  # the address is taken

    client.post("/search/sources/docs/readers/", {"readers": "members"})
    assert ExternalSource.objects.get().readers == "members"
    assert client.post("/search/sources/docs/readers/", {"readers": "nobody"}).status_code == 400
    client.post("/search/sources/docs/remove/")
    assert not ExternalSource.objects.exists()

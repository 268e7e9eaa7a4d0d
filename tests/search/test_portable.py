"""Search settings as one document: out, in again, and what is refused."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.services.tokens import token_create
from search.curation import pin_create
from search.models import Pin, RelevanceVersion, Synonyms
from search.portable import shaping_document, shaping_take
from search.synonyms import synonyms_create
from tests.factories.forums import make_topic
from tests.factories.people import client_of, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_user("mia", is_manager=True)


@pytest.fixture
def settings_of_now(manager) -> dict:
    topic = make_topic(title="Why does it flicker?")
    for rule in ("phone, mobile", "tv => television"):
        synonyms_create(viewer=viewer(manager), rule=rule)
    pin_create(viewer=viewer(manager), text="flicker", kind="topic", object_id=topic.pk)
    shaping_take(viewer=viewer(manager), document={"format": 1, "relevance": {"title": 2}})
    return shaping_document(viewer(manager))


def test_settings_when_exported_and_imported_then_are_the_same(manager, settings_of_now) -> None:
    assert settings_of_now["relevance"] == {"title": 2.0}
    for model in (Synonyms, Pin, RelevanceVersion):
        model.objects.all().delete()
    document = json.loads(json.dumps(settings_of_now))

    taken = shaping_take(viewer=viewer(manager), document=document)

    assert (taken.synonyms, taken.pins, taken.same, taken.is_weighed) == (2, 1, 0, True)
    assert shaping_document(viewer(manager)) == settings_of_now
    again = shaping_take(viewer=viewer(manager), document=document)
    assert (again.synonyms, again.pins, again.same, again.is_weighed) == (0, 0, 3, False)
    assert (Synonyms.objects.count(), Pin.objects.count(), RelevanceVersion.objects.count()) == (2, 1, 1)


WRONG = {
    "no document": ([], "format"),
    "another form": ({"format": 2}, "format"),
    "synonyms is a text": ({"synonyms": "a, b"}, "synonyms"),
    "one word": ({"synonyms": ["new, words", "alone"]}, "synonyms.1"),
    "a rule of numbers": ({"synonyms": [7]}, "synonyms.0"),
    "a pin of nothing": (
        {"synonyms": ["new, words"], "pins": [{"text": "x", "kind": "topic", "id": 99_999}]}, "pins.0",
    ),
    "a pin without id": ({"pins": [{"text": "x", "kind": "topic"}]}, "pins.0"),
    "a weight out of range": ({"synonyms": ["new, words"], "relevance": {"title": 99}}, "relevance"),
    "a weight of another name": ({"relevance": {"colour": 1}}, "relevance"),
    "weights is a list": ({"relevance": [1]}, "relevance"),
}


@pytest.mark.parametrize("name", WRONG)
def test_document_when_something_is_wrong_then_that_is_named_and_nothing_is_taken(manager, name: str) -> None:
    document, place = WRONG[name]
    document = {"format": 1, **document} if isinstance(document, dict) else document

    with pytest.raises(ValidationError) as refused:
        shaping_take(viewer=viewer(manager), document=document)

    assert list(refused.value.message_dict) == [place]
    assert not Synonyms.objects.exists() and not Pin.objects.exists() and not RelevanceVersion.objects.exists()


def test_weights_when_no_manager_sends_them_then_are_refused(settings_of_now) -> None:
    agent = viewer(make_user(is_agent=True))

    assert "relevance" not in shaping_document(agent)
    with pytest.raises(ValidationError) as refused:
        shaping_take(viewer=agent, document={"format": 1, "relevance": {"title": 3}})
    assert list(refused.value.message_dict) == ["relevance"]


def test_pins_when_their_things_are_not_the_askers_to_see_then_are_left_out(manager) -> None:
    closed = make_space(slug="closed", audience="groups")
    secret = make_topic(space=closed, author=make_user(is_superuser=True), title="Codename Firefly")
    pin_create(viewer=viewer(make_user(is_superuser=True)), text="firefly", kind="topic", object_id=secret.pk)

    assert shaping_document(viewer(make_user(is_agent=True)))["pins"] == []


def test_page_when_used_by_staff_then_saves_and_takes_a_file(manager, settings_of_now) -> None:
    client = client_of(manager)
    saved = client.get("/search/settings.json")
    assert "attachment" in saved["Content-Disposition"] and saved.json() == settings_of_now
    Synonyms.objects.all().delete()

    taken = client.post("/search/settings/", {"file": SimpleUploadedFile("s.json", saved.content)}, follow=True)
    assert "2 lines of synonyms" in taken.content.decode() and Synonyms.objects.count() == 2
    for content, told in ((b"{", "This is no JSON"), (b'{"format":1,"synonyms":["one"]}', "synonyms.0")):
        refused = client.post("/search/settings/", {"file": SimpleUploadedFile("s.json", content)})
        assert refused.status_code == 400 and told in refused.content.decode()
    assert client.post("/search/settings/").status_code == 400


def test_settings_when_asked_for_by_others_then_do_not_exist(settings_of_now) -> None:
    for client in (Client(), client_of(make_user(trust_level=4))):
        for path in ("/search/settings/", "/search/settings.json", "/api/v1/search/settings"):
            assert client.get(path).status_code in {302, 404}
            assert client.post(path, {}, content_type="application/json").status_code in {302, 401, 403, 404, 405}


@pytest.mark.parametrize(("scopes", "read", "written"), [
    (["read", "write", "private", "staff"], 200, 200), (["read", "private", "staff"], 200, 403),
    (["read", "write", "private"], 404, 404), (["read", "write", "staff"], 404, 404),
], ids=["all", "no write", "no staff", "no private"])  # fmt: skip
def test_api_when_a_token_lacks_a_scope_then_it_is_closed(manager, scopes, read, written) -> None:
    _token, secret = token_create(viewer=viewer(manager), user=manager, name="search", scopes=scopes)
    auth = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "content_type": "application/json"}

    assert Client().get("/api/v1/search/settings", **auth).status_code == read
    document = {"format": 1, "synonyms": ["phone, mobile"]}
    assert Client().post("/api/v1/search/settings", document, **auth).status_code == written
    assert Synonyms.objects.count() == (written == 200)


def test_api_when_something_is_wrong_then_the_problem_names_its_place(manager) -> None:
    answer = client_of(manager).post("/api/v1/search/settings", {"format": 1, "synonyms": ["one"]}, "application/json")

    assert answer.status_code == 400 and list(answer.json()["errors"]) == ["synonyms.0"]

"""Relevance settings: one table for all engines, tried on this community's searches, saved, undone, for managers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.viewer import viewer_for
from search import curation, log, parser, services, shaping, tuning
from search.models import RelevanceTrial, RelevanceVersion, SearchLog
from search.relevance import DEFAULT, Relevance, relevance_of
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_group, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_user("mira", is_manager=True)


def save(manager, **weights: float) -> None:
    trial = tuning.trial_create(viewer=viewer(manager), settings=weights)
    RelevanceTrial.objects.filter(pk=trial.pk).update(done=trial.count)
    trial.refresh_from_db()
    tuning.relevance_save(viewer=viewer(manager), trial=trial)


def opened(text: str, topic, times: int = 1) -> None:
    for _ in range(times):
        SearchLog.objects.create(
            text=log.normalised(text), count=1, engine="database", clicked_kind="topic", clicked_id=topic.pk,
            clicked_rank=1, created_at=timezone.now(), clicked_at=timezone.now(),
        )


def weighed(find, text: str, **weights: float) -> list[str]:
    """The titles as other weights would order them."""
    find(text)
    shape = replace(shaping.Shape(), relevance=Relevance(**weights))
    answer = services.ask(
        parser.parse(text), viewer_for(None).tokens, kinds=["topic"], now=timezone.now(), shape=shape
    )
    return [hit.title for hit in answer.order]


def test_place_of_a_word_weighs_as_set_in_every_engine(find):
    make_topic(title="Thermostat on a wall", body="It hangs in the hall.")
    told = make_topic(title="Cold hall", body="So cold.")
    make_reply(told, body="thermostat thermostat thermostat thermostat thermostat thermostat")

    assert weighed(find, "thermostat") == ["Thermostat on a wall", "Cold hall"]
    assert weighed(find, "thermostat", title=0.1, replies=5) == ["Cold hall", "Thermostat on a wall"]


def test_freshness_weighs_as_set(find):
    make_topic(title="Gateway hums", body="Old days.", at=timezone.now() - timedelta(days=3000))
    make_topic(title="Gateway hums loudly", body="All day.")

    assert weighed(find, "gateway", fresh=0)[0] == "Gateway hums"
    assert weighed(find, "gateway", fresh=1, fresh_days=1000)[0] == "Gateway hums loudly"


def test_saved_settings_hold_at_once_and_undo_brings_back(manager, find):
    make_topic(title="Thermostat")

    def now() -> Relevance:
        return shaping.looked_up(parser.parse("x"))[1].relevance

    assert now() == DEFAULT

    save(manager, title=2.5)
    assert now() == Relevance(title=2.5)
    save(manager, title=2.5, fresh=0.5)
    tuning.relevance_undo(viewer=viewer(manager))
    assert now() == Relevance(title=2.5)
    tuning.relevance_undo(viewer=viewer(manager))
    assert now() == Relevance(title=2.5, fresh=0.5)

    assert RelevanceVersion.objects.count() == 4
    event = Event.objects.filter(name="search.relevance_changed").order_by("-pk").first()
    assert event.data == {"before": {"title": 2.5}, "after": {"title": 2.5, "fresh": 0.5}}


def test_trial_asks_both_ways_in_the_worker_and_says_what_moves(index, find, manager):
    make_topic(title="Thermostat on a wall", body="It hangs in the hall.")
    told = make_topic(title="Cold hall", body="So cold.")
    make_reply(told, body="thermostat thermostat thermostat thermostat thermostat thermostat")
    index()
    opened("thermostat", told, times=3)
    for number in range(7):
        opened(f"cold {number}", told)
    trial = tuning.trial_create(viewer=viewer(manager), settings={"title": "0,1", "replies": "5"})
    assert trial.count == 8 and trial.questions[0] == ("thermostat", {f"topic:{told.pk}": 2})

    assert tuning.run_round() == 5
    trial.refresh_from_db()
    assert not trial.is_done and trial.done == 5
    with pytest.raises(ValidationError):
        tuning.relevance_save(viewer=viewer(manager), trial=trial)
    index()
    trial.refresh_from_db()

    assert trial.is_done and tuning.run_round() == 0
    found = tuning.report(trial)
    assert found.better >= 1
    assert [(line.kind, line.queries) for line in found.lines] == [("", 8), ("topic", 8)]
    assert found.lines[0].after["p@1"] > found.lines[0].before["p@1"]
    assert found.changed == [("title", 1.0, 0.1), ("replies", 1.0, 5.0)]


def test_trial_judges_by_pins_and_not_by_what_the_manager_may_not_see(index, manager):
    group = make_group("Insiders")
    insider = make_user()
    insider.groups.add(group)
    hidden = make_topic(space=make_space(audience="groups", groups=[group.pk]), author=insider, title="Secret beacon")
    seen = make_topic(title="Beacon")
    opened("beacon", hidden)
    curation.pin_create(viewer=viewer(manager), text="light", kind="topic", object_id=seen.pk)

    trial = tuning.trial_create(viewer=viewer(manager), settings={"title": 2})

    assert [tuple(question) for question in trial.questions] == [("light", {f"topic:{seen.pk}": 2})]


@pytest.mark.parametrize(("name", "value", "told"), [
    ("title", "0", "from 0.1 to 5"), ("title", "abc", "must be a number"), ("k", "inf", "must be a number"),
    ("fresh", "nan", "must be a number"), ("meaning", "1.01", "from 0 to 1"), ("title", "", "must be a number"),
    ("title", "1" * 400, "must be a number"),
])
def test_bad_number_is_refused_by_field_and_kept_in_the_form(client: Client, manager, name, value, told):
    client.force_login(manager)

    answer = client.post("/search/relevance/", {name: value})

    assert answer.status_code == 400
    assert told in answer.content.decode() and f'id="id_{name}_error"' in answer.content.decode()
    assert not RelevanceTrial.objects.exists()


def test_unknown_setting_and_no_change_are_refused(manager):
    with pytest.raises(ValidationError) as refused:
        relevance_of({"colour": 1})
    assert "title" in refused.value.message_dict["colour"][0]
    with pytest.raises(ValidationError, match="Nothing is changed"):
        tuning.trial_create(viewer=viewer(manager), settings={"title": 1})
    with pytest.raises(ValidationError, match="Nothing was changed"):
        tuning.relevance_undo(viewer=viewer(manager))


def test_manager_tries_saves_and_undoes_in_the_browser(client: Client, manager):
    client.force_login(manager)
    assert "as delivered" in client.get("/search/relevance/").content.decode()

    page = client.post("/search/relevance/", {"title": "2"}, follow=True)
    assert "nothing to judge by" in page.content.decode() and "Refresh" not in page
    client.post(page.redirect_chain[-1][0])
    assert "Title 2" in client.get("/search/relevance/").content.decode()
    client.post("/search/relevance/undo/")

    assert shaping.looked_up(parser.parse("x"))[1].relevance == DEFAULT


def test_for_others_there_is_no_relevance_to_see_or_change(client: Client, manager):
    trial = tuning.trial_create(viewer=viewer(manager), settings={"title": 2})
    for person in (make_user(), make_user(is_agent=True), make_user(is_moderator=True)):
        client.force_login(person)
        for address in ("/search/relevance/", f"/search/relevance/trials/{trial.pk}/", "/search/relevance/undo/"):
            assert client.post(address, {"title": "2"}).status_code == 404
        for call in (
            lambda nobody: tuning.trial_create(viewer=nobody, settings={"title": 3}),
            lambda nobody: tuning.relevance_save(viewer=nobody, trial=trial),
            lambda nobody: tuning.relevance_undo(viewer=nobody),
        ):
            with pytest.raises(NotAllowed):
                call(viewer(person))
    assert not RelevanceVersion.objects.exists()


def test_evaluate_refuses_settings_that_are_none(tmp_path):
    (tmp_path / "qrels.tsv").write_text("")
    for written, told in (("[]", "no JSON object"), ("{", "no JSON object"), ('{"title": 99}', "Title must be")):
        (tmp_path / "weights.json").write_text(written)
        with pytest.raises(CommandError, match=told):
            call_command("search_evaluate", str(tmp_path), "--weights", str(tmp_path / "weights.json"))

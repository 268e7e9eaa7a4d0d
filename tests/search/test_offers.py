"""“Did you mean …?”: near words of texts are offered where nothing holds what was typed; hidden ones tell nobody."""

from __future__ import annotations

import pytest

from accounts.erasing.names import Traces
from accounts.models import Audience
from accounts.viewer import system_viewer, viewer_for
from community.forums.services import topic_move
from community.spaces.services import member_add
from search import analysis, parser, services, vocabulary
from search.erased import title_words_go
from search.models import TextWord
from tests.factories.forums import make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space


def say(word: str, times: int = 3, **fields) -> list:
    return [make_topic(title=f"Note {n}", body=f"It says {word} today.", **fields) for n in range(times)]


def test_word_of_texts_when_typed_with_a_slip_then_is_offered_and_leads_to_them(find, index, client):
    say("kestrelwing")
    index()
    vocabulary.learn()

    assert find("note kestrlwing").offer == "note kestrelwing"
    assert (find("kestrlwing").offer, find("kestrlwing").total) == ("kestrelwing", 0)
    assert find("Kestrelwngi").offer == "kestrelwing", "two slips in a long word"
    assert find("note kestrelwing").offer == ""
    page = client.get("/search/?q=kestrlwing&kind=topic").content.decode()
    assert '<a class="link" href="?q=kestrelwing&amp;kind=topic">kestrelwing</a>' in page
    assert client.get("/api/v1/search?q=kestrlwing").json()["did_you_mean"] == "kestrelwing"


def test_word_when_few_texts_say_it_then_it_is_no_better_than_what_was_typed(find, index):
    say("kestrelwing", vocabulary.SAID_BY - 1)
    index()
    vocabulary.learn()

    assert find("kestrlwing").offer == ""


def test_word_of_hidden_texts_when_typed_with_a_slip_then_nobody_is_offered_it(find, index):
    space, insider = make_space(audience=Audience.GROUPS), make_user()
    member_add(viewer=system_viewer(), space=space, user=insider)
    say("kestrelwing", space=space, author=insider)
    index()
    vocabulary.learn()

    assert (find("kestrlwing").offer, find("kestrlwing", viewer=viewer(insider)).offer) == ("", "")
    assert not TextWord.objects.filter(word="kestrelwing").exists()


def test_word_when_the_texts_were_closed_a_moment_ago_then_it_is_not_offered(find, index):
    topics, private = say("kestrelwing"), make_space(audience=Audience.GROUPS)
    index()
    vocabulary.learn()
    assert find("kestrlwing").offer == "kestrelwing"

    for topic in topics:
        topic_move(viewer=system_viewer(), topic=topic, space=private)

    assert services.search(viewer_for(None), parser.parse("kestrlwing")).offer == "", "no worker ran in between"
    index()
    assert vocabulary.learn() == 0


def test_words_when_learnt_again_then_those_that_are_said_no_more_are_gone(find, index):
    topics = say("kestrelwing")
    index()
    assert vocabulary.learn() == vocabulary.learn() > 0
    TextWord.objects.create(word="longforgotten", initial="l", length=13, documents=9)

    vocabulary.learn()

    assert set(TextWord.objects.values_list("word", flat=True)) >= {"kestrelwing", "today"}
    assert not TextWord.objects.filter(word="longforgotten").exists()
    assert TextWord.objects.get(word="kestrelwing").documents == len(topics)


@pytest.mark.django_db
def test_words_of_a_name_when_the_person_is_erased_then_are_not_offered_any_more():
    for word in ("ottilie", "sandgruber", "kestrelwing"):
        TextWord.objects.create(word=word, initial=word[0], length=len(word), documents=9)

    title_words_go(Traces(1, "ottilie", "Ottilie Sandgruber", ()))

    assert set(TextWord.objects.values_list("word", flat=True)) == {"kestrelwing"}


@pytest.mark.parametrize(
    ("typed", "meant", "most", "told"),
    [
        ("ofline", "offline", 1, 1), ("oflfine", "offline", 1, 1), ("offlinee", "offline", 1, 1),
        ("oflin", "offline", 1, 2),
        ("firmwear", "firmware", 2, 2), ("frimwaer", "firmware", 2, 2), ("fimwear", "firmware", 2, 3),
        ("spacex", "space", 2, 3), ("valvee", "valve", 1, 1), ("offline", "offline", 2, 0), ("online", "offline", 2, 2),
        ("router", "outer", 2, 3),
    ],
)  # fmt: skip
def test_slips_are_counted_up_to_a_bound(typed, meant, most, told):
    assert analysis.slips(typed, meant, most) == told


def test_query_when_rewritten_then_operators_and_what_is_left_out_stay():
    instead = {"ofline": "offline", "hub": "hubs"}

    told = vocabulary.rewritten('in:ofline "x y" -ofline Öfline? hub', instead)

    assert told == 'in:ofline "x y" -ofline offline? hubs'

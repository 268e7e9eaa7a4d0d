"""Nobody finds, counts or is told of what they may not see, whichever engine answers."""

from __future__ import annotations

from collections import Counter

from accounts.models import Audience
from accounts.viewer import Viewer, system_viewer, viewer_for
from community.forums.models import Status, Topic
from community.forums.services import content_set_status, topic_move
from community.spaces.services import member_add, member_remove
from search import parser, services, suggest
from search.engines import entries
from search.models import TitleWord
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.search.conftest import titles


def private_space(**fields):
    return make_space(audience=Audience.GROUPS, **fields)


def look(text: str, who: Viewer | None = None, **data):
    """Search what is indexed as it is now: no worker runs in between."""
    return services.search(who or viewer_for(None), parser.parse(text, data=data))


def shown(results) -> tuple:
    """All that an answer tells."""
    facets = [(f.name, [(c.value, c.count) for c in f.choices if not c.is_chosen]) for f in results.facets]
    return results.total, titles(results), facets, results.meant, results.is_loose


def test_private_term_tells_an_outsider_nothing(find):
    space, insider = private_space(name="Secret lab", slug="secret-lab"), make_user()
    member_add(viewer=system_viewer(), space=space, user=insider)
    make_topic(space=space, author=insider, title="Projekt Nachtigall starts", body="quetzalcoatl", tags=["nachtigall"])

    for text in ("nachtigall", "quetzalcoatl", "secret", '"projekt nachtigall"', "tag:nachtigall", "in:secret-lab"):
        assert find(text, viewer=viewer(insider)).total >= 1, text
        outside = find(text)
        assert (outside.total, outside.items) == (0, []), text
        assert all(not choice.count for facet in outside.facets for choice in facet.choices), text


def test_private_title_is_never_suggested_or_told_as_a_slip(find):
    space, insider = private_space(), make_user()
    member_add(viewer=system_viewer(), space=space, user=insider)
    make_topic(space=space, author=insider, title="Kestrelwing rollout plan")
    make_topic(title="Public rollout plan notes")

    assert find("kestrlwing", viewer=viewer(insider)).meant == "kestrelwing"
    outside = find("kestrlwing")
    assert (outside.total, outside.meant) == (0, "")
    assert [g.kind for g in suggest.suggest(viewer(insider), "kestrelw")] == ["topic"]
    assert suggest.suggest(viewer_for(None), "kestrelw") == []
    related = suggest.related(viewer_for(None), text="Rollout plan for Kestrelwing")
    assert [card.title for card in related] == ["Public rollout plan notes"]


def test_hidden_filter_value_answers_as_one_that_does_not_exist(find):
    space, insider = private_space(slug="hidden"), make_user("mole")
    member_add(viewer=system_viewer(), space=space, user=insider)
    make_topic(space=space, author=insider, title="Inside talk", tags=["inside"])
    make_topic(title="Outside talk")
    find("talk")

    for name, hidden in (("space", "hidden"), ("tag", "inside"), ("author", "mole"), ("state", "open")):
        if name == "state":
            continue
        assert shown(look("talk", **{name: [hidden]})) == shown(look("talk", **{name: ["zzzzzz"]})), name


def test_leaving_a_space_counts_at_once_without_indexing(find):
    space, member = private_space(), make_user()
    member_add(viewer=system_viewer(), space=space, user=member)
    make_topic(space=space, author=member, title="Harbour plan")
    assert find("harbour", viewer=viewer(member)).total == 1

    member_remove(viewer=system_viewer(), space=space, user=member)

    assert look("harbour", viewer(member)).total == 0


def test_topic_moved_away_is_neither_shown_nor_counted_before_it_is_indexed(find):
    private = private_space()
    topic = make_topic(title="Harbour lights")
    make_topic(title="Harbour bells")
    assert find("harbour").total == 2

    topic_move(viewer=system_viewer(), topic=topic, space=private)

    before_indexing = look("harbour")
    assert titles(before_indexing) == ["Harbour bells"]
    assert before_indexing.total == 1
    assert {c.value: c.count for f in before_indexing.facets if f.name == "kind" for c in f.choices} == {"topic": 1}
    assert find("harbour").total == 1


def test_slip_is_not_told_as_a_word_of_what_moved_away_before_it_is_indexed(find):
    private = private_space()
    topic = make_topic(title="Kestrelwing rollout plan")
    make_topic(title="Public rollout plan notes")
    assert find("kestrlwing rollout").meant == "kestrelwing rollout"

    topic_move(viewer=system_viewer(), topic=topic, space=private)

    before_indexing = look("kestrlwing rollout")
    assert (titles(before_indexing), before_indexing.meant) == (["Public rollout plan notes"], "")


def test_words_that_no_title_says_any_more_are_forgotten(find):
    topic = make_topic(title="Kestrelwing rollout plan")
    make_topic(title="Public rollout notes")
    find()
    content_set_status(actor_id=None, target=topic, status=Status.REMOVED)
    find()

    assert entries.forget_words() >= 2
    known = set(TitleWord.objects.values_list("word", flat=True))
    assert not known & {"kestrelwing", "plan"} and {"public", "rollout", "notes"} <= known
    assert entries.forget_words() == 0


def test_removed_reply_is_not_quoted_before_it_is_indexed(find):
    topic = make_topic(title="Harbour crane", body="It creaks.")
    reply = make_reply(topic, body="The harbour code is xylophone.")
    assert "xylophone" in find("xylophone").items[0].excerpt_html

    content_set_status(actor_id=None, target=reply, status=Status.REMOVED)

    assert all("xylophone" not in str(item.excerpt_html) for item in look("xylophone").items)
    assert find("xylophone").total == 0


def test_pending_and_removed_topics_are_not_found_by_anyone(find):
    author = make_user()
    topic = make_topic(author=author, title="Buy cheap harbours")
    assert find("harbours").total == 1

    content_set_status(actor_id=None, target=topic, status=Status.REMOVED)
    assert find("harbours", viewer=system_viewer()).total == 0

    content_set_status(actor_id=None, target=topic, status=Status.PUBLISHED)
    assert find("harbours").total == 1


def test_facets_equal_a_count_over_what_the_viewer_sees(find):
    insider = make_user()
    spaces = [make_space(slug="alpha"), make_space(slug="beta"), private_space(slug="gamma")]
    member_add(viewer=system_viewer(), space=spaces[2], user=insider)
    for number in range(12):
        tags = [["lamp"], ["lamp", "blind"], []][number % 3]
        topic = make_topic(space=spaces[number % 3], author=insider, title=f"Corridor light {number}", tags=tags)
        if number % 4 == 0:
            make_reply(topic, author=insider)

    for who in (viewer_for(None), viewer(insider)):
        rows = list(Topic.objects.visible_to(who).select_related("space").prefetch_related("tags"))
        found = find("corridor", viewer=who)
        counted = {facet.name: {c.value: c.count for c in facet.choices} for facet in found.facets}
        assert found.total == len(rows)
        assert counted["kind"] == {"topic": len(rows)}
        assert counted["space"] == Counter(topic.space.slug for topic in rows)
        assert counted["state"] == Counter(topic.state for topic in rows)
        assert counted["tag"] == Counter(tag.name for topic in rows for tag in topic.tags.all())


def test_facet_counts_ignore_their_own_filter_and_obey_the_others(find):
    alpha, beta = make_space(slug="alpha"), make_space(slug="beta")
    make_topic(space=alpha, title="Window one", tags=["glass"])
    make_topic(space=beta, title="Window two", tags=["glass"])
    make_topic(space=beta, title="Window three", tags=["frame"])

    found = find("window", space=["beta"], tag=["glass"])

    counted = {facet.name: {c.value: c.count for c in facet.choices} for facet in found.facets}
    assert titles(found) == ["Window two"]
    assert counted["space"] == {"alpha": 1, "beta": 1}
    assert counted["tag"] == {"glass": 1, "frame": 1}


def test_page_is_full_although_the_index_offers_what_is_gone(find):
    space, author, private = make_space(), make_user(), private_space()
    topics = [make_topic(space=space, author=author, title=f"Lantern {number}") for number in range(30)]
    assert find("lantern").total == 30
    for topic in topics[::5]:
        topic_move(viewer=system_viewer(), topic=topic, space=private)

    page = look("lantern")

    assert len(page.items) == 20
    assert not {item.card.id for item in page.items} & {topic.pk for topic in topics[::5]}
    assert page.rejected > 0

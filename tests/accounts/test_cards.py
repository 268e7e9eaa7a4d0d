"""The card beside a name, badges, and what somebody knows about: what is shown, and to whom."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.ignoring.services import person_ignore
from accounts.models import Audience
from community.forums.services import solution_accept
from community.reputation.badges import badges_of
from community.reputation.models import Standing
from community.reputation.services import recount_standings
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import client_of, make_organisation, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def solve(helper, *, space=None, tags: tuple[str, ...] = ()) -> None:
    asker = make_user()
    topic = make_topic(author=asker, tags=tags, **({"space": space} if space else {}))
    solution_accept(viewer=viewer(asker), topic=topic, post=make_reply(topic, author=helper))


def card(client: Client, person) -> str:
    answer = client.get(f"/u/{person.username}/card/")
    assert answer.status_code == 200 and set(answer.headers["Cache-Control"].split(", ")) == {"private", "max-age=60"}
    return answer.content.decode()


def test_card_when_read_then_company_is_for_the_person_and_staff_alone(django_assert_max_num_queries) -> None:
    person = make_user("hanna", headline="Runs 40 hubs", organisation=make_organisation("Nachtigall Works"))
    seen = {who: card(client, person) for who, client in (
        ("nobody", Client()), ("other", client_of(make_user())), ("own", client_of(person)),
        ("agent", client_of(make_user(is_agent=True))), ("moderator", client_of(make_user(is_moderator=True))),
    )}  # fmt: skip

    assert all("Hanna" in page and "Runs 40 hubs" in page and "Joined" in page for page in seen.values())
    assert {who for who, page in seen.items() if "Nachtigall" in page} == {"own", "agent"}
    assert not any("@people.example" in page for page in seen.values())
    client = client_of(person)
    with django_assert_max_num_queries(6):
        client.get("/u/hanna/card/")


def test_card_when_somebody_left_or_never_was_then_it_is_not_there() -> None:
    gone = make_user("gone", is_active=False)
    for client in (Client(), client_of(make_user())):
        assert client.get(f"/u/{gone.username}/card/").status_code == 404
        assert client.get("/u/never-was/card/").status_code == 404
    assert "Deactivated" in card(client_of(make_user(is_superuser=True, is_staff=True)), gone)


def test_card_when_questions_were_solved_then_counts_and_badges_tell_nothing_of_closed_spaces() -> None:
    helper, private = make_user(), make_space(audience=Audience.STAFF)
    solve(helper)
    topic = make_topic(space=private, author=make_user(is_agent=True))
    reply = make_reply(topic, author=make_user(is_agent=True))
    type(reply).objects.filter(pk=reply.pk).update(author=helper)
    solution_accept(viewer=viewer(topic.author), topic=topic, post=reply)
    recount_standings()

    for client in (Client(), client_of(make_user(is_superuser=True, is_staff=True))):
        page = card(client, helper)
        assert "Solved 1 question" in page and "First answer" in page
    assert "No accepted answer yet" in card(Client(), make_user())


def test_card_when_the_person_is_ignored_then_it_says_so_to_who_ignores(client) -> None:
    mara, troll = make_user(), make_user()
    person_ignore(viewer=viewer(mara), person=troll, level="ignored")
    assert "Ignored" in card(client_of(mara), troll) and "Ignored" not in card(client_of(troll), mara)


@pytest.mark.parametrize(
    ("numbers", "names"),
    [({}, []), ({"solutions": 1}, ["First answer"]), ({"solutions": 9}, ["First answer"]),
     ({"solutions": 10, "helpful_votes": 9}, ["Helper"]),
     ({"solutions": 49, "helpful_votes": 10}, ["Helper", "Appreciated"]),
     ({"solutions": 150, "helpful_votes": 500, "ideas_shipped": 5}, ["Authority", "Treasured", "Shapes the product"])],
    ids=["none", "first", "nine", "ten", "two ladders", "top"],
)  # fmt: skip
def test_badges_when_numbers_grow_then_the_best_of_each_ladder(numbers: dict, names: list[str]) -> None:
    assert [badge.name for badge in badges_of(Standing(**numbers))] == names


def test_profile_when_answers_were_accepted_then_it_says_what_the_person_knows_as_far_as_one_reads(
    django_assert_max_num_queries,
) -> None:
    helper = make_user("knows")
    for _time in range(2):
        solve(helper, tags=("radio",))
    solve(helper, tags=("billing",))
    closed = make_space(audience=Audience.STAFF)
    hidden = make_topic(space=closed, author=make_user(is_agent=True), tags=("secretplan",))
    reply = make_reply(hidden, author=make_user(is_agent=True))
    type(reply).objects.filter(pk=reply.pk).update(author=helper)
    solution_accept(viewer=viewer(hidden.author), topic=hidden, post=reply)
    make_topic(author=helper, tags=("asked",))

    page = Client().get("/u/knows/").content.decode()

    known = page.partition("Knows about")[2].partition("</section>")[0]
    assert known.index("radio") < known.index("billing") and "asked" not in known
    assert "secretplan" not in page
    assert "secretplan" in client_of(make_user(is_agent=True)).get("/u/knows/").content.decode()
    with django_assert_max_num_queries(12):
        Client().get("/u/knows/")
    assert "Knows about" not in Client().get(f"/u/{make_user().username}/").content.decode()

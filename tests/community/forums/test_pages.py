"""Reading and writing in the browser, without JavaScript: what pages show, refuse and cost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from community.forums.models import Post, Topic
from community.forums.services import post_edit, solution_accept, topic_pin
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_ask_when_form_is_right_then_topic_stands_and_is_shown() -> None:
    space, client = make_space(), _signed_in(make_user())
    asked = {"kind": "question", "title": "Hub drops off", "body": "At *night*.", "tags": "wifi, hub-2", "key": "k"}

    answer = client.post(reverse("forums:topic-create", args=[space.slug]), asked, follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain == [(Topic.objects.get().get_absolute_url(), 302)]
    assert "At <em>night</em>." in answer.content.decode()


def test_ask_when_body_is_too_long_then_page_says_so_and_keeps_what_was_typed() -> None:
    space, client = make_space(), _signed_in(make_user())

    answer = client.post(
        reverse("forums:topic-create", args=[space.slug]), {"title": "Hub drops off", "body": "x" * 200_000}
    )

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "200,000 characters long; the most is 32,000" in page and "x" * 200_000 in page
    assert not Topic.objects.exists()


@pytest.mark.parametrize(
    "body", ["a\x00b", "<script>alert(1)</script>", ">" * 10_000 + " deep", "[" * 20_000, "\ud83d\ude00 &amp; ©"]
)
def test_reply_when_text_is_hostile_then_refused_or_harmless(body: str) -> None:
    topic, client = make_topic(), _signed_in(make_user())

    answer = client.post(
        reverse("forums:reply", args=[topic.pk]),
        {"body": body.encode("utf-8", "surrogatepass").decode("utf-8", "replace")},
        follow=True,
    )

    assert answer.status_code in {200, 400}
    assert "<script>alert" not in answer.content.decode()


def test_reply_when_bytes_are_not_utf8_then_no_server_error() -> None:
    topic, client = make_topic(), _signed_in(make_user())

    answer = client.generic(
        "POST",
        reverse("forums:reply", args=[topic.pk]),
        b"body=\xff\xfe\xfa",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code in {302, 400}


def test_topic_page_when_slug_is_wrong_then_sent_to_the_right_one_with_its_query() -> None:
    topic = make_topic()

    answer = Client().get(f"/t/{topic.pk}/something-else/?post=1")

    assert (answer.status_code, answer["Location"]) == (301, topic.get_absolute_url() + "?post=1")


def test_private_topic_when_outsider_asks_then_same_404_as_for_nothing() -> None:
    topic = make_topic(space=make_space(audience="members"))
    post = topic.posts.get()

    for path in [
        topic.get_absolute_url(),
        f"/t/{topic.pk}/posts/?after=0",
        f"/posts/{post.pk}/",
        topic.space.get_absolute_url(),
    ]:
        assert Client().get(path).status_code == 404, path
    assert Client().get("/t/999999/x/").status_code == 404


def test_edit_when_stale_then_409_shows_what_changed_and_saving_again_is_possible() -> None:
    author = make_user()
    post = make_topic(author=author).posts.get()
    client, address = _signed_in(author), reverse("forums:post-edit", args=[post.pk])
    sent = {"title": "Hub drops off", "tags": "", "version": "1"}
    client.post(address, sent | {"body": "First edit."})

    answer = client.post(address, sent | {"body": "Second edit, from an old page."})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Someone else changed this post" in page
    assert "<del>First edit.</del>" in page and "<ins>Second edit, from an old page.</ins>" in page
    assert Post.objects.get().body == "First edit."

    assert 'name="version" value="2"' in page
    client.post(address, sent | {"body": "Second edit, after a look.", "version": "2"})
    assert Post.objects.get().body == "Second edit, after a look."


def test_verbs_when_method_is_wrong_or_not_signed_in_then_refused() -> None:
    topic = make_topic()
    post = topic.posts.get()
    for name, pk in [
        ("reply", topic.pk),
        ("topic-follow", topic.pk),
        ("topic-act", topic.pk),
        ("post-vote", post.pk),
        ("post-accept", post.pk),
    ]:
        address = reverse(f"forums:{name}", args=[pk])
        assert _signed_in(make_user()).get(address).status_code == 405, name
        anonymous = Client().post(address)
        assert anonymous.status_code == 302 and "/accounts/login/" in anonymous["Location"], name
    assert (
        _signed_in(make_user()).post(reverse("forums:topic-act", args=[topic.pk]), {"act": "close"}).status_code == 403
    )
    topic.refresh_from_db()
    assert not topic.is_closed


def test_csrf_when_token_is_missing_then_403_page_and_nothing_stored() -> None:
    topic, client = make_topic(), Client(enforce_csrf_checks=True)
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post(reverse("forums:reply", args=[topic.pk]), {"body": "Hello"})

    assert answer.status_code == 403
    assert Post.objects.count() == 1


def test_vote_when_clicked_by_htmx_then_gets_just_the_button() -> None:
    post = make_topic().posts.get()

    answer = _signed_in(make_user()).post(
        reverse("forums:post-vote", args=[post.pk]), {"on": "1"}, HTTP_HX_REQUEST="true"
    )

    assert 'aria-pressed="true"' in answer.content.decode() and "<html" not in answer.content.decode()


def test_list_when_longer_than_a_page_then_older_ones_follow_without_gap_or_double() -> None:
    space = make_space()
    titles = {make_topic(space=space, title=f"Question number {n}").title for n in range(45)}
    topic_pin(viewer=viewer(make_user(is_moderator=True)), topic=Topic.objects.order_by("pk").first(), on=True)
    seen: list[str] = []
    address = space.get_absolute_url()

    while address:
        page = Client().get(address).context["page"]
        seen += [topic.title for topic in page.topics]
        address = f"{space.get_absolute_url()}?older={page.older}" if page.older else ""

    assert len(seen) == 45 and set(seen) == titles and seen[0] == "Question number 0"


def test_long_topic_when_opened_at_a_post_then_that_page_is_shown() -> None:
    topic = make_topic()
    for _ in range(45):
        make_reply(topic)

    page = Client().get(f"{topic.get_absolute_url()}?post=33").context["page"]

    assert (page.number, page.pages) == (2, 3)
    assert [post.number for post in page.posts] == list(range(21, 41))


@pytest.mark.parametrize(
    "path", ["?page=abc", "?page=99999999999999999999", "?post=-1", "?post=٣", "?tab=nonsense", "?older=x-y"]
)
def test_pages_when_parameters_are_nonsense_then_still_answer(path: str) -> None:
    topic = make_topic()

    assert Client().get(topic.get_absolute_url() + path).status_code == 200
    assert Client().get(reverse("forums:index") + path).status_code == 200


ANONYMOUS, SIGNED_IN, REPLY = 5, 9, 15  # statements that lists, topics and a reply may take; bench/README.md


def _queries(client: Client, address: str, django_assert_max_num_queries, most: int) -> int:
    client.get(address)
    with django_assert_max_num_queries(most) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_topic_page_when_it_grows_then_costs_the_same(django_assert_max_num_queries) -> None:
    topic, reader = make_topic(tags=["wifi"]), _signed_in(make_user())
    make_reply(topic)
    address = topic.get_absolute_url()
    short = [
        _queries(Client(), address, django_assert_max_num_queries, ANONYMOUS),
        _queries(reader, address, django_assert_max_num_queries, SIGNED_IN),
    ]
    for _ in range(50):
        make_reply(topic)
    solution_accept(viewer=viewer(topic.author), topic=topic, post=topic.posts.get(number=30))

    long = [
        _queries(Client(), address, django_assert_max_num_queries, ANONYMOUS),
        _queries(reader, address, django_assert_max_num_queries, SIGNED_IN),
    ]

    assert long == short


def test_reply_when_sent_then_costs_few_statements_whatever_the_length(django_assert_max_num_queries) -> None:
    topic, writer = make_topic(tags=["wifi"]), _signed_in(make_user())

    def sent(key: str, most: int = REPLY) -> int:
        with django_assert_max_num_queries(most) as counted:
            answer = writer.post(reverse("forums:reply", args=[topic.pk]), {"body": "Try the reset.", "key": key})
        assert answer.status_code == 302
        return len(counted)

    sent("first", REPLY + 3)  # what a process reads once may be read here
    short = sent("second")
    for _ in range(30):
        make_reply(topic)

    assert sent("third") == short


def test_topic_list_when_it_grows_then_costs_the_same(django_assert_max_num_queries) -> None:
    space, reader = make_space(), _signed_in(make_user())
    make_topic(space=space, tags=["wifi"])
    address = reverse("forums:index")
    short = [
        _queries(Client(), space.get_absolute_url(), django_assert_max_num_queries, ANONYMOUS + 2),  # it, and its pins
        _queries(Client(), address, django_assert_max_num_queries, ANONYMOUS),
        _queries(reader, address, django_assert_max_num_queries, SIGNED_IN),
    ]
    for n in range(25):
        make_reply(make_topic(space=space, tags=[f"tag{n}"]))

    long = [
        _queries(Client(), space.get_absolute_url(), django_assert_max_num_queries, ANONYMOUS + 2),
        _queries(Client(), address, django_assert_max_num_queries, ANONYMOUS),
        _queries(reader, address, django_assert_max_num_queries, SIGNED_IN),
    ]

    assert long == short


def test_history_when_a_post_was_edited_then_shows_what_came_and_went_to_those_who_may() -> None:
    author, moderator = make_user(), make_user(is_moderator=True)
    post = make_topic(author=author, title="Hub drops off", body="It falls.\nAt night.").posts.get()
    post_edit(viewer=viewer(moderator), post=post, body="It fails.\nAt night.", title="Hub drops off at night")
    address = reverse("forums:post-history", args=[post.pk])

    page = _signed_in(author).get(address).content.decode()

    assert "<del>It falls.</del>" in page and "<ins>It fails.</ins>" in page and "<del>At night.</del>" not in page
    assert "<del>Hub drops off</del> → <ins>Hub drops off at night</ins>" in page
    assert _signed_in(make_user()).get(address).status_code == 403

"""Topics that were merged and posts that were moved: their addresses go along, though no row of their own does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from community.forums.models import Post, Topic
from community.forums.services.regroup import posts_move, topic_merge
from tests.factories.archive import run_import
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db(transaction=True)


def test_topics_when_merged_and_posts_when_moved_then_old_addresses_lead_on_in_the_new_house(
    client, settings, tmp_path: Path
) -> None:
    settings.SITE_URL = "https://old.example"
    space, moderator = make_space(slug="lamps"), viewer(make_user("mo", is_moderator=True))
    target = make_topic(space=space, title="Why does it flicker?")
    first, second = make_topic(space=space, title="It flickers too"), make_topic(space=space, title="Flickering again")
    answer = make_reply(second, body="Turn it.")
    moved = make_reply(make_topic(space=space, title="Something else"), body="Belongs elsewhere.")
    old_numbers = {f"/t/{post.topic_id}/{post.number}": post.body for post in (answer, moved)}
    posts_move(viewer=moderator, topic=moved.topic, numbers=[2], into=target)
    topic_merge(viewer=moderator, topic=second, into=first)
    topic_merge(viewer=moderator, topic=first, into=target)
    count = Post.objects.count()

    call_command("export_archive", str(tmp_path / "out"), stdout=(tmp_path / "said").open("w"))
    call_command("flush", interactive=False, verbosity=0)
    for n in range(30):  # so that addresses of the product itself do not answer for old ones
        make_topic(title=f"Filler number {n}")
    Topic.objects.all().delete()
    report = run_import(tmp_path / "out", source="moved")

    assert (report.total("bad"), Topic.objects.count(), Post.objects.count()) == (0, 2, count)
    here = Topic.objects.get(title="Why does it flicker?")
    for number in (first.pk, second.pk):
        assert client.get(f"/t/{number}/words/").headers["Location"] == here.get_absolute_url()
    for address, body in old_numbers.items():
        post = Post.objects.get(body=body)
        assert client.get(address).headers["Location"] == post.get_absolute_url()


def test_public_export_when_a_private_topic_was_merged_then_tells_its_number_and_not_its_words(tmp_path: Path) -> None:
    inside, agent = make_space(slug="inside", audience="staff"), make_user(is_agent=True)
    secret = make_topic(space=inside, title="Codename Firefly", author=agent)
    target = make_topic(space=make_space(slug="lamps"), title="Why does it flicker?")
    topic_merge(viewer=viewer(make_user("mo", is_moderator=True)), topic=secret, into=target)

    call_command("export_archive", str(tmp_path / "out"), public=True, stdout=(tmp_path / "said").open("w"))

    [row] = [json.loads(line) for line in (tmp_path / "out" / "threads.jsonl").read_text().splitlines()]
    assert [address.rpartition("/t/")[2] for address in row["also"]][:1] == [str(secret.pk)]
    assert "firefly" not in (tmp_path / "out" / "threads.jsonl").read_text().lower()

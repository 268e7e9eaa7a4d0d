"""Loads what people do beside writing in public: reactions, a poll with its votes, private conversations, and who
does not want to hear of whom; and what a court keeps from being erased."""

from __future__ import annotations

from accounts.erasing.services import hold_set
from accounts.ignoring.services import person_ignore
from accounts.models import User
from community.direct.services import conversation_start, message_send
from community.forums.models import Post, Tag
from community.forums.services import post_react, tag_mute
from community.forums.services.polls import PollInput, poll_create, poll_vote
from config.demo.files import table
from config.demo.world import World


def load_together(world: World) -> int:
    """Every row of `content/together.toml`."""
    rows = table("together")
    for row in rows["reaction"]:
        _react(world, row)
    for row in rows["poll"]:
        _ask(world, row)
    for row in rows["conversation"]:
        _talk(world, row)
    for row in rows["ignored"]:
        person = User.objects.get(username=row["person"])
        person_ignore(viewer=world.viewer(row["by"]), person=person, level=row["level"], days=row.get("days"))
    for row in rows["muted"]:
        tag_mute(viewer=world.viewer(row["by"]), tag=Tag.objects.get(name=row["tag"]), on=True)
    for row in rows["held"]:
        person = User.objects.get(username=row["person"])
        hold_set(viewer=world.viewer(row["by"]), user=person, reason=row["reason"])
    return sum(map(len, rows.values()))


def _post(world: World, where: str) -> Post:
    key, number = where.split("#")
    return Post.objects.select_related("topic").get(topic=world.topics[key], number=int(number))


def _react(world: World, row: dict) -> None:
    post = _post(world, row["post"])
    for name, people in row.items():
        if name != "post":
            for username in people:
                post_react(viewer=world.viewer(username), post=post, name=name, on=True)


def _ask(world: World, row: dict) -> None:
    asked = PollInput(question=row["question"], options=[choice["option"] for choice in row["votes"]])
    poll = poll_create(viewer=world.viewer(row["by"]), post=_post(world, row["post"]), asked=asked)
    for choice, option in zip(row["votes"], poll.options.order_by("position"), strict=True):
        for username in choice["by"]:
            poll_vote(viewer=world.viewer(username), poll=poll, options=[option.pk])


def _talk(world: World, row: dict) -> None:
    first, *more = row["messages"]
    talk = conversation_start(
        viewer=world.viewer(row["from"]), subject=row["subject"], body=first["text"], to=row["to"]
    )
    for message in more:
        message_send(viewer=world.viewer(message["by"]), conversation=talk, body=message["text"])

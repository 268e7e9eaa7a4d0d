"""Loads what members reported: some of it waits in the queue, some is decided."""

from __future__ import annotations

from community.forums.models import Post
from community.moderation.models import ReviewItem
from community.moderation.services import flag_create, review_decide
from config.demo.ages import moment
from config.demo.files import table
from config.demo.world import World


def load_moderation(world: World) -> int:
    """Every item of `content/flags.toml`."""
    items = table("flags")["item"]
    for row in items:
        key, number = row["post"].split("#")
        post = Post.objects.get(topic=world.topics[key], number=int(number))
        for flag in row["flags"]:
            _flag(world, post, flag)
        if "decision" in row:
            _decide(world, post, row["decision"])
    return len(items)


def _flag(world: World, post: Post, flag: dict) -> None:
    at = moment(flag["at"], now=world.now)
    with world.hush(at):
        flag_create(
            viewer=world.viewer(flag["by"]), target=("post", post.pk), reason=flag["reason"],
            note=flag.get("note", ""), at=at,
        )


def _decide(world: World, post: Post, decision: dict) -> None:
    item = ReviewItem.objects.get(target_type="post", target_id=post.pk)
    at = moment(decision["at"], now=world.now)
    with world.hush(at):
        review_decide(
            viewer=world.viewer(decision["by"]), item=item, action=decision["action"], version=item.version,
            note=decision.get("note", ""), at=at,
        )

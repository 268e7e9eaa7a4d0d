"""The community that is measured: 500 people, 10 spaces, 2,000 topics, 20,000 posts; always the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import Audience, User
from accounts.text import render_markdown
from bench.words import Writer
from community.forums.models import Kind, Post, Tag, Topic, TopicFollow
from community.forums.services import recount_space
from community.spaces.models import Space

PEOPLE, TOPICS, POSTS = 500, 2_000, 20_000
LONG, LONG_POSTS = 10, 300
PAGES, PAGE_POSTS = 200, 20
SPACES = [Audience.PUBLIC] * 8 + [Audience.MEMBERS, Audience.STAFF]
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Seeder:
    """Holds what later rows point at."""

    writer: Writer
    people: list[User]
    spaces: list[Space]
    tags: list[Tag]


def is_seeded() -> bool:
    return Post.objects.count() >= POSTS


def seed() -> None:
    """Write everything, count it, index it for the engines that are configured, and analyse the tables."""
    writer = Writer(7)
    with transaction.atomic():
        seeder = Seeder(writer, _people(writer), _spaces(writer), _tags(writer))
        topics = _topics(seeder)
        _posts(seeder, topics)
    for space in seeder.spaces:
        recount_space(space.pk)
    call_command("search_rebuild")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _people(writer: Writer) -> list[User]:
    names = [" ".join(word.capitalize() for word in writer.some(2)) for _ in range(PEOPLE)]
    rows = [
        User(
            username=f"p{number}", email=f"p{number}@bench.example", display_name=name, password="!",
            headline=" ".join(writer.some(3)), is_agent=number % 50 == 1, is_moderator=number % 100 == 2,
        )
        for number, name in enumerate(names)
    ]  # fmt: skip
    return User.objects.bulk_create(rows)


def _spaces(writer: Writer) -> list[Space]:
    colours = Space.Colour.values
    rows = [
        Space(
            name=f"{writer.some(1)[0].capitalize()} {number}", slug=f"space-{number}", audience=audience,
            colour=colours[number % len(colours)], position=number, purpose=writer.sentence(),
        )
        for number, audience in enumerate(SPACES)
    ]  # fmt: skip
    return Space.objects.bulk_create(rows)


def _tags(writer: Writer) -> list[Tag]:
    return Tag.objects.bulk_create(Tag(name=word) for word in dict.fromkeys(writer.words[100:160]))


def _sizes(writer: Writer) -> list[int]:
    """Posts a topic: ten long ones, two hundred of one full page, the rest short; POSTS in all."""
    rest, left = TOPICS - LONG - PAGES, POSTS - LONG * LONG_POSTS - PAGES * PAGE_POSTS
    cuts = sorted(writer.random.sample(range(1, left), rest - 1))
    short = [after - before for before, after in zip([0, *cuts], [*cuts, left], strict=True)]
    return [LONG_POSTS] * LONG + [PAGE_POSTS] * PAGES + short


def _topics(seeder: Seeder) -> list[Topic]:
    pick, writer = seeder.writer.random.choice, seeder.writer
    rows = []
    for number, size in enumerate(_sizes(writer)):
        at = START + timedelta(minutes=97 * number % 300_000)
        homes = seeder.spaces[:8] if number < LONG + PAGES else seeder.spaces  # what is measured is read by everybody
        rows.append(
            Topic(
                space=pick(homes), kind=pick([Kind.QUESTION, Kind.DISCUSSION]), title=writer.title(),
                slug=f"topic-{number}", author=pick(seeder.people), last_poster=pick(seeder.people), created_at=at,
                updated_at=at, last_posted_at=at + timedelta(minutes=size), reply_count=size - 1,
                last_post_number=size, last_shown_number=size,
            )
        )  # fmt: skip
    topics = Topic.objects.bulk_create(rows, batch_size=500)
    link = Topic.tags.through
    tags = [(topic, tag) for topic in topics for tag in writer.random.sample(seeder.tags, writer.random.randint(0, 3))]
    link.objects.bulk_create([link(topic_id=topic.pk, tag_id=tag.pk) for topic, tag in tags], batch_size=2_000)
    pairs = [(topic, person) for topic in topics for person in {topic.author, topic.last_poster}]
    follows = [TopicFollow(topic=topic, user=person) for topic, person in pairs]
    TopicFollow.objects.bulk_create(follows, batch_size=2_000)
    return topics


def _posts(seeder: Seeder, topics: list[Topic]) -> None:
    pick, writer, rows = seeder.writer.random.choice, seeder.writer, []
    for topic in topics:
        for number in range(1, topic.last_post_number + 1):
            body = writer.post()
            rows.append(
                Post(
                    topic=topic, number=number, body=body, html=render_markdown(body),
                    author=topic.author if number == 1 else pick(seeder.people),
                    created_at=topic.created_at + timedelta(minutes=number - 1),
                )
            )  # fmt: skip
    posts = Post.objects.bulk_create(rows, batch_size=1_000)
    solved = [post for post in posts if post.number == 2 and post.topic.kind == Kind.QUESTION][::2]
    for post in solved:
        post.topic.solution, post.topic.solved_at, post.topic.solved_by = post, post.created_at, post.topic.author
    Topic.objects.bulk_update([post.topic for post in solved], ["solution", "solved_at", "solved_by"], batch_size=500)

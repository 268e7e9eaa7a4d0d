"""Write the large community: people, spaces, topics, posts, votes, tags, follows and read marks; always the same."""

from __future__ import annotations

import time

from django.db import connection, transaction

from accounts.models import User
from accounts.text import render_markdown
from bench.large.rows import fill, run
from bench.seed import _people, _spaces
from bench.words import Writer
from community.forums.models import Post, PostVote, Tag, Topic, TopicFollow, TopicRead
from community.forums.services import recount_space

LONGEST = 10_000  # posts of the first topic
TEXTS, TITLES, TAGS = 4_000, 20_000, 300
READERS = 20  # people with read marks and follows by the thousand; whoever signs in here is one of them


def seed(*, topics: int, posts: int) -> None:
    """Raises SystemExit where the database holds topics already."""
    if Topic.objects.exists():
        raise SystemExit("The large community is there already. Remove BENCH_DIR to make another.")
    began = time.monotonic()
    run("SET statement_timeout = 0")  # the product's limit is for pages
    with transaction.atomic():
        writer = Writer(11)
        people, spaces = _people(writer), _spaces(writer)
        _words(writer)
        average = max(1, round((posts - LONGEST) / max(1, topics - 1)))
        _topics(topics, average, people=[user.pk for user in people], spaces=[space.pk for space in spaces])
        told = _posts()
        _marks()
    for space in spaces:
        recount_space(space.pk)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    took = time.monotonic() - began
    print(f"{Topic.objects.count():,} topics and {told:,} posts in {took:.0f} s.", flush=True)


def _words(writer: Writer) -> None:
    """Texts and titles to choose from; each text is rendered once."""
    run("CREATE TEMP TABLE large_text (n integer PRIMARY KEY, body text, html text) ON COMMIT DROP")
    run("CREATE TEMP TABLE large_title (n integer PRIMARY KEY, title text) ON COMMIT DROP")
    texts = [(number, body, render_markdown(body)) for number in range(TEXTS) if (body := writer.post())]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO large_text VALUES (%s, %s, %s)", texts)
        titles = [(number, writer.title()) for number in range(TITLES)]
        cursor.executemany("INSERT INTO large_title VALUES (%s, %s)", titles)
    Tag.objects.bulk_create(Tag(name=f"{word}-{number}") for number, word in enumerate(writer.words[:TAGS]))


def _topics(count: int, average: int, *, people: list[int], spaces: list[int]) -> None:
    """Topic n has from 1 to 2 × average − 1 posts, the first one LONGEST; 80 % stand where everybody reads."""
    run("CREATE TEMP TABLE large_person ON COMMIT DROP AS SELECT n - 1 AS n, id FROM unnest(%s::bigint[]) "
        "WITH ORDINALITY AS p(id, n)", people)  # fmt: skip
    run("CREATE TEMP TABLE large_space ON COMMIT DROP AS SELECT n - 1 AS n, id FROM unnest(%s::bigint[]) "
        "WITH ORDINALITY AS s(id, n)", spaces)  # fmt: skip
    size = f"CASE WHEN g.n = 0 THEN {LONGEST} ELSE 1 + (g.n::bigint * 7919) % {2 * average - 1} END"
    # a year and a half back to yesterday, the longest topic the newest
    at = f"now() - interval '1 day' - (g.n::float / {count}) * interval '500 days'"
    source = f"""generate_series(0, {count - 1}) AS g(n)
        JOIN large_title ON large_title.n = (g.n::bigint * 31) % {TITLES}
        JOIN large_person a ON a.n = (g.n::bigint * 104729) % {len(people)}
        JOIN large_person l ON l.n = (g.n::bigint * 15485863) % {len(people)}
        JOIN large_space s ON s.n = CASE WHEN g.n = 0 THEN 0 ELSE (g.n::bigint * 3) % {len(spaces)} END
        CROSS JOIN LATERAL (SELECT {size} AS size, {at} AS at) AS of_it"""
    fill(
        Topic, source, space="s.id", title="large_title.title", slug="'topic-' || g.n",
        kind="CASE WHEN g.n % 3 = 0 THEN 'discussion' ELSE 'question' END", author="a.id", last_poster="l.id",
        created_at="of_it.at - of_it.size * interval '1 minute'", updated_at="of_it.at", last_posted_at="of_it.at",
        reply_count="of_it.size - 1", last_post_number="of_it.size", last_shown_number="of_it.size",
        view_count="(g.n::bigint * 37) % 5000", vote_count="CASE WHEN g.n % 7 = 0 THEN 1 ELSE 0 END",
    )  # fmt: skip


def _posts() -> int:
    """Every topic's posts, a minute apart; then the solutions: the second post of each second question."""
    source = f"""forums_topic t CROSS JOIN LATERAL generate_series(1, t.last_post_number) AS g(n)
        JOIN large_text x ON x.n = (t.id * 7 + g.n * 13) % {TEXTS}
        JOIN large_person p ON p.n = (t.id * 37 + g.n * 101) % (SELECT count(*) FROM large_person)"""
    told = fill(
        Post, source, topic="t.id", number="g.n", body="x.body", html="x.html",
        author="CASE WHEN g.n = 1 THEN t.author_id ELSE p.id END",
        created_at="t.created_at + g.n * interval '1 minute'",
        vote_count="CASE WHEN (g.n = 1 AND t.vote_count = 1) OR (g.n > 1 AND (t.id + g.n) % 11 = 0) THEN 1 ELSE 0 END",
    )  # fmt: skip
    run("""UPDATE forums_topic t SET solution_id = p.id, solved_at = p.created_at, solved_by_id = t.author_id
           FROM forums_post p WHERE p.topic_id = t.id AND p.number = 2 AND t.kind = 'question' AND t.id % 2 = 0""")
    return told


def _marks() -> None:
    now = "now() - interval '1 day'"
    voter = "JOIN large_person v ON v.n = (p.id * 17) % (SELECT count(*) FROM large_person)"
    fill(PostVote, f"forums_post p {voter} WHERE p.vote_count = 1", post="p.id", user="v.id", created_at=now)
    tagged = Topic.tags.through
    some = "(t.id % 3 = 0 OR x.rank = 1) AND t.id % 4 > 0"
    tag = "SELECT id, row_number() OVER (ORDER BY id) AS n FROM forums_tag"
    fill(
        tagged, f"""forums_topic t CROSS JOIN (VALUES (1), (2)) AS x(rank)
        JOIN ({tag}) g ON g.n = 1 + CASE x.rank WHEN 1 THEN t.id * 7919 % 20 ELSE 20 + t.id * 7919 % {TAGS - 20} END
        WHERE {some}""", topic="t.id", tag="g.id",
    )  # fmt: skip
    fill(TopicFollow, "forums_topic t", topic="t.id", user="t.author_id", created_at=now)
    readers = list(User.objects.filter(is_agent=False, is_moderator=False).order_by("pk")[:READERS])
    run("CREATE TEMP TABLE large_reader ON COMMIT DROP AS SELECT id FROM unnest(%s::bigint[]) AS r(id)",
        [reader.pk for reader in readers])  # fmt: skip
    # a tenth of all topics is read by each reader, every fourth of these not to its end
    read = "CASE WHEN t.id % 4 = 0 THEN greatest(1, t.last_post_number - 2) ELSE t.last_post_number END"
    fill(
        TopicRead, "forums_topic t CROSS JOIN large_reader r WHERE (t.id + r.id) % 10 = 0", topic="t.id", user="r.id",
        last_post_number=read, read_at=now,
    )  # fmt: skip
    run("""INSERT INTO forums_topicfollow (topic_id, user_id, is_muted, created_at)
           SELECT t.id, r.id, false, now() FROM forums_topic t CROSS JOIN large_reader r
           WHERE (t.id + r.id) % 50 = 0 ON CONFLICT DO NOTHING""")

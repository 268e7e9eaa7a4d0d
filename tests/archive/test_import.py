"""import_archive: what comes in, how it looks here, and that running it again changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.events.models import Delivery, Event
from accounts.models import OutboundEmail, User
from community.forums.models import Post, Status, Topic
from community.forums.services.recount import recount_all
from community.ideas.models import Idea
from community.ideas.services import recount_ideas
from community.notifications.models import Notification
from community.reputation.services import recount_standings
from community.spaces.models import Space
from config.models import ImportedId
from knowledge.models import ArticlePage, SectionPage
from search.models import DirtyMark
from tests.factories.archive import article_row, make_archive, make_run, reply_row, run_import, thread_row
from tests.factories.people import make_user
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def everything(folder: Path, **more) -> Path:
    return make_archive(
        folder,
        members=[
            {"username": "ada", "first_post": "2023-05-06 07:08:09 +0000"}, {"username": "bo & co", "about": "Hi."},
        ],
        articles=[article_row(), article_row("dim", html='<p><a href="/en-US/kb/reset#w_first">see</a></p>')],
        threads=[
            thread_row(1, replies=[reply_row(1, helpful=3), reply_row(2, author="spam", is_spam=True)], solution="r1"),
            thread_row(2, html='<a href="https://old.example/en-US/questions/1#answer-r1">there</a>', locale="it"),
            thread_row(3, replies=[reply_row(3, html="<p>See https://www.old.example/kb/reset please.</p>")]),
        ],
        ideas=[thread_row(9, kind="idea", title="A green lamp", votes=7, status="planned")],
        **more,
    )  # fmt: skip


def counters() -> list[tuple]:
    topics = Topic.objects.order_by("pk").values_list(
        "reply_count", "vote_count", "last_posted_at", "last_poster", "last_post_number"
    )
    return [*topics, *Space.objects.order_by("pk").values_list("topic_count", "last_activity_at")]


def state() -> tuple:
    return list(Post.objects.order_by("pk").values()), User.objects.count(), Event.objects.count(), counters()


def test_thread_when_imported_then_keeps_people_dates_tags_and_votes(tmp_path):
    run_import(everything(tmp_path))

    topic = Topic.objects.get(imported_from="old:topic:1")
    assert (topic.title, topic.kind, topic.space.slug) == ("Lamp 1 flickers", "question", "lamps")
    assert topic.author.username == "ada"
    assert topic.created_at == datetime(2024, 1, 2, 3, 21, 52, tzinfo=UTC)
    assert [tag.name for tag in topic.tags.all()] == ["light"]
    first, answer, spam = topic.posts.order_by("number")
    assert (first.number, answer.number, spam.number) == (1, 2, 3)
    assert (answer.body, answer.author.username, answer.vote_count) == ("Turn it.", "bo", 3)
    assert answer.created_at == datetime(2024, 1, 2, 5, tzinfo=UTC)
    assert spam.status == Status.REMOVED
    assert (topic.reply_count, topic.solution) == (1, answer)


def test_members_when_imported_then_cannot_sign_in_and_are_who_they_were(tmp_path):
    run_import(everything(tmp_path))

    ada, other = User.objects.get(username="ada"), User.objects.get(username="bo-co")
    assert (ada.email, ada.has_usable_password(), ada.date_joined.year) == (None, False, 2023)
    assert (other.display_name, other.about) == ("bo & co", "Hi.")


def test_member_whose_name_is_taken_when_imported_then_gets_another(tmp_path):
    local = make_user("Ada", display_name="Local Ada")

    run_import(everything(tmp_path))

    assert User.objects.get(imported_from="old:member:ada").username == "ada-2"
    local.refresh_from_db()
    assert (local.display_name, local.imported_from) == ("Local Ada", "")
    assert Topic.objects.get(imported_from="old:topic:1").author.username == "ada-2"


def test_other_language_when_imported_then_is_a_tag(tmp_path):
    run_import(everything(tmp_path))

    assert {tag.name for tag in Topic.objects.get(imported_from="old:topic:2").tags.all()} == {"light", "it"}


def test_idea_when_imported_then_has_status_and_votes(tmp_path):
    run_import(everything(tmp_path))

    idea = Idea.objects.get(topic__imported_from="old:idea:9")
    assert (idea.status, idea.vote_count) == ("planned", 7)


def test_article_when_imported_then_stands_in_its_products_section(tmp_path):
    run_import(everything(tmp_path))

    page = ArticlePage.objects.get(slug="reset")
    assert page.get_absolute_url() == "/kb/lamp/reset/"
    assert (page.title, page.summary, page.tags, page.language) == ("How to reset", "In one step.", "care", "en")
    assert page.body == "## First\n\nPress."


def test_links_between_rows_when_imported_then_lead_to_where_they_are_now(tmp_path):
    run_import(everything(tmp_path))

    answer = Post.objects.get(imported_from="old:topic-reply:1/r1")
    assert Post.objects.get(imported_from="old:topic:2").body == f"[there]({answer.get_absolute_url()})"
    assert Post.objects.get(imported_from="old:topic-reply:3/r3").body == "See [How to reset](/kb/lamp/reset/) please."
    page = ArticlePage.objects.get(slug="dim")
    assert page.body == "[see](/kb/lamp/reset/#h-first)"
    assert page.live_revision.content["body"] == page.body
    assert 'href="/kb/lamp/reset/#h-first"' in page.html


def test_import_when_run_again_then_changes_nothing(tmp_path):
    folder = everything(tmp_path)
    run_import(folder)
    before = state()

    run = make_run(folder)
    report = run()

    assert (report.total("new"), report.total("changed"), report.total("bad"), run.rewritten) == (0, 0, 0, 0)
    assert report.total("same") == 2 + 2 + 3 + 3 + 1
    assert state() == before


def test_import_when_finished_then_nobody_was_told_and_search_was(tmp_path):
    make_user("watcher")

    run_import(everything(tmp_path))

    assert not Delivery.objects.exists() and not OutboundEmail.objects.exists() and not Notification.objects.exists()
    topics = set(Topic.objects.exclude(kind="idea").values_list("pk", flat=True))
    assert topics <= set(DirtyMark.objects.filter(kind="topic").values_list("object_id", flat=True))
    assert DirtyMark.objects.filter(kind="article", object_id=ArticlePage.objects.first().pk).exists()


def test_counters_when_imported_then_a_recount_agrees(tmp_path):
    run_import(everything(tmp_path))
    before = counters()

    recount_all()

    assert counters() == before
    assert (recount_ideas(), recount_standings()) == (0, 0)


def test_dry_run_when_asked_for_then_counts_the_same_and_writes_nothing(tmp_path):
    folder = everything(tmp_path)

    dry = run_import(folder, is_dry=True)
    assert not Topic.objects.exists() and not ImportedId.objects.exists() and not User.objects.exists()
    assert not Space.objects.exists() and not SectionPage.objects.exists()

    assert dict(dry.counts) == dict(run_import(folder).counts)
    assert run_import(folder, is_dry=True).total("new", "changed") == 0


def test_replies_when_numbered_anew_in_every_thread_then_all_come_in(tmp_path):
    rows = [thread_row(n, replies=[reply_row(1), reply_row(2)]) for n in (1, 2)]

    report = run_import(make_archive(tmp_path, threads=rows, ideas=rows))

    assert (report.counts["replies"]["new"], report.total("bad")) == (8, 0)


def test_new_replies_when_a_later_archive_has_them_then_are_added_at_the_end(tmp_path):
    run_import(make_archive(tmp_path, threads=[thread_row(1, replies=[reply_row(1)])]))
    later = make_archive(tmp_path, threads=[thread_row(1, title="Other", replies=[reply_row(1), reply_row(2)])])

    report = run_import(later)

    topic = Topic.objects.get()
    assert (report.counts["threads"]["changed"], report.counts["replies"]["new"]) == (1, 1)
    assert (topic.title, topic.reply_count, topic.last_post_number) == ("Lamp 1 flickers", 2, 3)
    assert run_import(later).total("new", "changed") == 0


def test_space_prefix_when_given_then_keeps_local_spaces_apart(tmp_path):
    here = make_space(slug="lamps")

    run_import(everything(tmp_path), space_prefix="old")

    assert Topic.objects.filter(space=here).count() == 0
    assert Topic.objects.filter(space__slug="old-lamps").count() == 4


def test_only_when_given_then_reads_those_files(tmp_path):
    report = run_import(everything(tmp_path), only=("articles",))

    assert (ArticlePage.objects.count(), Topic.objects.count()) == (2, 0)
    assert set(report.counts) == {"articles", "sections"}


def test_titles_outside_the_limits_when_imported_then_nothing_is_lost(tmp_path):
    run_import(make_archive(tmp_path, threads=[thread_row(1, title="Lamp " * 60), thread_row(2, title="Hm")]))

    long, short = Topic.objects.order_by("pk")
    assert len(long.title) <= 200 and ("Lamp " * 60).strip() in long.posts.get().body
    assert short.title == "Hm (no. 2)"


def test_space_that_a_file_describes_when_its_row_is_bad_then_its_threads_are_not_public(tmp_path):
    folder = make_archive(
        tmp_path, spaces=[{"slug": "lamps", "name": "Lamps", "audience": "nobody"}], threads=[thread_row(1)]
    )

    run_import(folder)

    assert Topic.objects.get().space.audience == "staff"


def test_gzip_when_imported_then_is_read(tmp_path):
    assert run_import(make_archive(tmp_path, is_gzipped=True, threads=[thread_row(1)])).counts["threads"]["new"] == 1


def test_command_when_run_then_says_what_it_did(tmp_path, capsys):
    call_command("import_archive", str(everything(tmp_path / "old")))

    out = capsys.readouterr().out
    assert "threads" in out and "rows written" in out
    assert DirtyMark.objects.count() == 0, "everything is indexed at the end"


@pytest.mark.parametrize("files", [{}, {"threads": [b"nothing"]}, {"threads": []}])
def test_command_when_nothing_could_be_read_then_fails(tmp_path, files):
    with pytest.raises(CommandError, match="Nothing"):
        call_command("import_archive", str(make_archive(tmp_path / "old", **files)))


def test_command_when_some_rows_are_bad_then_succeeds_and_names_them(tmp_path, capsys, settings):
    folder = make_archive(tmp_path / "old", threads=[thread_row(1), thread_row(2, title=None)])

    call_command("import_archive", str(folder))

    assert "threads.jsonl line 2: title is missing" in " ".join(capsys.readouterr().out.split())
    entry = json.loads((settings.DATA_DIR / "imports" / "old.jsonl").read_text())
    assert (entry["file"], entry["line"], entry["field"], entry["row"]) == ("threads.jsonl", 2, "title", "2")


@pytest.mark.parametrize("lines", [2, 500], ids=["far apart", "in one batch"])
def test_duplicate_when_its_original_stands_later_then_is_led_there(tmp_path, monkeypatch, lines) -> None:
    from config.archive import run as run_module

    monkeypatch.setattr(run_module, "BATCH_LINES", lines)
    rows = [thread_row(1, duplicate_of="9"), thread_row(2, duplicate_of="1"), thread_row(3, duplicate_of="99")]
    folder = make_archive(tmp_path, threads=[*rows, *(thread_row(n) for n in range(4, 10))])

    report = run_import(folder)

    led = dict(Topic.objects.exclude(duplicate_of=None).values_list("imported_from", "duplicate_of__imported_from"))
    assert report.total("bad") == 0
    assert led == {"old:topic:1": "old:topic:9", "old:topic:2": "old:topic:1"}
    later = run_import(make_archive(tmp_path, threads=[*rows, thread_row(99)]))
    assert (later.total("bad"), Topic.objects.get(imported_from="old:topic:3").duplicate_of.imported_from) == (
        0, "old:topic:99",
    )  # fmt: skip
    assert not ImportedId.objects.filter(kind__startswith="late-").exists()


@pytest.mark.parametrize("lines", [2, 500], ids=["far apart", "in one batch"])
def test_idea_when_merged_into_one_further_down_then_keeps_its_link(tmp_path, monkeypatch, lines) -> None:
    from config.archive import run as run_module

    monkeypatch.setattr(run_module, "BATCH_LINES", lines)
    rows = [thread_row(1, merged_into="9"), thread_row(2, merged_into="1"), thread_row(3, merged_into="99")]
    folder = make_archive(tmp_path, ideas=[*rows, *(thread_row(n) for n in range(4, 10))])

    report = run_import(folder)

    def led() -> dict[str, str]:
        merged = Idea.objects.exclude(merged_into=None)
        return dict(merged.values_list("topic__imported_from", "merged_into__topic__imported_from"))

    assert report.total("bad") == 0
    assert led() == {"old:idea:1": "old:idea:9", "old:idea:2": "old:idea:1"}
    assert run_import(folder).total("new", "changed", "bad") == 0
    assert run_import(make_archive(tmp_path, ideas=[*rows, thread_row(99)])).total("bad") == 0
    assert led()["old:idea:3"] == "old:idea:99"
    assert not ImportedId.objects.filter(kind__startswith="late-").exists()

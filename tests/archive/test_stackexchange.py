"""import_stackexchange: what a site's dump becomes, what it refuses, and that nothing is lost unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError

from accounts.models import OutboundEmail, User
from community.forums.models import Post, PostRevision, Topic, TopicFollow
from community.forums.services.recount import recount_all
from community.ideas.models import Idea
from community.notifications.models import Notification
from config.models import ImportedId
from tests.archive.foreign import bring, sample, stackexchange, xml

pytestmark = pytest.mark.django_db


def test_site_when_imported_then_is_what_it_was(tmp_path: Path) -> None:
    said = bring("import_stackexchange", stackexchange(tmp_path))

    assert "The counts agree with the source." in said
    topic = Topic.objects.get(title="Why does it flicker?")
    assert (topic.kind, topic.author.username, topic.view_count, topic.vote_count) == ("question", "Ada", 70, 5)
    assert sorted(tag.name for tag in topic.tags.all()) == ["light", "power"]
    posts = list(topic.posts.order_by("number").values_list("body", "author__display_name", "vote_count"))
    assert posts[1:] == [
        ("Turn it.", "Bo", 7), ("Same here", "gone", 0),
        ("Or not.", "user99", 0), ("\\# no heading\n1\\. no list, `code` stays", "ada", 2),
    ]  # fmt: skip
    assert (topic.solution.body, topic.posts.get(number=5).reply_to.body) == ("Turn it.", "Turn it.")
    assert list(TopicFollow.objects.filter(topic=topic).values_list("user__display_name", flat=True)) == ["ada"]
    assert topic.space.slug == "lamps-stackexchange-com"


def test_people_when_they_share_a_name_then_stay_apart(tmp_path: Path) -> None:
    bring("import_stackexchange", stackexchange(tmp_path))

    names = User.objects.exclude(imported_from="").order_by("pk").values_list("username", "display_name")
    assert list(names)[:3] == [("Ada", "Ada"), ("ada-2", "ada"), ("Bo", "Bo")]
    assert User.objects.get(username="Ada").about == "Builder of **lamps**"


def test_edits_when_imported_then_are_the_earlier_versions(tmp_path: Path) -> None:
    bring("import_stackexchange", stackexchange(tmp_path))

    post = Post.objects.get(number=1, topic__title="Why does it flicker?")
    versions = PostRevision.objects.filter(post=post).order_by("version").values_list("version", "title", "body")
    assert list(versions) == [(1, "Why flicker", "First *words*"), (2, "Why does it flicker?", "Second words")]
    assert (post.version, post.edited_by.username, post.edited_at.day) == (3, "Bo", 3)


def test_suggestion_when_imported_then_is_an_idea_in_its_state(tmp_path: Path) -> None:
    bring("import_stackexchange", stackexchange(tmp_path))

    idea = Idea.objects.get(topic__title="Make a green one")
    assert (idea.status, idea.vote_count, [tag.name for tag in idea.topic.tags.all()]) == ("planned", 4, ["light"])


def test_duplicate_when_imported_then_is_closed_and_leads_to_the_original(tmp_path: Path) -> None:
    bring("import_stackexchange", stackexchange(tmp_path))

    topic, original = Topic.objects.get(title="Flickering again"), Topic.objects.get(title="Why does it flicker?")
    assert topic.is_closed and topic.vote_count == 0
    assert topic.duplicate_of == original
    assert topic.posts.get(number=1).body == "It does."


def test_duplicate_of_a_duplicate_when_that_stands_later_then_both_are_led_on(tmp_path: Path, monkeypatch) -> None:
    folder, ids = tmp_path / "site", (1, 5, 9)
    xml(folder, "Users", [])
    xml(folder, "Posts", [
        {"Id": n, "PostTypeId": 1, "CreationDate": AT, "Title": f"Question number {n}", "Body": "<p>It does.</p>"}
        for n in ids
    ])  # fmt: skip
    xml(folder, "PostLinks", [{"Id": n, "PostId": n, "RelatedPostId": other, "LinkTypeId": 3, "CreationDate": AT}
                              for n, other in ((5, 9), (9, 1))])  # fmt: skip
    monkeypatch.setattr("config.archive.run.BATCH_LINES", 1)

    said = bring("import_stackexchange", folder)

    assert "The counts agree" in said
    led = Topic.objects.exclude(duplicate_of=None).order_by("pk").values_list("title", "duplicate_of__title")
    assert set(led) == {("Question number 5", "Question number 9"), ("Question number 9", "Question number 1")}


def test_links_and_visitors_of_the_old_site_when_imported_then_find_their_way(client, tmp_path: Path) -> None:
    bring("import_stackexchange", stackexchange(tmp_path))

    first = Post.objects.get(number=1, topic__title="Why does it flicker?")
    again, reply = Topic.objects.get(title="Flickering again"), Post.objects.get(body="Or not.")
    assert f"[this]({again.get_absolute_url()})" in first.body
    assert f"[{first.topic.title}]({reply.get_absolute_url()})" in first.body
    for old, now in {
        "/questions/2/flickering": again, "/a/4/99": reply, "/questions/1/x/4": reply,
        "/users/3/bo": User.objects.get(username="Bo"),
    }.items():  # fmt: skip
        assert client.get(old).headers["Location"] == now.get_absolute_url()


def test_import_when_run_again_then_changes_nothing_and_tells_nobody(tmp_path: Path) -> None:
    folder = stackexchange(tmp_path)
    bring("import_stackexchange", folder)
    before = list(Post.objects.order_by("pk").values()), ImportedId.objects.count(), User.objects.count()

    said = bring("import_stackexchange", folder)

    assert "0 rows written" in said and "The counts agree" in said
    assert (list(Post.objects.order_by("pk").values()), ImportedId.objects.count(), User.objects.count()) == before
    assert not OutboundEmail.objects.exists() and not Notification.objects.exists()


def test_dry_run_when_asked_for_then_counts_and_writes_nothing(tmp_path: Path) -> None:
    said = bring("import_stackexchange", stackexchange(tmp_path), dry_run=True)

    assert "The counts agree" in said and not Topic.objects.exists() and not User.objects.exists()
    assert "comments: 3 found → 2 replies, 1 left out (its post was left out)" in said
    for reason in ("its question is not in the dump", "is not brought along"):
        assert reason in said


BOMB = """<!DOCTYPE bomb [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n"""
SECRET = """<!DOCTYPE posts [<!ENTITY secret SYSTEM "file:///etc/passwd">]>\n"""


@pytest.mark.parametrize("start", [BOMB, SECRET], ids=["bomb", "file"])
def test_entities_when_in_a_dump_then_are_refused(tmp_path: Path, start: str) -> None:
    xml(tmp_path / "site", "Posts", [{"Id": 1, "PostTypeId": 1, "Title": "Nothing of this", "Body": "x"}], start=start)
    xml(tmp_path / "site", "Users", [])

    said = bring("import_stackexchange", tmp_path / "site")

    assert "a document type or an entity" in said and not Topic.objects.exists()


@pytest.mark.parametrize(("ending", "why"), [
    (b'<row Id="2" PostTypeId="1" Bo', "cannot be read further"), (b"<row><row><row", "cannot be read further"),
    (b"<a>" * 50, "nested too deeply"), (b'<row Id="2" Body="' + b"x" * 9_000_000, "a row longer than"),
], ids=["cut", "broken", "deep", "endless"])  # fmt: skip
def test_file_when_it_cannot_be_read_further_then_what_came_before_is_taken(tmp_path: Path, ending, why: str) -> None:
    row = {"Id": 1, "PostTypeId": 1, "CreationDate": AT, "Title": "Why does it flicker?", "Body": "<p>It does.</p>"}
    path = xml(tmp_path / "site", "Posts", [row])
    path.write_bytes(path.read_bytes().replace(b"</posts>", ending))

    said = bring("import_stackexchange", tmp_path / "site")

    assert why in said and Topic.objects.count() == 1


AT = "2020-01-01T10:00:00.000"


def test_folder_when_it_is_no_dump_then_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"has no Posts\.xml"):
        bring("import_stackexchange", tmp_path)
    with pytest.raises(CommandError, match="is not there"):
        bring("import_stackexchange", tmp_path / "nowhere")
    with pytest.raises(CommandError, match="--url must begin"):
        bring("import_stackexchange", stackexchange(tmp_path), url="forum.example")


def test_start_of_a_real_site_when_imported_then_counts_agree(tmp_path: Path) -> None:
    folder = start_of(sample("stackexchange/bicycles.meta.stackexchange.com"), tmp_path / "start", rows=120)

    said = bring("import_stackexchange", folder)

    assert "The counts agree with the source." in said
    assert min(Topic.objects.count(), Post.objects.filter(number__gt=1).count(), User.objects.count()) > 20
    before = list(Topic.objects.order_by("pk").values_list("reply_count", "vote_count", "last_posted_at"))
    recount_all()
    assert list(Topic.objects.order_by("pk").values_list("reply_count", "vote_count", "last_posted_at")) == before


def start_of(folder: Path, to: Path, *, rows: int) -> Path:
    """The first rows of every file of a dump, as a dump."""
    to.mkdir()
    for path in folder.glob("*.xml"):
        with path.open(encoding="utf-8") as file:
            head = [line for _number, line in zip(range(rows + 2), file, strict=False)]
        ending = f"</{path.stem.lower()}>"
        (to / path.name).write_text("".join(head) + ("" if ending in head[-1] else ending), encoding="utf-8")
    return to


@pytest.mark.long
def test_real_site_when_imported_then_counts_agree() -> None:
    folder = sample("stackexchange/bicycles.meta.stackexchange.com")

    said = bring("import_stackexchange", folder)

    assert "The counts agree with the source." in said
    assert (Topic.objects.count(), Idea.objects.count(), Post.objects.count()) == (453, 39, 453 + 971 + 2_448)
    assert Topic.objects.exclude(solution=None).count() == 145
    before = list(Topic.objects.order_by("pk").values_list("reply_count", "vote_count", "last_posted_at"))
    recount_all()
    assert list(Topic.objects.order_by("pk").values_list("reply_count", "vote_count", "last_posted_at")) == before

"""What people keep for themselves goes out only where it is asked for, and comes in for them alone."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone

from accounts.ignoring.models import Ignore
from accounts.ignoring.services import person_ignore
from accounts.models import Audience, User
from accounts.uploads.models import UploadUse
from accounts.viewer import system_viewer
from community.direct.models import Conversation, ConversationMember, Message
from community.direct.services import conversation_archive, conversation_start, message_send, message_set_status
from community.forums.models import Bookmark, Mute, Tag
from community.forums.services import bookmark_set, space_mute, tag_mute
from community.spaces.models import SpaceMembership, SpaceRequest
from community.spaces.services import member_add, space_ask
from search.models import SavedSearch
from search.saved import saved_search_create, saved_search_tell
from tests.archive.test_parts import notes
from tests.factories.archive import make_archive, run_import
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.factories.uploads import make_upload, picture_file

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_first]


def community() -> None:
    ada, bo, cy = make_user("ada", trust_level=2), make_user("bo", trust_level=2), make_user("cy")
    Group.objects.get_or_create(name="helpers")[0].user_set.add(ada)
    topic = make_topic(space=make_space(slug="lamps", joining="request"), author=bo)
    reply = make_reply(topic, author=ada)
    bookmark_set(viewer=viewer(ada), post=topic.posts.get(number=1))
    bookmark_set(viewer=viewer(bo), post=reply, remind_at=timezone.now() + timedelta(days=3))
    talk = conversation_start(viewer=viewer(ada), subject="Between us", body="A *secret*.", to=["bo", "cy"],
                              groups=[Group.objects.get(name="helpers").pk])  # fmt: skip
    picture = make_upload(owner=bo)
    message_send(viewer=viewer(bo), conversation=talk, body=f"Mine too. ![lamp]({picture.get_absolute_url()})")
    rude = message_send(viewer=viewer(cy), conversation=talk, body="Rude words.")
    message_set_status(actor_id=None, message=rude, status="removed")
    conversation_archive(viewer=viewer(bo), conversation=talk, on=True)
    person_ignore(viewer=viewer(ada), person=cy, level="ignored", days=9)
    person_ignore(viewer=viewer(cy), person=bo, level="muted")
    space_mute(viewer=viewer(ada), space=topic.space, on=True)
    member_add(viewer=system_viewer(), space=topic.space, user=cy, role="reviewer")
    space_ask(viewer=viewer(ada), space=topic.space, note="Let me in quietly")
    tag_mute(viewer=viewer(bo), tag=Tag.objects.create(name="night"), on=True)
    _loud, quiet = (saved_search_create(viewer=viewer(bo), query=f"q={word}", name=word) for word in ("lamps", "hubs"))
    saved_search_tell(viewer=viewer(bo), saved=quiet, on=False)


def content() -> dict[str, list]:
    return {
        "bookmarks": list(Bookmark.objects.order_by("user__username").values_list(
            "user__username", "post__topic__title", "post__number", "created_at", "remind_at")),
        "conversations": list(Conversation.objects.values_list(
            "subject", "started_by__username", "created_at", "last_posted_at", "last_number", "groups__name")),
        "members": list(ConversationMember.objects.order_by("user__username").values_list(
            "user__username", "is_invited", "is_archived", "read_to")),
        "messages": list(Message.objects.values_list(
            "number", "author__username", "body", "html", "status", "created_at")),
        "files": [
            (use.upload.key, use.upload.owner.username, use.upload.expires_at, use.is_current,  # type: ignore[union-attr]
             use.target_type, Message.objects.get(pk=use.target_id).number)
            for use in UploadUse.objects.select_related("upload__owner")
        ],
        "ignored": list(Ignore.objects.order_by("level").values_list(
            "owner__username", "person__username", "level", "until", "created_at")),
        "memberships": list(SpaceMembership.objects.values_list("space__slug", "user__username", "role", "joined_at")),
        "asked": list(SpaceRequest.objects.values_list(
            "space__slug", "user__username", "note", "created_at", "declined_at")),
        "muted": list(Mute.objects.order_by("user__username").values_list(
            "user__username", "space__slug", "tag__name", "created_at")),
        "searches": list(SavedSearch.objects.order_by("name").values_list(
            "user__username", "name", "query", "is_telling")),
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_what_is_private_when_exported_and_imported_then_is_the_same(tmp_path: Path) -> None:
    community()
    before = content()
    assert all(before.values())
    call_command("export_archive", str(tmp_path / "out"), private=True, stdout=(tmp_path / "said").open("w"))
    call_command("flush", interactive=False, verbosity=0)
    Group.objects.get_or_create(name="helpers")

    report = run_import(tmp_path / "out", source="moved")

    assert report.total("bad") == 0
    assert content() == before
    assert run_import(tmp_path / "out", source="moved").total("new", "changed", "bad") == 0
    assert content() == before


@pytest.mark.parametrize("options", [{}, {"public": True}], ids=["whole", "public"])
def test_export_when_nobody_asked_for_what_is_private_then_holds_none_of_it(tmp_path: Path, options: dict) -> None:
    community()

    call_command("export_archive", str(tmp_path / "out"), stdout=(tmp_path / "said").open("w"), **options)

    names = {path.name for path in (tmp_path / "out").iterdir()}
    private = ("bookmarks", "conversations", "searches", "ignored", "muted", "asked")
    assert not names & {f"{name}.jsonl" for name in private}
    assert not list((tmp_path / "out").glob("files/*"))  # what stands in messages alone
    assert ("memberships.jsonl" in names) is not options.get("public", False)
    text = "".join(path.read_text() for path in (tmp_path / "out").glob("*.*"))
    assert not any(word in text for word in ("Between us", "secret", "Rude words", "quietly", "remind", "hubs"))


def test_conversation_when_imported_then_nobody_reads_it_but_those_who_did(tmp_path: Path) -> None:
    make_user("bo", is_superuser=True)
    run_import(make_archive(tmp_path, conversations=[talk_row()]))

    talk = Conversation.objects.get()
    local, theirs = User.objects.get(username="bo"), User.objects.get(username="bo-2")
    assert not Conversation.objects.visible_to(viewer(local)).exists()
    assert Conversation.objects.visible_to(viewer(theirs)).get() == talk


@pytest.mark.parametrize(("spot", "field"), [
    ({"conversation": "1", "message": 2}, "file"), ({"conversation": "9", "message": 1}, "file"),
    ({"conversation": "1", "message": 1, "thread": "1"}, "thread"), ({"message": 1}, "thread"),
])  # fmt: skip
def test_file_when_it_names_no_message_of_the_archive_then_stands_nowhere(
    tmp_path: Path, spot: dict, field: str
) -> None:
    here = conversation_start(
        viewer=viewer(make_user(trust_level=2)), subject="Ours", body="Hello.", to=[make_user().username], groups=[]
    )
    content = picture_file().read()
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / hashlib.sha256(content).hexdigest()).write_bytes(content)
    sent = {"id": "a" * 22, "name": "lamp.png", "sha256": hashlib.sha256(content).hexdigest()}

    report = run_import(make_archive(
        tmp_path, files=[sent], conversations=[talk_row()], attached=[{"id": "1", "file": "a" * 22} | spot]
    ))  # fmt: skip

    assert [(note["file"], note["field"]) for note in notes(report)] == [("attached.jsonl", field)]
    assert not UploadUse.objects.exists() and here.messages.count() == 1


def talk_row(**fields: Any) -> dict[str, Any]:
    return {
        "id": "1", "subject": "Between us", "created": "2024-01-02T05:00:00Z", "started_by": "ada",
        "members": [{"name": "ada", "is_invited": True}, {"name": "bo", "is_invited": True, "read_to": 1}],
        "messages": [{"by": "ada", "body": "Hello.", "at": "2024-01-02T05:00:00Z"}],
    } | fields  # fmt: skip


BAD = {
    "no subject": ("conversations", talk_row(subject=" "), "subject"),
    "a message without words": ("conversations", talk_row(messages=[{"body": " "}]), "messages[0].body"),
    "a text too long": ("conversations", talk_row(messages=[{"body": "x" * 32_001}]), "messages[0].body"),
    "members is a text": ("conversations", talk_row(members="ada"), "members"),
    "read below nothing": ("conversations", talk_row(members=[{"name": "ada", "read_to": -1}]), "members[0].read_to"),
    "a bookmark of nothing": ("bookmarks", {"id": "1", "by": "ada", "thread": "9"}, "thread"),
    "a search for nothing": ("searches", {"id": "1", "by": "ada", "query": "sort=new"}, "query"),
    "oneself": ("ignored", {"id": "1", "by": "ada", "person": "ada"}, "person"),
    "an unknown level": ("ignored", {"id": "1", "by": "ada", "person": "bo", "level": "hated"}, "level"),
    "a space and a tag": ("muted", {"id": "1", "by": "ada", "space": "lamps", "tag": "night"}, "space"),
    "a space that is not here": ("muted", {"id": "1", "by": "ada", "space": "lamps"}, "space"),
    "a member of nothing": ("memberships", {"id": "1", "by": "ada", "space": "lamps"}, "space"),
    "an unknown role": ("memberships", {"id": "1", "by": "ada", "space": "lamps", "role": "owner"}, "role"),
    "a request of nobody": ("asked", {"id": "1", "space": "lamps"}, "by"),
    "nobody's search": ("searches", {"id": "1", "query": "q=lamps"}, "by"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_row_when_imported_then_is_named_and_nothing_of_it_is_stored(tmp_path: Path, name: str) -> None:
    file, row, field = BAD[name]

    report = run_import(make_archive(tmp_path, **{file: [row]}))
    [note] = notes(report)

    assert (note["file"], note["field"]) == (f"{file}.jsonl", field)
    assert (Bookmark.objects.count(), SavedSearch.objects.count()) == (0, 0)
    assert not Conversation.objects.exists() and not Message.objects.exists()
    assert not SpaceMembership.objects.exists() and not SpaceRequest.objects.exists() and not Mute.objects.exists()


def test_membership_when_the_space_was_here_before_then_nobody_is_let_in(tmp_path: Path) -> None:
    make_space(slug="vault", audience=Audience.MEMBERS)
    rows = [{"id": str(number), "by": "ada", "space": slug} for number, slug in enumerate(("vault", "annex"))]

    report = run_import(make_archive(
        tmp_path, spaces=[{"slug": "vault", "name": "Vault"}, {"slug": "annex", "name": "Annex"}], memberships=rows
    ))  # fmt: skip

    assert list(SpaceMembership.objects.values_list("space__slug", flat=True)) == ["annex"]
    assert [(note["file"], note["field"]) for note in notes(report)][-1] == ("memberships.jsonl", "space")


def test_reminder_when_it_lies_ahead_then_comes_along(tmp_path: Path) -> None:
    from tests.factories.archive import thread_row

    row = {"id": "1", "by": "ada", "thread": "1", "remind": "2090-01-02T05:00:00Z"}
    run_import(make_archive(tmp_path, threads=[thread_row(1)], bookmarks=[row]))

    assert Bookmark.objects.get().remind_at == datetime(2090, 1, 2, 5, tzinfo=UTC)

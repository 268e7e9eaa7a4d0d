"""What is in a copy: what they wrote, with its earlier versions; of others, what they may see and no more."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from accounts.events.worker import drain
from accounts.ignoring.services import person_ignore
from accounts.models import User
from accounts.services import group_remove_member
from accounts.takeout import collecting
from accounts.takeout.models import Takeout
from accounts.uploads.markup import markdown_for
from accounts.viewer import system_viewer
from community.cases.services import case_create, message_add
from community.direct.services import conversation_start, message_send
from community.forums.policies import SLIP_WINDOW
from community.forums.services import content_set_status, post_edit, reply_create
from community.moderation.services import flag_create, review_decide
from community.spaces.services import member_add, member_remove
from knowledge.services import wiki_page_update
from tests.factories.forums import make_reply, make_topic
from tests.factories.knowledge import make_wiki_page
from tests.factories.people import make_group, make_user, viewer
from tests.factories.spaces import make_space
from tests.factories.uploads import make_upload, picture_file, text_file
from tests.takeout.opened import files_in, made, parts_in, path_of, text_in

pytestmark = pytest.mark.django_db


def test_posts_when_edited_by_others_then_the_person_has_their_own_versions_of_it() -> None:
    mara, root = make_user("mara"), make_user("root", is_superuser=True)
    topic = make_topic(author=mara, title="My lamp flickers", body="First words")
    post = topic.posts.get()
    post_edit(viewer=viewer(mara), post=post, body="Second words", version=1, at=post.created_at + SLIP_WINDOW)
    post.refresh_from_db()
    post_edit(viewer=viewer(root), post=post, body="Words of the admin", version=post.version)
    others = make_reply(make_topic(author=root), author=root, body="Of root")
    content_set_status(actor_id=root.pk, target=topic.posts.get(), status="removed")

    found = parts_in(path_of(made(mara)))

    [row] = found["posts"]
    assert row["text"] is None and row["address"] is None
    assert [old["text"] for old in row["earlier"]] == ["First words", "Second words"]
    assert (found["topics"][0]["title"], found["topics"][0]["status"]) == ("My lamp flickers", "removed")
    assert others.body not in str(found)


def test_space_when_left_then_the_own_words_stay_and_what_others_called_it_does_not() -> None:
    mara = make_user("mara")
    space = make_space("Secret garden", audience="groups")
    system = system_viewer()
    member_add(viewer=system, space=space, user=mara)
    root = make_user("root", is_superuser=True)
    topic = make_topic(space=space, author=root, title="Hidden title", body="Hidden text")
    reply_create(viewer=viewer(mara), topic=topic, body="What I said there")
    make_topic(space=space, author=mara, title="What I began there")
    inside = parts_in(path_of(made(mara)))
    member_remove(viewer=system, space=space, user=mara)

    outside = parts_in(path_of(made_anew(mara)))

    assert "Hidden title" in str(inside) and "Secret garden" in str(inside)
    assert outside["posts"][0]["text"] == "What I said there"
    assert [(row["title"], row["space"]) for row in outside["topics"]] == [("What I began there", None)]
    for word in ("Hidden", "Secret garden", "hidden-title"):
        assert word not in str(outside)


def made_anew(user: User) -> Takeout:
    """The rule of one a day is not what is looked at here."""
    Takeout.objects.all().delete()
    return made(user)


def test_flags_cases_and_messages_when_others_have_a_part_in_them_then_only_the_persons_side_is_in_it() -> None:
    mara, jonas = make_user("mara", trust_level=2), make_user("jonas", trust_level=2)
    agent = make_user("agent", is_agent=True)
    root = make_user("root", is_superuser=True)
    post = make_reply(make_topic(), author=mara, body="Buy lamps")
    flag = flag_create(viewer=viewer(jonas), target=("post", post.pk), reason="other", note="Jonas complains")
    kept = make_reply(make_topic(), author=mara, body="Fine words")
    other = flag_create(viewer=viewer(jonas), target=("post", kept.pk), reason="spam")
    for item, action in ((flag.item, "remove"), (other.item, "keep")):
        item.refresh_from_db()
        review_decide(viewer=viewer(root), item=item, action=action, version=item.version, note="Staff say so")
    case = case_create(viewer=viewer(agent), customer=mara, subject="My lamp", body="Dear Mara")
    message_add(viewer=viewer(mara), case=case, body="It flickers")
    message_add(viewer=viewer(agent), case=case, body="Inner note", is_internal=True)
    talk = conversation_start(viewer=viewer(mara), subject="Us", body="Hello Jonas", to=["jonas"])
    message_send(viewer=viewer(jonas), conversation=talk, body="Answer of Jonas")
    person_ignore(viewer=viewer(jonas), person=mara, level="muted")
    drain()

    found = parts_in(path_of(made_anew(mara)))

    assert [row["number"] for row in found["removed"]] == [post.pk] and "flags" not in found
    assert [row["text"] for row in found["case-messages"]] == ["Dear Mara", "It flickers"]
    assert [row["text"] for row in found["messages"]] == ["Hello Jonas"]
    assert found["conversations"][0]["title"] == "Us" and len(found["conversations"][0]["people"]) == 2
    assert "ignored" not in found
    for word in ("complains", "Staff say so", "Inner note", "Answer of Jonas"):
        assert word not in str(found)
    theirs = parts_in(path_of(made_anew(jonas)))
    assert {row["text"] for row in theirs["flags"]} == {"Jonas complains", ""}
    assert theirs["ignored"][0]["title"] == "@mara" and "Hello Jonas" not in str(theirs)


def test_conversation_when_left_with_its_group_then_the_own_words_stay_without_its_subject() -> None:
    group = make_group("Pilots")
    mara, root = make_user("mara", trust_level=2, groups=(group,)), make_user("root", is_superuser=True)
    talk = conversation_start(viewer=viewer(root), subject="Plans", body="Of root", to=[], groups=[group.pk])
    message_send(viewer=viewer(mara), conversation=talk, body="What I said")
    inside = parts_in(path_of(made(mara)))
    group_remove_member(viewer=system_viewer(), group=group, user=mara)

    outside = parts_in(path_of(made_anew(mara)))

    assert [row["title"] for part in ("messages", "conversations") for row in inside[part]] == ["Plans"] * 2
    assert [row["text"] for row in outside["messages"]] == ["What I said"]
    assert not [word for word in ("Plans", "Pilots", "Root", "Of root") if word in str(outside)]


def test_wiki_when_many_wrote_then_the_versions_of_the_person_are_in_it() -> None:
    mara = make_user("mara")
    page = make_wiki_page(title="Lamps", body="Of others", viewer=system_viewer())
    wiki_page_update(viewer=viewer(mara), page=page, title="Lamps", body="Of others and me", comment="more")

    found = parts_in(path_of(made(mara)))

    [row] = found["page-versions"]
    assert (row["text"], row["comment"], row["title"]) == ("Of others and me", "more", "Lamps")
    assert "pages" not in found


def test_files_when_sent_then_their_bytes_are_in_it_under_the_names_that_the_rows_give() -> None:
    mara, jonas = make_user("mara"), make_user("jonas")
    picture = make_upload(owner=mara, file=picture_file("lamp.png"))
    same = [make_upload(owner=mara, file=text_file("notes.log", words)) for words in ("one", "two")]
    make_upload(owner=jonas, file=text_file("theirs.log", "not mine"))
    make_topic(author=mara, body=markdown_for(picture))

    copy = path_of(made(mara))

    files, rows = files_in(copy), parts_in(copy)["files"]
    assert {row["file"] for row in rows} == files.keys() and len(files) == 3
    assert sorted(files[row["file"]] for row in rows if row["title"] == "notes.log") == [b"one", b"two"]
    assert len(same) == 2 and b"not mine" not in files.values()


class Page(HTMLParser):
    """What a browser would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "src" or (name == "href" and tag == "link") or name.startswith("on"):
                self.outside.append(f"{tag} {name} {value}")


def test_page_when_words_hold_markup_then_it_is_shown_as_text_and_nothing_is_fetched(monkeypatch) -> None:
    monkeypatch.setattr(collecting, "PIECE", 2)
    mara = make_user("mara", display_name="<b>Mara</b>")
    for number in range(5):
        make_topic(author=mara, title=f"<script>alert({number})</script>", body='<img src=x onerror="alert(1)">')

    copy = path_of(made(mara))

    html, page = text_in(copy, "index.html"), Page()
    page.feed(html)
    assert {"script", "img", "link", "iframe"} & set(page.tags) == set() and page.outside == []
    assert html.count("&lt;script&gt;alert(4)&lt;/script&gt;") >= 1 and html.rstrip().endswith("</html>")
    assert len(parts_in(copy)["topics"]) == 5
    readme = text_in(copy, "README.txt")
    assert "<b>Mara</b>" in readme and "data/topics.jsonl" in readme and "(5)" in readme

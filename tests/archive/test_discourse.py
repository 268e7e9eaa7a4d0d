"""import_discourse: answers of the API, whatever their shape; what is private there stays private."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from community.forums.models import Post, Topic
from community.spaces.models import Space
from tests.archive.foreign import bring, sample

AT = "2020-01-01T10:00:0{}.000Z"


def post(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": 700 + number, "topic_id": 7, "post_number": number, "post_type": 1, "username": f"ada{number}",
        "name": f"Ada {number}", "cooked": f"<p>Words {number}</p>", "created_at": AT.format(number), "version": 1,
    } | more  # fmt: skip


def topic(posts: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": 7, "title": "It flickers", "slug": "it-flickers", "created_at": AT.format(1), "last_posted_at": None,
        "category_id": 4, "tags": ["light", {"name": "power"}], "views": 70, "closed": True, "archetype": "regular",
        "post_stream": {"posts": posts, "stream": [one["id"] for one in posts]},
    } | more  # fmt: skip


def site(folder: Path, **files: Any) -> Path:
    folder = folder / "forum.lamps.example"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


CATEGORIES = {"category_list": {"categories": [
    {"id": 4, "name": "Lamps & more", "slug": "lamps", "description_text": "About lamps", "locale": "pt_BR"},
    {"id": 5, "name": "Inside", "slug": "inside", "read_restricted": True},
]}}  # fmt: skip


@pytest.mark.django_db
def test_site_when_imported_then_is_what_it_was(client, tmp_path: Path) -> None:
    smile = '<p>Turn it <img src="/x.png" title=":smile:" class="emoji" alt=":smile:"></p>'
    posts = [
        post(1), post(2, cooked=smile, actions_summary=[{"id": 2, "count": 3}], accepted_answer=True),
        post(3, post_type=3), post(4, post_type=4), post(5, deleted_at=AT.format(6), reply_to_post_number=2),
    ]  # fmt: skip
    folder = site(tmp_path, t7=topic(posts), categories=CATEGORIES, more={"latest_posts": [post(6, name=None)]})

    said = bring("import_discourse", folder, language="de")

    assert "The counts agree" in said and "1 left out (is a note of the system, or has no words)" in said
    here = Topic.objects.get(title="It flickers")
    assert (here.space.name, here.view_count, here.is_closed, here.kind) == ("Lamps & more", 70, True, "question")
    assert {tag.name for tag in here.tags.all()} == {"light", "power"}
    assert (here.space.language, Space.objects.get(name="Inside").language) == ("pt-br", "de")
    reply = here.solution
    assert (reply.body, reply.vote_count, reply.author.username) == ("Turn it :smile:", 3, "ada2")
    shown = here.posts.order_by("number").values_list("author__username", "status", "is_whisper")
    assert list(shown)[2:] == [
        ("ada4", "published", True), ("ada5", "removed", False), ("ada6", "published", False),
    ]  # fmt: skip
    for old, now in {
        "/t/any-words/7": here, "/t/any-words/7/2": reply, "/p/702": reply, "/c/all/lamps/4": here.space,
    }.items():
        assert client.get(old).headers["Location"] == now.get_absolute_url()


@pytest.mark.django_db
def test_what_is_private_when_imported_then_stays_private(client, tmp_path: Path) -> None:
    inside = topic([post(1, topic_id=8)], id=8, category_id=5, title="Inside talk")
    message = topic([post(1, topic_id=9)], id=9, archetype="private_message", title="Between two")
    hidden = topic([post(1, topic_id=10)], id=10, visible=False, title="Unlisted talk")
    folder = site(tmp_path, categories=CATEGORIES, a=inside, b=message, c=hidden)

    said = bring("import_discourse", folder)

    assert "1 left out (is a private message)" in said and not Topic.objects.filter(title="Between two").exists()
    assert Space.objects.get(name="Inside").audience == "staff"
    assert {client.get(f"/t/words/{old}", follow=True).status_code for old in (8, 9, 10)} == {404}


@pytest.mark.django_db
def test_files_of_any_shape_when_read_then_are_no_fault(tmp_path: Path) -> None:
    lists = {"topic_list": {"topics": [{"id": 3, "title": "Far away"}, 5]}}
    folder = site(tmp_path, good=topic([post(1)]), listed=lists,
                  a=[], b=[1, None, {"data": post(2)}], c="text", d={"post_stream": {"posts": [{}, 4], "stream": None}})
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "bytes.json").write_bytes(b"\xff\xfe\x00")

    said = bring("import_discourse", folder)

    assert "2 left out (cannot be read)" in said and "1 left out (its first post is not in the files)" in said
    assert (Topic.objects.count(), Post.objects.count()) == (1, 2)


@pytest.mark.django_db
def test_folder_when_it_holds_no_json_then_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"holds no \.json"):
        bring("import_discourse", site(tmp_path))


@pytest.mark.django_db
def test_real_answers_when_imported_then_counts_agree_and_again_changes_nothing() -> None:
    said = bring("import_discourse", sample("discourse"))

    assert "The counts agree with the source." in said and (Topic.objects.count(), Post.objects.count()) == (3, 26)
    assert "0 rows written" in bring("import_discourse", sample("discourse"))

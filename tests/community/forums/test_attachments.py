"""A file is read by whoever reads the post that names it: row filter, predicate and tokens say so alike."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Audience
from accounts.uploads import policies
from accounts.uploads.markup import markdown_for
from accounts.uploads.models import Upload
from accounts.viewer import viewer_for
from community.forums.models import Post, Topic
from community.forums.services import content_set_status, post_edit
from tests.community.forums.test_visibility import _world
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.factories.uploads import make_upload, picture_file, text_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def rows_of(person) -> set[int]:
    return set(Upload.objects.visible_to(person).values_list("pk", flat=True))


def seen(person, upload: Upload, rows: set[int] | None = None) -> bool:
    """As all three say; they must agree."""
    told = {
        upload.pk in (rows_of(person) if rows is None else rows),
        policies.can_see(person, upload),
        bool(policies.audience(upload) & person.tokens),
    }
    assert len(told) == 1, person.username
    return told.pop()


def test_files_when_told_three_ways_then_all_agree_with_their_posts() -> None:
    viewers = _world(5)
    posts = list(Post.objects.exclude(author=None).select_related("topic")[::7])
    uploads = []
    for post in posts:
        upload = make_upload(owner=post.author, file=text_file())
        upload.uses.create(target_type="post", target_id=post.pk, created_at=post.created_at)
        uploads.append(upload)
    orphan = make_upload(owner=posts[0].author, file=text_file())

    for person in viewers:
        rows, readable = rows_of(person), set(Post.objects.visible_to(person).values_list("pk", flat=True))
        for post, upload in zip(posts, uploads, strict=True):
            assert seen(person, upload, rows) == (post.pk in readable)
        assert seen(person, orphan, rows) == (person.reads_own and person.user_id == orphan.owner_id)


def test_private_post_when_it_has_a_picture_then_outsiders_get_404() -> None:
    insider, outsider = make_user(is_agent=True), make_user()
    upload = make_upload(owner=insider, file=picture_file(size=(1600, 800)))
    topic = make_topic(space=make_space(audience=Audience.STAFF), author=insider, body=markdown_for(upload))
    paths = (upload.get_absolute_url(), f"/files/{upload.key}/m/x.jpg", f"/api/v1/files/{upload.key}")

    for path in paths:
        assert _signed_in(insider).get(path).status_code == 200
        assert _signed_in(outsider).get(path).status_code == 404
    assert topic.posts.get().html.count(f"/files/{upload.key}/m/") == 1


def test_address_when_copied_into_a_public_post_by_another_then_the_file_stays_private() -> None:
    insider, colleague = make_user(is_agent=True), make_user(is_agent=True)
    upload = make_upload(owner=insider, file=text_file())
    make_topic(space=make_space(audience=Audience.STAFF), author=insider, body=markdown_for(upload))

    make_topic(author=colleague, body=markdown_for(upload))

    assert Client().get(upload.get_absolute_url()).status_code == 404
    assert _signed_in(colleague).get(upload.get_absolute_url()).status_code == 200


def test_post_when_edited_removed_or_whispered_then_the_file_follows() -> None:
    author, space = make_user(), make_space()
    reader = viewer_for(None)
    first, second = (make_upload(owner=author, file=text_file()) for _time in range(2))
    topic = make_topic(space=space, author=author, body=f"One: {markdown_for(first)}")
    post = topic.posts.get()
    assert seen(reader, first) and not seen(reader, second)

    post = post_edit(viewer=viewer(author), post=post, body=f"Two: {markdown_for(second)}")
    assert not seen(reader, first) and seen(reader, second)
    post = post_edit(viewer=viewer(author), post=post, body=f"Both: {markdown_for(first)} {markdown_for(second)}")
    assert seen(reader, first) and seen(reader, second)

    content_set_status(actor_id=None, target=topic, status="removed")
    assert not seen(reader, first)
    agent = make_user(is_agent=True)
    note = make_upload(owner=agent, file=text_file())
    make_reply(make_topic(), author=agent, body=markdown_for(note), is_whisper=True)
    assert not seen(viewer(author), note) and seen(viewer(agent), note)


def test_picture_when_shown_then_has_its_size_and_leads_to_the_whole_one() -> None:
    author = make_user()
    small, large = make_upload(owner=author), make_upload(owner=author, file=picture_file(size=(2000, 1000)))
    log = make_upload(owner=author, file=text_file())

    html = make_topic(author=author, body="\n\n".join(map(markdown_for, (small, large, log)))).posts.get().html

    assert f'<img src="/files/{small.key}/lamp.jpg" alt="Picture" width="40" height="20" loading="lazy">' in html
    assert f'href="/files/{large.key}/lamp.jpg" class="pic"' in html
    assert f'src="/files/{large.key}/m/lamp.jpg" alt="Picture" width="2000" height="1000"' in html
    assert f'<a href="/files/{log.key}/hub.log" class="file"' in html and "hub.log (15 bytes)</a>" in html


def test_picture_when_its_address_is_elsewhere_or_unknown_then_nothing_is_loaded_from_there() -> None:
    body = f"![a](https://evil.example/files/{'a' * 22}/x.png) ![b](/files/{'b' * 22}/y.png)"
    html = make_topic(body=body).posts.get().html
    assert "evil.example" not in html and "width" not in html


def test_reply_when_files_come_with_the_form_then_they_stand_in_the_post() -> None:
    topic, person = make_topic(), make_user()
    sent = {"body": "See here:", "files": [picture_file(), text_file()], "files_alt": "The hub, dark"}

    answer = _signed_in(person).post(reverse("forums:reply", args=[topic.pk]), sent, follow=True)

    post = Post.objects.get(number=2)
    assert answer.status_code == 200 and 'alt="The hub, dark"' in answer.content.decode()
    assert post.body.startswith("See here:\n\n![The hub, dark](/files/") and "[hub.log (15 bytes)](/files/" in post.body
    assert Upload.objects.filter(uses__target_id=post.pk, uses__target_type="post").count() == 2


def test_topic_when_one_file_is_refused_then_the_page_says_which_and_keeps_the_other() -> None:
    space, person = make_space(), make_user()
    sent = {"title": "Hub drops off", "body": "See here:", "files": [text_file("a.exe"), text_file()]}

    answer = _signed_in(person).post(reverse("forums:topic-create", args=[space.slug]), sent)

    page = answer.content.decode()
    assert answer.status_code == 400 and not Topic.objects.exists()
    assert "a.exe: Files like this cannot be attached" in page and "[hub.log (15 bytes)](/files/" in page


def test_edit_when_a_file_comes_along_then_it_is_added() -> None:
    author = make_user()
    post = make_topic(author=author).posts.get()
    sent = {"title": "Hub drops off", "body": "Now with a log.", "tags": "", "version": "1", "files": [text_file()]}

    assert _signed_in(author).post(reverse("forums:post-edit", args=[post.pk]), sent).status_code == 302

    post.refresh_from_db()
    assert "Now with a log.\n\n[hub.log" in post.body and Upload.objects.get().uses.count() == 1


def test_reply_when_it_names_no_file_then_costs_no_statement_more() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    topic, person = make_topic(), make_user()
    with CaptureQueriesContext(connection) as asked:
        make_reply(topic, author=person)
    assert not [query for query in asked.captured_queries if "uploads_" in query["sql"]]

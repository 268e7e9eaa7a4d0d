"""The wiki: writing, conflicts, history, restoring."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.errors import Conflict, NotAllowed
from accounts.events.models import Event
from accounts.viewer import system_viewer, viewer_for
from knowledge.models import WikiEdit, WikiPage
from knowledge.services import wiki_page_create, wiki_page_restore, wiki_page_update
from tests.factories.knowledge import make_section, make_wiki_page
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)


def read(page: WikiPage) -> WikiPage:
    return WikiPage.objects.get(pk=page.pk)


def test_wiki_page_create_by_a_member_is_version_one_with_its_date():
    member = make_user()
    section = make_section(index="wiki")

    page = wiki_page_create(viewer=viewer(member), section=section, title="Mesh", body="Walls *matter*.", at=LONG_AGO)

    edit = WikiEdit.objects.select_related("revision").get(page=page)
    assert (edit.number, edit.revision.user_id, edit.revision.created_at) == (1, member.pk, LONG_AGO)
    assert "<em>matter</em>" in read(page).html
    event = Event.objects.get(name="wiki.published")
    assert (event.actor_id, event.created_at, event.data["number"]) == (member.pk, LONG_AGO, 1)


@pytest.mark.parametrize("who", ["nobody", "outsider"])
def test_wiki_page_create_by_one_who_may_not_is_refused(who):
    section = make_section(index="wiki", audience="staff")
    one = viewer_for(None) if who == "nobody" else viewer(make_user())

    with pytest.raises(NotAllowed):
        wiki_page_create(viewer=one, section=section, title="Mesh", body="Walls matter.")

    assert not WikiPage.objects.exists()


def test_wiki_page_update_makes_the_next_version_and_keeps_the_old_one():
    page = make_wiki_page(title="Mesh", body="One.")
    member = make_user()

    wiki_page_update(viewer=viewer(member), page=page, title="Mesh", body="Two.", comment="Say more", version=1)

    assert read(page).body == "Two."
    assert list(WikiEdit.objects.filter(page=page).values_list("number", "comment")) == [(2, "Say more"), (1, "")]
    assert WikiEdit.objects.get(page=page, number=1).revision.content["body"] == "One."


def test_wiki_page_update_from_a_stale_version_is_a_conflict_and_writes_nothing():
    page = make_wiki_page(body="One.")
    wiki_page_update(viewer=system_viewer(), page=page, title=page.title, body="Two.", version=1)

    with pytest.raises(Conflict):
        wiki_page_update(viewer=viewer(make_user()), page=page, title=page.title, body="Mine.", version=1)

    assert read(page).body == "Two."
    assert WikiEdit.objects.filter(page=page).count() == 2


def test_wiki_page_update_with_the_same_text_writes_nothing():
    page = make_wiki_page(title="Mesh", body="One.")

    wiki_page_update(viewer=system_viewer(), page=page, title=" Mesh ", body="One.\n", version=1)

    assert WikiEdit.objects.filter(page=page).count() == 1


def test_locked_wiki_page_is_edited_by_staff_only():
    page = make_wiki_page(body="One.")
    WikiPage.objects.filter(pk=page.pk).update(locked=True)

    with pytest.raises(NotAllowed):
        wiki_page_update(viewer=viewer(make_user()), page=page, title=page.title, body="Two.")
    wiki_page_update(viewer=viewer(make_user(is_moderator=True)), page=page, title=page.title, body="Three.")

    assert read(page).body == "Three."


def test_wiki_page_restore_brings_the_text_back_as_a_new_version():
    page = make_wiki_page(title="Mesh", body="One.")
    wiki_page_update(viewer=system_viewer(), page=page, title="Changed", body="Two.")

    wiki_page_restore(viewer=viewer(make_user()), page=page, number=1, version=2)

    assert (read(page).title, read(page).body) == ("Mesh", "One.")
    assert WikiEdit.objects.filter(page=page).first().comment == "Restored version 1"


def test_wiki_page_restore_of_an_unknown_version_is_refused():
    with pytest.raises(ValidationError):
        wiki_page_restore(viewer=system_viewer(), page=make_wiki_page(), number=9)


def test_member_writes_a_page_in_the_browser(client):
    section = make_section("Field notes", index="wiki")
    client.force_login(make_user())
    assert client.get("/wiki/field-notes/new/").status_code == 200

    data = {"title": "Mesh", "body": "Walls matter.", "comment": ""}
    answer = client.post("/wiki/field-notes/new/", data, follow=True)

    assert answer.redirect_chain == [("/wiki/field-notes/mesh/", 302)]
    assert "Walls matter." in answer.content.decode()
    assert section.title in client.get("/wiki/").content.decode()


def test_page_titled_new_does_not_take_the_address_of_the_form(client):
    section = make_section(index="wiki")

    page = make_wiki_page(section, title="New")

    assert page.slug == "new-page"


def test_edit_form_saves_and_thanks(client):
    page = make_wiki_page(body="One.")
    client.force_login(make_user())
    form = client.get(page.get_absolute_url() + "edit/").content.decode()
    assert "One." in form and 'name="version" value="1"' in form

    data = {"title": page.title, "body": "Two.", "comment": "More", "version": "1"}
    answer = client.post(page.get_absolute_url() + "edit/", data, follow=True)

    assert "Two." in answer.content.decode()


def test_edit_form_in_a_conflict_keeps_the_writers_text_and_lets_them_save_again(client):
    page = make_wiki_page(body="One.")
    wiki_page_update(viewer=system_viewer(), page=page, title=page.title, body="Two.")
    client.force_login(make_user())
    data = {"title": page.title, "body": "Mine.", "comment": "", "version": "1"}

    answer = client.post(page.get_absolute_url() + "edit/", data)

    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Mine." in html and 'name="version" value="2"' in html and "<del>Two.</del>" in html
    assert read(page).body == "Two."
    assert client.post(page.get_absolute_url() + "edit/", data | {"version": "2"}).status_code == 302
    assert read(page).body == "Mine."


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_edit_form_with_a_broken_version_never_overwrites(client, version):
    page = make_wiki_page(body="One.")
    client.force_login(make_user())

    answer = client.post(
        page.get_absolute_url() + "edit/", {"title": page.title, "body": "Mine.", "comment": "", "version": version}
    )

    assert answer.status_code in {400, 409}
    assert read(page).body == "One."


@pytest.mark.parametrize("body", ["", "x" * 200_001, "a\0b", "\u202eevil"])
def test_edit_form_with_bad_text_says_what_is_wrong(client, body):
    page = make_wiki_page(body="One.")
    client.force_login(make_user())

    answer = client.post(
        page.get_absolute_url() + "edit/", {"title": page.title, "body": body, "comment": "", "version": "1"}
    )

    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert read(page).body == "One."


def test_anonymous_are_sent_to_sign_in_and_write_nothing(client):
    page = make_wiki_page(body="One.")
    edit = page.get_absolute_url() + "edit/"

    assert client.get(edit).url.startswith("/accounts/login/")
    assert client.post(edit, {"title": "x", "body": "y", "version": "1"}).url.startswith("/accounts/login/")
    assert "Sign in to edit" in client.get(page.get_absolute_url()).content.decode()
    assert read(page).body == "One."


def test_members_outside_a_private_section_find_nothing(client):
    page = make_wiki_page(make_section("Partners", index="wiki", audience="staff"))
    wiki_page_update(viewer=system_viewer(), page=page, title=page.title, body="Two.")
    client.force_login(make_user())
    at = page.get_absolute_url()

    parts = ["", "edit/", "history/", "history/1/", "related/"]
    for address in [*(at + part for part in parts), "/wiki/partners/", "/wiki/partners/new/"]:
        assert client.get(address).status_code == 404, address
    assert client.post(at + "back/1/").status_code == 404
    assert client.post(at + "edit/", {"title": "x", "body": "y", "version": "2"}).status_code == 404
    assert read(page).body == "Two."


def test_history_lists_versions_and_shows_what_changed(client):
    writer = make_user(display_name="Ines Duarte")
    page = make_wiki_page(body="First line.\nSecond line.", author=writer)
    better = "First line.\nA better line."
    wiki_page_update(viewer=system_viewer(), page=page, title=page.title, body=better, comment="Fix it")

    history = client.get(page.get_absolute_url() + "history/").content.decode()
    change = client.get(page.get_absolute_url() + "history/2/").content.decode()

    assert "Fix it" in history and "Ines Duarte" in history
    assert "<del>Second line.</del>" in change and "<ins>A better line.</ins>" in change
    assert "Bring this version back" not in change
    assert client.get(page.get_absolute_url() + "history/3/").status_code == 404


def test_version_is_brought_back_in_the_browser(client):
    page = make_wiki_page(body="One.")
    wiki_page_update(viewer=system_viewer(), page=page, title=page.title, body="Two.")
    client.force_login(make_user())
    assert "Bring this version back" in client.get(page.get_absolute_url() + "history/1/").content.decode()

    client.post(page.get_absolute_url() + "back/1/", {"version": "2"})

    assert read(page).body == "One."


def test_drafts_in_cms_are_no_part_of_the_history(client):
    page = make_wiki_page(body="One.")
    draft = read(page)
    draft.body = "A secret draft."
    revision = draft.save_revision()
    assert "secret" not in client.get(page.get_absolute_url() + "history/").content.decode()
    assert client.get(page.get_absolute_url() + "history/2/").status_code == 404

    revision.publish()

    assert "A secret draft." in client.get(page.get_absolute_url()).content.decode()
    assert client.get(page.get_absolute_url() + "history/2/").status_code == 200


def test_writer_who_left_is_named_as_such(client):
    writer = make_user()
    page = make_wiki_page(author=writer)
    writer.delete()

    assert client.get(page.get_absolute_url()).status_code == 200
    assert "Someone who left" in client.get(page.get_absolute_url() + "history/").content.decode()

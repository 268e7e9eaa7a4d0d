"""Drafts: one's own alone, never written over unseen, gone when sent, kept for 180 days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.api.permissions import limited
from accounts.drafts import services
from accounts.drafts.models import Draft
from accounts.drafts.selectors import drafts_of
from accounts.errors import Conflict, NotAllowed
from accounts.models import Audience
from accounts.uploads.markup import markdown_for
from accounts.uploads.services import uploads_purge
from accounts.viewer import system_viewer
from community.forums.models import Post
from community.ideas.models import Idea
from community.spaces.services import member_add, member_remove
from knowledge.models import WikiPage
from knowledge.services import wiki_page_update
from tests.factories.cases import make_agent, make_case
from tests.factories.forums import make_topic
from tests.factories.knowledge import make_section, make_wiki_page
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.factories.uploads import make_upload, text_file

pytestmark = pytest.mark.django_db


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def put(client: Client, context: str, **said):
    return client.put(f"/api/v1/drafts/{context}", said, content_type="application/json")


def test_draft_when_saved_at_one_device_then_is_there_at_another_and_nobody_elses() -> None:
    topic, person = make_topic(), make_user()
    context = f"reply-{topic.pk}"

    answer = put(_signed_in(person), context, body="I think", version=0)

    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert _signed_in(person).get(f"/api/v1/drafts/{context}").json()["body"] == "I think"
    for other in (make_user(), make_user(is_superuser=True)):
        assert _signed_in(other).get(f"/api/v1/drafts/{context}").json() == {"context": context, "version": 0}
        assert _signed_in(other).get("/api/v1/drafts").json() == {"results": []}
    assert Client().get(f"/api/v1/drafts/{context}").status_code == 401
    assert not Draft.objects.visible_to(limited(person, {"read", "write"})).exists()


def test_draft_when_another_tab_saved_later_then_409_and_nothing_is_lost() -> None:
    topic, person = make_topic(), make_user()
    one, two, context = _signed_in(person), _signed_in(person), f"reply-{topic.pk}"
    put(one, context, body="From the desk", version=0)

    assert put(two, context, body="From the phone", version=0).status_code == 409
    assert one.get(f"/api/v1/drafts/{context}").json()["body"] == "From the desk"
    assert put(two, context, body="From the phone", version=1).json()["version"] == 2
    assert put(one, context, body="From the desk again", version=1).status_code == 409
    assert two.get(f"/api/v1/drafts/{context}").json()["body"] == "From the phone"


@pytest.mark.parametrize(
    ("context", "said", "field"),
    [
        ("reply-1", {"body": "x" * 200_001}, "body"),
        ("reply-1", {"title": "x" * 201}, "title"),
        ("reply-1", {"body": "a\u0001b"}, "body"),
        ("reply-1", {"body": ["a"]}, "body"),
        ("reply-1", {"version": -1}, "version"),
        ("wiki-1", {"base": "x" * 21, "body": "a"}, "base"),
        ("board-1", {"body": "a"}, "context"),
        ("nonsense", {"body": "a"}, "context"),
        ("reply-99999999999999999999", {"body": "a"}, "context"),
    ],
)
def test_draft_when_it_cannot_be_kept_then_the_field_is_named(context: str, said: dict, field: str) -> None:
    answer = put(_signed_in(make_user()), context, **said)
    assert answer.status_code == 400 and list(answer.json()["errors"]) == [field]
    assert not Draft.objects.exists()


def test_draft_when_emptied_then_is_let_go() -> None:
    person = viewer(make_user())
    services.draft_save(viewer=person, context="reply-1", version=0, body="a")
    assert services.draft_save(viewer=person, context="reply-1", version=1, body="  ") is None
    assert not Draft.objects.exists()
    with pytest.raises(Conflict):
        services.draft_save(viewer=person, context="reply-1", version=1, body="a")
    with pytest.raises(NotAllowed):
        services.draft_save(viewer=viewer(None), context="reply-1", version=0, body="a")


def test_reply_when_sent_then_its_draft_is_gone_and_others_stay() -> None:
    topic, person = make_topic(), make_user()
    client, context = _signed_in(person), f"reply-{topic.pk}"
    for name in (context, "reply-987654"):
        put(client, name, body="I think", version=0)

    refused = client.post(reverse("forums:reply", args=[topic.pk]), {"body": "", "draft": context})
    assert refused.status_code == 400 and Draft.objects.count() == 2
    assert client.post(reverse("forums:reply", args=[topic.pk]), {"body": "So.", "draft": context}).status_code == 302

    assert Post.objects.filter(body="So.").exists()
    assert list(Draft.objects.values_list("context", flat=True)) == ["reply-987654"]


def test_page_when_a_topic_is_hidden_then_keeps_the_text_and_tells_nothing(django_assert_max_num_queries) -> None:
    person, lab = make_user(), make_space(audience=Audience.GROUPS)
    member_add(viewer=system_viewer(), space=lab, user=person)
    hidden = make_topic(space=lab, author=person, title="Projekt Nachtigall")
    open_topic = make_topic(title="Lamps flicker")
    for topic in (hidden, open_topic):
        services.draft_save(viewer=viewer(person), context=f"reply-{topic.pk}", version=0, body=f"On {topic.pk}: so")
    post = open_topic.posts.get()
    services.draft_save(viewer=viewer(person), context=f"post-{post.pk}", version=0, body="Better words")
    assert "Projekt Nachtigall" in _signed_in(person).get("/drafts/").content.decode()

    member_remove(viewer=system_viewer(), space=lab, user=person)

    client = _signed_in(person)
    page = client.get("/drafts/").content.decode()
    assert "Nachtigall" not in page and f"On {hidden.pk}: so" in page
    assert f'href="{open_topic.get_absolute_url()}#reply"' in page and f"/posts/{post.pk}/edit/" in page
    person_now = viewer(person)
    with django_assert_max_num_queries(3):
        assert len(drafts_of(person_now)) == 3
    client.post("/drafts/", {"context": f"reply-{hidden.pk}"})
    assert Draft.objects.count() == 2


def test_drafts_of_every_room_when_begun_then_lead_on_those_who_may_write_there(django_assert_max_num_queries) -> None:
    make_space(kinds=["idea"])
    agent, page, secret = make_agent(), make_wiki_page(), make_section("Vault", index="wiki", audience=Audience.STAFF)
    case, topic = make_case(agent=agent), make_topic(title="Lamps flicker")
    leads = {
        "idea-0": "/ideas/new/",
        f"wiki-{page.pk}": f"{page.get_absolute_url()}edit/",
        f"wikinew-{secret.pk}": f"{secret.get_absolute_url()}new/",
        f"case-{case.pk}": f"{case.get_absolute_url()}#write",
        "casenew-0": "/support/new/",
        f"casenew-{topic.pk}": f"/support/new/?topic={topic.pk}",
    }
    outsider = make_user()
    for context in leads:
        for person in (agent, outsider):
            services.draft_save(viewer=viewer(person), context=context, version=0, body="Begun")

    agent_now = viewer(agent)
    with django_assert_max_num_queries(9):
        drafts = drafts_of(agent_now)

    assert {draft.context: draft.url for draft in drafts} == leads
    open_to_all = {"idea-0", f"wiki-{page.pk}"}
    for draft in drafts_of(viewer(outsider)):
        assert draft.url == (leads[draft.context] if draft.context in open_to_all else "")
        assert "Vault" not in draft.label and case.number not in draft.label
    client = _signed_in(agent)
    for path in leads.values():
        assert client.get(path.partition("#")[0]).status_code == 200, path


def test_idea_page_and_case_when_sent_then_their_drafts_are_gone() -> None:
    space, section, agent = make_space(kinds=["idea"]), make_section(index="wiki"), make_agent()
    case, page = make_case(agent=agent), make_wiki_page(section)
    client = _signed_in(agent)
    sent = {
        "idea-0": ("/ideas/new/", {"title": "Mute one room", "body": "At night.", "space": space.slug}),
        f"wikinew-{section.pk}": (f"{section.get_absolute_url()}new/", {"title": "Pairing", "body": "Hold it."}),
        f"wiki-{page.pk}": (f"{page.get_absolute_url()}edit/", {"title": page.title, "body": "New.", "version": "1"}),
        f"case-{case.pk}": (case.get_absolute_url(), {"body": "We look into it."}),
        "casenew-0": ("/support/new/", {"subject": "Hub", "priority": "normal", "body": ""}),
    }
    for context, (path, data) in sent.items():
        put(client, context, body="Begun", version=0)
        answer = client.post(path, data | {"draft": context})
        assert answer.status_code == 302, (context, answer.content.decode()[:3000])

    assert not Draft.objects.exists()
    assert Idea.objects.exists() and WikiPage.objects.count() == 2


def test_edit_when_the_page_changed_since_the_draft_began_then_is_compared_and_nothing_is_written_over() -> None:
    page, person, other = make_wiki_page(), make_user(), make_user()
    client, context = _signed_in(person), f"wiki-{page.pk}"
    put(client, context, body="My words", base="1", version=0)
    wiki_page_update(viewer=viewer(other), page=page, title=page.title, body="Their words", version=1)

    draft = client.get(f"/api/v1/drafts/{context}").json()
    sent = {"title": page.title, "body": draft["body"], "version": draft["base"], "draft": context}
    answer = client.post(f"{page.get_absolute_url()}edit/", sent)

    assert answer.status_code == 409 and "Their words" in answer.content.decode()
    assert WikiPage.objects.get().body == "Their words" and Draft.objects.exists()


def test_drafts_when_old_or_too_many_then_the_oldest_go(monkeypatch) -> None:
    monkeypatch.setattr(services, "MOST_DRAFTS", 2)
    person, now = viewer(make_user()), timezone.now()
    for number in range(3):
        services.draft_save(
            viewer=person, context=f"reply-{number}", version=0, body="a", at=now + timedelta(seconds=number)
        )
    assert sorted(Draft.objects.values_list("context", flat=True)) == ["reply-1", "reply-2"]

    assert services.drafts_purge(now=now + timedelta(days=179)) == 0
    assert services.drafts_purge(now=now + timedelta(days=181)) == 2


def test_file_when_a_draft_names_it_then_it_waits_with_the_draft(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    owner = make_user()
    upload = make_upload(owner=owner, file=text_file())
    services.draft_save(viewer=viewer(owner), context="reply-1", version=0, body=markdown_for(upload))

    assert uploads_purge(now=timezone.now() + timedelta(days=2)) == 0
    assert _signed_in(owner).get(upload.get_absolute_url()).status_code == 200
    assert _signed_in(make_user()).get(upload.get_absolute_url()).status_code == 404
    services.draft_remove(viewer=viewer(owner), context="reply-1")
    assert uploads_purge(now=timezone.now()) == 0 and uploads_purge(now=timezone.now() + timedelta(days=31)) == 1

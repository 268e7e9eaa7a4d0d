"""A person who left traces in every room, and the words by which they would be found again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.mail import send_mail
from django.db import models
from django.test import Client

from accounts import services as accounts
from accounts.drafts.services import draft_save
from accounts.erasing import rules
from accounts.events.worker import drain
from accounts.ignoring.services import person_ignore
from accounts.models import User
from accounts.uploads.markup import markdown_for
from accounts.viewer import system_viewer
from community.calendar.services import attendance_set
from community.cases.services import case_create, message_add
from community.direct.services import conversation_start, message_send
from community.forums.models import Topic
from community.forums.services import (
    bookmark_set,
    poll_create,
    poll_vote,
    post_edit,
    post_react,
    post_vote,
    solution_accept,
    topic_set_notice,
)
from community.forums.services.polls import PollInput
from community.ideas.services import idea_set_status, idea_vote
from community.moderation.services import flag_create, review_decide
from community.snippets.services import snippet_use
from community.spaces.services import address_invite, space_change
from knowledge.services import article_vote_helpful, wiki_page_update
from search import log, parser
from search import services as search
from search.saved import saved_search_create
from tests.factories.calendar import make_event
from tests.factories.factors import make_app, make_codes
from tests.factories.forums import make_reply, make_topic
from tests.factories.ideas import make_idea
from tests.factories.knowledge import make_article, make_wiki_page
from tests.factories.people import make_user, viewer
from tests.factories.snippets import make_snippet
from tests.factories.spaces import make_space
from tests.factories.uploads import make_upload, picture_file, text_file

USERNAME, NAME, EMAIL = "mara.quill77", "Mara Quillfeather", "mara.quill77@post.example"
WORD = "quill"  # in all three, and in nothing else
NAMED = f"@{USERNAME} {NAME}"


@dataclass
class Left:
    """What the tests look at afterwards."""

    person: User
    friend: User
    admin: User
    topic: Topic
    things: dict[str, Any] = field(default_factory=dict)


def build() -> Left:
    """Through the services, as people do it."""
    person = make_user(USERNAME, email=EMAIL, display_name=NAME, trust_level=2)
    left = Left(person, make_user("jonas"), make_user("root", is_superuser=True, is_staff=True), None)  # type: ignore[arg-type]
    accounts.profile_update(viewer=viewer(person), user=person, display_name=NAME, headline="Quills", about=NAMED)
    accounts.avatar_set(viewer=viewer(person), user=person, file=picture_file())
    accounts.token_create(viewer=viewer(person), user=person, name="quill bot")
    Client().post("/accounts/login/", {"login": EMAIL, "password": "correct horse"})  # the session holds the address
    make_app(person), make_codes(person)
    Client().post("/accounts/login/", {"login": EMAIL, "password": "correct horse"})  # and half a sign-in
    _forums(left)
    _rooms(left)
    _elsewhere(left)
    drain()
    return left


def _forums(left: Left) -> None:
    person, friend, admin = left.person, left.friend, left.admin
    space = left.things["space"] = make_space()
    picture = left.things["picture"] = make_upload(owner=person, file=picture_file(f"{NAME}.png"))
    document = left.things["document"] = make_upload(owner=person, file=text_file(f"{NAME}.log", NAMED))
    body = f"I am {NAME}. {markdown_for(picture)} {markdown_for(document)}"
    left.topic = topic = make_topic(space=space, author=person, title=f"Ask {NAME}", body=body)
    post_edit(viewer=viewer(person), post=topic.posts.get(), body=f"{body} Edited.", version=1)
    answer = left.things["answer"] = make_reply(topic, author=friend, body=f"Hi {NAMED}, see [her](/u/{USERNAME}/).")
    post_edit(viewer=viewer(admin), post=answer, body=f"{answer.body} And mail {EMAIL}.", version=1)
    quoted = f"> @{USERNAME} [#1](/t/{topic.pk}/):\n>\n> I am\n\nYes."
    left.things["quote"] = make_reply(topic, author=friend, body=quoted)
    left.things["own reply"] = make_reply(topic, author=person, body=f"Thanks, {NAME}", reply_to=answer)
    topic.refresh_from_db()
    solution_accept(viewer=viewer(person), topic=topic, post=answer)
    topic_set_notice(viewer=viewer(admin), topic=topic, text=f"{NAME} is away")
    post_vote(viewer=viewer(person), post=answer, on=True)
    post_react(viewer=viewer(person), post=answer, name="heart", on=True)
    bookmark_set(viewer=viewer(person), post=answer)
    other = left.things["other"] = make_topic(space=space, author=friend)
    asked = PollInput(question=f"Is {NAME} right?", options=[f"{NAME} is", "No"])
    poll = left.things["poll"] = poll_create(viewer=viewer(friend), post=other.posts.get(), asked=asked)
    poll_vote(viewer=viewer(person), poll=poll, options=[poll.options.first().pk])
    flag = flag_create(viewer=viewer(person), target=("post", answer.pk), reason="other", note=f"{NAME} says so")
    item = flag.item
    review_decide(viewer=viewer(admin), item=item, action="keep", version=item.version, note=f"{NAME} erred")
    draft_save(viewer=viewer(friend), context=f"reply-{topic.pk}", version=0, body=NAMED, title=NAME, tags="")
    draft_save(viewer=viewer(person), context=f"reply-{topic.pk}", version=0, body="quill", title="", tags="")


def _rooms(left: Left) -> None:
    person, friend, admin, space = left.person, left.friend, left.admin, left.things["space"]
    idea = left.things["idea"] = make_idea(space=space, author=friend, body=f"As {NAME} said.")
    left.things["idea"] = idea_vote(viewer=viewer(person), idea=idea, on=True)
    idea_set_status(viewer=viewer(admin), idea=idea, status="planned", note=f"Thanks {NAMED}")
    event = left.things["event"] = make_event(space=space, author=friend, body=f"With {NAME}.")
    attendance_set(viewer=viewer(person), event=event, answer="going")
    snippet = left.things["snippet"] = make_snippet(space=space, author=friend, body=f"After {NAME}.")
    snippet_use(viewer=viewer(person), snippet=snippet, on=True)
    make_snippet(space=space, author=person)
    case = left.things["case"] = case_create(
        viewer=viewer(make_user(is_agent=True)), customer=person, subject=f"Hub of {NAME}", body=f"Dear {NAME},"
    )
    message_add(viewer=viewer(person), case=case, body=f"I am {NAME}.")
    talk = left.things["talk"] = conversation_start(
        viewer=viewer(person), subject=f"From {NAME}", body="Hello", to=[friend.username]
    )
    message_send(viewer=viewer(friend), conversation=talk, body=f"Hello {NAME}")
    article = left.things["article"] = make_article(body=f"Ask {NAME}.")
    article_vote_helpful(viewer=viewer(person), article=article, is_helpful=True)
    page = make_wiki_page(body=f"By {NAMED}", viewer=system_viewer())
    left.things["wiki"] = wiki_page_update(
        viewer=viewer(admin), page=page, title=page.title, body=f"By {NAMED} indeed", comment=f"for {NAME}"
    )


def _elsewhere(left: Left) -> None:
    person, friend, admin = left.person, left.friend, left.admin
    space = space_change(viewer=viewer(admin), space=left.things["space"], joining="request", purpose=f"For {NAME}")
    address_invite(viewer=viewer(admin), space=space, email=EMAIL)
    person_ignore(viewer=viewer(friend), person=person, level="muted")
    query = parser.parse(f"author:{USERNAME} {NAME}")
    log.record(viewer(person), query, search.search(viewer(person), query))
    saved_search_create(viewer=viewer(friend), query=f"q=author%3A{USERNAME}", name=NAME)
    saved_search_create(viewer=viewer(person), query="q=quill", name="quill")
    send_mail(f"{NAME} answered", f"{NAME} wrote", None, ["jonas@people.example"])
    LogEntry.objects.create(
        user=admin, content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk),
        object_repr=NAME, action_flag=CHANGE,
    )  # fmt: skip


def plant_everywhere() -> list[str]:
    """Put the names into every column with a rule of texts; returns the models that had no row to put them in."""
    empty = []
    for text in rules.texts():
        row = text.model._base_manager.order_by("pk").exclude(pk=_own(text.model)).first()
        if row is None:
            empty.append(text.label)
            continue
        values = {name: _planted(text.model._meta.get_field(name)) for name in text.fields}
        text.model._base_manager.filter(pk=row.pk).update(**values)
    return empty


def _own(model: type[models.Model]) -> int | None:
    return User.objects.get(username=USERNAME).pk if model is User else None


def _planted(column: Any) -> Any:
    if isinstance(column, models.JSONField):
        return {"said": [NAMED, {"to": EMAIL}]}
    if isinstance(column, models.SlugField):
        return "ask-mara-quillfeather"
    return f"{NAME}, {NAMED}, {EMAIL}"[: column.max_length or 200] if (column.max_length or 200) > 40 else NAME

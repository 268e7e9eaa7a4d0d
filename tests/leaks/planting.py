"""What stands in every space and section of the world: the same things each, with words of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.models import Collection

from accounts.drafts.services import draft_save
from accounts.models import Audience
from accounts.uploads.markup import markdown_for
from accounts.uploads.services import upload_create
from accounts.viewer import system_viewer
from community.calendar.plans import EventPlan
from community.calendar.services import event_create
from community.cases.services import case_create, case_link, message_add
from community.direct.services import conversation_start, message_send
from community.forums.models import Topic
from community.forums.policies import SLIP_WINDOW
from community.forums.services import (
    content_set_status,
    poll_create,
    post_edit,
    reply_create,
    solution_accept,
    topic_create,
    topic_set_notice,
)
from community.forums.services.polls import PollInput
from community.ideas.services import idea_create, idea_merge, idea_set_status
from community.moderation.services import flag_create, review_decide
from community.snippets.files import CodeFile
from community.snippets.services import snippet_create, snippet_save
from community.spaces import policies as spaces
from community.spaces.models import Space, SpaceMembership
from community.spaces.services import address_invite, member_add, person_invite, space_ask, space_change
from knowledge.services import article_create, section_create, wiki_page_create, wiki_page_update
from search.external.services import RecordInput, records_put, source_create
from tests.factories.people import viewer
from tests.factories.spaces import make_space
from tests.leaks.people import Place
from tests.leaks.world import World, join


def plant_space(world: World, place: Place) -> None:
    """A space with a question, an idea, and all that is hidden inside a place that one may read."""
    who, reviewers = world.readers(place), world.reviewers(place)
    space = make_space(
        world.plant(f"{place.name} space name", who),
        slug=f"{place.name}-space",
        purpose=world.plant(f"{place.name} purpose", who),
        template=world.plant(f"{place.name} template", who),
        templates={"idea": world.plant(f"{place.name} template of ideas", who)},
        parent=world.spaces[place.parent.name] if place.parent else None,
        **closed(world, place),
    )
    world.spaces[place.name] = space
    join(world, space)
    _people(world, place, reviewers)
    topic = _question(world, place, who, reviewers)
    _replies(world, place, topic, who)
    _idea(world, place, who)
    _event(world, place, who)
    _snippet(world, place, who)
    for status in ("pending", "removed"):
        hidden = topic_create(
            viewer=world.viewer("writer"), space=space, kind="question",
            title=world.plant(f"{place.name} {status} topic", reviewers),
            body=world.plant(f"{place.name} {status} topic body", reviewers),
            tags=[world.word(f"{place.name} {status} tag", reviewers)],
        )  # fmt: skip
        world.topics[f"{place.name} {status}"] = hidden
        hide(world, hidden, status)
    _flags(world, place, reviewers)


def _people(world: World, place: Place, reviewers: frozenset[str]) -> None:
    """Somebody asks to be let in; an address is invited to what is open to all."""
    space, writer = world.spaces[place.name], world.viewer("writer")
    space = space_change(viewer=writer, space=space, joining=Space.Joining.REQUEST)
    if spaces.can_ask(world.viewer("flagger"), space):
        space_ask(viewer=world.viewer("flagger"), space=space, note=world.plant(f"{place.name} asks", reviewers))
    if place.name == Audience.PUBLIC:  # a mail names its space to whoever is invited
        word = world.word(f"{place.name} mailed", reviewers)
        address_invite(viewer=writer, space=space, email=f"{word}@elsewhere.example")
        person_invite(viewer=writer, space=space, user=world.people["member"])


def closed(world: World, place: Place) -> dict[str, Any]:
    return {
        "audience": place.audience,
        "groups": [world.groups[name].pk for name in place.groups],
        "organisations": [world.organisations[name].pk for name in place.organisations],
    }


def hide(world: World, thing: Any, status: str) -> None:
    content_set_status(actor_id=world.people["writer"].pk, target=thing, status=status)


def _question(world: World, place: Place, who: frozenset[str], reviewers: frozenset[str]) -> Topic:
    """A question whose first words were changed: the earlier ones are for its author and its reviewers."""
    tag = world.tags[place.name] = world.word(f"{place.name} tag", who)
    topic = topic_create(
        viewer=world.viewer("writer"), space=world.spaces[place.name], kind="question", tags=[tag],
        title=world.plant(f"{place.name} earlier title", reviewers),
        body=world.plant(f"{place.name} earlier body", reviewers),
    )  # fmt: skip
    first = topic.posts.get()
    post_edit(
        viewer=world.viewer("writer"), post=first, at=first.created_at + SLIP_WINDOW,
        title=world.plant(f"{place.name} title", who), body=world.plant(f"{place.name} body", who), tags=[tag],
    )  # fmt: skip
    question = world.plant(f"{place.name} poll", who)
    options = [world.plant(f"{place.name} poll option", who), "Something else"]
    asked = PollInput(question=question, options=options, is_public=True)
    poll_create(viewer=world.viewer("writer"), post=topic.posts.get(number=1), asked=asked)
    topic_set_notice(viewer=world.viewer("writer"), topic=topic, text=world.plant(f"{place.name} notice", who))
    topic.refresh_from_db()
    world.topics[place.name], world.posts[f"{place.name} first"] = topic, first
    return topic


def _replies(world: World, place: Place, topic: Topic, who: frozenset[str]) -> None:
    writer, reviewers, staff = world.viewer("writer"), world.reviewers(place), world.staff(place)

    def reply(name: str, readers: frozenset[str], *, by: Any = None, prefix: str = "", **more: Any):
        topic.refresh_from_db()
        body = prefix + world.plant(f"{place.name} {name}", readers)
        post = reply_create(viewer=by or writer, topic=topic, body=body, **more)
        world.posts[f"{place.name} {name}"] = post
        return post

    former = {Audience.GROUPS: ("ex", "ex-insider"), Audience.ORGANISATIONS: ("ex-colleague",)}.get(place.name, ())
    mentions = " ".join(f"@{world.people[name].username}" for name in ("member", "invited", *former))
    solution = reply("reply", who, prefix=f"{mentions} {attached(world, place.name, 'reply', who)} ")
    for name in former:
        reply(f"what {name} said", who, by=viewer(world.people[name]))
    whisper = reply("whisper", staff, is_whisper=True, prefix=f"{attached(world, place.name, 'whisper', staff)} ")
    reply("answer to a whisper", who, reply_to=whisper)
    for status in ("pending", "removed"):
        hide(world, reply(f"{status} reply", reviewers), status)
    topic.refresh_from_db()
    solution_accept(viewer=writer, topic=topic, post=solution)


def attached(world: World, place: str, name: str, who: frozenset[str]) -> str:
    """A file with a word in its name and one in its text; returns the Markdown that names it."""
    words = world.plant(f"{place} text of the file in the {name}", who)
    called = world.word(f"{place} file in the {name}", who)
    file = ContentFile(words.encode(), name=f"{called}.txt")
    upload = world.uploads[f"{place} {name}"] = upload_create(viewer=world.viewer("writer"), file=file)
    return markdown_for(upload)


def _idea(world: World, place: Place, who: frozenset[str]) -> None:
    writer = world.viewer("writer")
    idea = idea_create(
        viewer=writer, space=world.spaces[place.name], title=world.plant(f"{place.name} idea", who),
        body=world.plant(f"{place.name} wish", who),
    )  # fmt: skip
    world.ideas[place.name] = idea.topic
    idea_set_status(
        viewer=writer, idea=idea, status="planned", note=world.plant(f"{place.name} note on the idea", who)
    )
    merged = idea_create(
        viewer=writer, space=world.spaces[Audience.PUBLIC], title=f"The same as in {place.name}", body="The same."
    )
    idea_merge(viewer=writer, idea=merged, into=idea)
    world.ideas[f"{place.name} merged"] = merged.topic


def _event(world: World, place: Place, who: frozenset[str]) -> None:
    """An event whose link is for everybody who reads it and is signed in."""
    day = datetime.now(UTC).replace(tzinfo=None, hour=12, minute=0, second=0, microsecond=0) + timedelta(days=3)
    signed_in = frozenset(name for name in who if world.personas[name].is_signed_in)
    plan = EventPlan(
        starts=day, ends=day + timedelta(hours=1), zone="Europe/Berlin", join_minutes=None,
        place=world.plant(f"{place.name} event place", who),
        join_url=f"https://meet.example/{world.word(f'{place.name} event link', signed_in)}",
    )  # fmt: skip
    event = event_create(
        viewer=world.viewer("writer"), space=world.spaces[place.name], plan=plan,
        title=world.plant(f"{place.name} event", who), body=world.plant(f"{place.name} event text", who),
    )  # fmt: skip
    world.happenings[place.name] = event.topic


def _snippet(world: World, place: Place, who: frozenset[str]) -> None:
    """Code of two versions; readers may see both."""
    def file(name: str) -> CodeFile:
        word = world.word(f"{place.name} code file {name}", who)
        return CodeFile(f"{word}.py", f"print('{world.plant(f'{place.name} code {name}', who)}')")

    writer = world.viewer("writer")
    snippet = snippet_create(
        viewer=writer, space=world.spaces[place.name], files=[file("first")],
        title=world.plant(f"{place.name} snippet", who), body=world.plant(f"{place.name} snippet text", who),
    )  # fmt: skip
    snippet_save(
        viewer=writer, snippet=snippet, files=[file("second")], label=world.word(f"{place.name} code label", who),
        note=world.plant(f"{place.name} code note", who),
    )  # fmt: skip
    world.snippets[place.name] = snippet.topic


def _flags(world: World, place: Place, reviewers: frozenset[str]) -> None:
    """One flag that is open and one that was decided."""
    system, flagger = system_viewer(), world.people["flagger"]
    space = world.spaces[place.name]
    membership = SpaceMembership.objects.filter(space=space, user=flagger)
    if place.audience == Audience.GROUPS:
        member_add(viewer=system, space=space, user=flagger)
    by = viewer(flagger) if f"space:{space.pk}" in viewer(flagger).tokens else viewer(world.people["admin"])
    for name, post in (("open", "reply"), ("decided", "answer to a whisper")):
        flag = flag_create(
            viewer=by, target=("post", world.posts[f"{place.name} {post}"].pk), reason="other",
            note=world.plant(f"{place.name} {name} flag", reviewers),
        )  # fmt: skip
        world.reviews[f"{place.name} {name}"] = item = flag.item
    item.refresh_from_db()
    world.decisions[place.name] = review_decide(
        viewer=viewer(world.people["writer"]), item=item, action="keep", version=item.version,
        note=world.plant(f"{place.name} decision", reviewers),
    )  # fmt: skip
    membership.delete()


def plant_knowledge(world: World, place: Place) -> None:
    """A section of articles and one of the wiki, each with a page, and what editors have not published."""
    who, staff = world.readers(place, is_space=False), world.staff(place, is_space=False)
    editors = staff if place.audience != Audience.GROUPS else staff & {"admin"}
    system = system_viewer()
    for index in ("kb", "wiki"):
        world.sections[f"{place.name} {index}"] = section_create(
            viewer=system, index=index, title=world.plant(f"{place.name} {index} section", who),
            intro=world.plant(f"{place.name} {index} intro", who), slug=f"{place.name}-{index}",
            **closed(world, place),
        )  # fmt: skip
    system = system_viewer()  # with the tokens of the new sections
    for name, readers in (("article", who), ("draft", editors)):
        article = article_create(
            viewer=system, section=world.sections[f"{place.name} kb"], slug=f"{place.name}-{name}",
            title=world.plant(f"{place.name} {name} title", readers),
            summary=world.plant(f"{place.name} {name} summary", readers),
            body=world.plant(f"{place.name} {name} text", readers),
            product=world.word(f"{place.name} {name} product", readers),
            tags=[world.word(f"{place.name} {name} label", readers)],
        )  # fmt: skip
        world.articles[f"{place.name} {name}"] = article
    article.unpublish()
    published = world.articles[f"{place.name} article"].specific
    published.title = world.plant(f"{place.name} unpublished change", editors)
    published.save_revision()
    page = wiki_page_create(
        viewer=system, section=world.sections[f"{place.name} wiki"], slug=f"{place.name}-page",
        title=world.plant(f"{place.name} page", who), body=world.plant(f"{place.name} earlier page text", who),
        comment=world.plant(f"{place.name} page comment", who),
    )  # fmt: skip
    world.pages[place.name] = wiki_page_update(
        viewer=system, page=page, title=page.title, body=world.plant(f"{place.name} page text", who)
    )


def plant_cases(world: World) -> None:
    """Two customers of two companies, each with a case; a thread that everybody reads is linked with both."""
    agent = world.viewer("agent")
    for name in ("customer", "rival"):
        parties = world.desk | world.keys_of(name)
        case = case_create(
            viewer=agent, customer=world.people[name], subject=world.plant(f"{name} case subject", parties),
            body=world.plant(f"{name} case message", parties),
        )  # fmt: skip
        message_add(
            viewer=agent, case=case, body=world.plant(f"{name} case note", world.desk), is_internal=True
        )
        open_topic = Topic.objects.get(pk=world.topics[Audience.PUBLIC].pk)
        case_link(viewer=agent, case=case, topic=open_topic)
        world.cases[name] = case


def plant_external(world: World) -> None:
    """Another site for each kind of reader, with a record that search holds."""
    for readers in ("public", "members", "staff"):
        who = world.readers(Place(readers, readers))
        source = source_create(
            viewer=system_viewer(), name=world.plant(f"{readers} source", who), readers=readers,
            slug="docs" if readers == "staff" else f"docs-{readers}",
        )  # fmt: skip
        word = world.plant(f"{readers} record", who)
        record = RecordInput(
            key="page-1", url=f"https://docs.example/{world.word(f'{readers} record address', who)}", title=word,
            body=world.plant(f"{readers} record text", who),
        )  # fmt: skip
        records_put(viewer=system_viewer(), source=source, records=[record])


def plant_conversations(world: World) -> None:
    """Between two people, with a message that one of them flagged; and with a group that somebody leaves later."""
    two, team = world.keys_of("private", "invited"), world.members("insiders")
    talk = conversation_start(
        viewer=world.viewer("private"), subject=world.plant("talk", two), body=world.plant("talk message", two),
        to=[world.people["invited"].username],
    )  # fmt: skip
    moderators = frozenset(p.name for p in world.personas.values() if p.roles & {"moderator", "admin"})
    body = world.plant("talk flagged", two | moderators)
    flagged = message_send(viewer=world.viewer("private"), conversation=talk, body=body)
    flag_create(viewer=world.viewer("invited"), target=("message", flagged.pk), reason="spam")
    world.conversations["two"] = talk
    world.conversations["team"] = conversation_start(
        viewer=world.viewer("writer"), subject=world.plant("team talk", team), to=[],
        body=f"{world.plant('team talk message', team)} {attached(world, 'team', 'talk', team)}",
        groups=[world.groups["insiders"].pk],
    )  # fmt: skip


def plant_rest(world: World) -> None:
    """A post that waits and is its author's own, what somebody looked for in vain, and a file behind /documents/."""
    from search import log, parser, services
    from search.curation import pin_create
    from search.saved import saved_search_create
    from search.synonyms import synonyms_create

    member, public = world.viewer("member"), world.places[Audience.PUBLIC]
    own, own_only = world.reviewers(public) | {"member"}, frozenset({"member"})
    keys = world.keys_of("member")
    waiting = topic_create(
        viewer=member, space=world.spaces[Audience.PUBLIC], kind="question", title=world.plant("own topic", own),
        body=world.plant("own topic body", own),
    )  # fmt: skip
    hide(world, waiting, "pending")
    world.topics["public own"] = waiting
    draft_save(
        viewer=member, context=f"reply-{world.topics[Audience.PUBLIC].pk}", version=0,
        body=world.plant("draft text", keys), title=world.plant("draft title", keys),
        tags=world.word("draft tag", keys),
    )  # fmt: skip
    managers = frozenset(p.name for p in world.personas.values() if p.roles & {"manager", "admin"})
    query = parser.parse(world.word("looked for in vain", managers | {"member"}))
    log.record(member, query, services.search(member, query))
    saved_search_create(
        viewer=member, query=f"q={world.word('saved query', own_only)}", name=world.word("saved name", own_only)
    )
    pin_create(
        viewer=world.viewer("admin"), text=world.plant("pinned for", world.staff(world.places[Audience.GROUPS])),
        kind="topic", object_id=world.topics[Audience.GROUPS].pk,
    )  # fmt: skip
    staff = frozenset(p.name for p in world.personas.values() if p.roles)
    synonyms_create(
        viewer=world.viewer("admin"),
        rule=f"{world.word('synonym', staff)} => {world.word('what it means', staff)}",
    )  # fmt: skip
    name = world.word("document", frozenset())
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")  # a flush before this takes it away
    document = Document(title=name, collection=root)
    document.file.save(f"{name}.txt", ContentFile(b"lanterns"))
    document.save()
    world.documents["document"] = document

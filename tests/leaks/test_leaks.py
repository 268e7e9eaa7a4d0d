"""Nobody meets a word that was not meant for them: not in a page, a list, a search, a mail or the API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts.models import Audience, OutboundEmail
from tests.leaks.table import ACTS, OWN_ACCOUNT_PREFIX, PAGES, STAFF_ONLY
from tests.leaks.world import PERSONAS, STAFF, World, build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def addresses(resolver=None, prefix: str = "", names: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """(pattern, name) of all that the resolver knows."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path, ":".join([*names, str(entry.name)])
        else:
            yield from addresses(entry, path, (*names, entry.namespace) if entry.namespace else names)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Built once: opening pages changes nothing that another test looks at."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def client_of(world: World, persona: str) -> Client:
    client = Client(raise_request_exception=False)
    if persona != "anonymous":
        client.force_login(world.people[persona])
    return client


def test_addresses_when_listed_then_each_has_a_line_in_the_table():
    ours = {name for path, name in addresses() if not path.startswith((OWN_ACCOUNT_PREFIX, *STAFF_ONLY))}

    assert ours - PAGES.keys() == set(), "add a line to tests/leaks/table.py"
    assert PAGES.keys() - ours == set(), "these lines name no address any more"


def test_pages_when_opened_by_every_persona_then_each_word_is_met_by_those_who_may_and_nobody_else(world):
    leaks, broken, unseen = [], [], {word for word, who in world.secrets.items() if who}
    for persona in PERSONAS:
        client = client_of(world, persona)
        for name, line in PAGES.items():
            for path in line(world):
                answer = client.get(path)
                if answer.status_code >= 500:
                    broken.append(f"{answer.status_code} {path} for {persona}")
                body = b"".join(answer) if answer.streaming else answer.content
                text = (body.decode(errors="replace") + str(answer.headers)).lower()
                met = {word for word in world.secrets if word in text}
                unseen -= {word for word in met if persona in world.secrets[word]}
                # A word that was asked for is no news to the asker.
                wrong = {word for word in met if persona not in world.secrets[word] and word not in path}
                leaks += [f"{persona} at {name} {path}: {word}" for word in sorted(wrong)]

    assert not leaks, "\n".join(leaks)
    assert not broken, "\n".join(broken)
    # A test that finds no leak because nothing is shown would prove nothing.
    assert unseen <= NOT_ON_THESE_PAGES


# Shown elsewhere: drafts in /cms/.
NOT_ON_THESE_PAGES = {"zqdrafttext", "zqdraftarticle"}


@pytest.mark.parametrize("persona", ["anonymous", "member", "ex"])
def test_closed_content_when_asked_for_then_answers_404_and_never_403(world, persona):
    client = client_of(world, persona)
    private = world.topics[Audience.GROUPS]
    paths = [
        private.get_absolute_url(),
        f"/api/v1/topics/{private.pk}",
        f"/s/{world.spaces[Audience.GROUPS].slug}/",
        f"/posts/{world.posts[Audience.GROUPS].pk}/",
        f"/kb/{world.sections[f'{Audience.GROUPS} kb'].slug}/",
        f"/kb/{world.sections[f'{Audience.GROUPS} kb'].slug}/{world.articles[Audience.GROUPS].slug}/",
        f"/wiki/{world.sections[f'{Audience.GROUPS} wiki'].slug}/{world.pages[Audience.GROUPS].slug}/",
    ]

    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


@pytest.mark.parametrize("persona", ["anonymous", "member", "ex", "customer"])
def test_acts_when_tried_on_hidden_content_then_none_goes_through(world, persona):
    client = client_of(world, persona)
    hidden, wrong = world.hidden(), []
    for name in sorted(ACTS):
        # Nobody here works at the desk or the queue; for the customer their own case is no secret.
        is_own_case = persona == "customer" and "case" in name
        for path in [] if is_own_case else PAGES[name](hidden):
            sent = {"content_type": "application/json"} if path.startswith("/api/") else {}
            answer = client.post(path, {"body": "x", "title": "x"}, **sent)
            to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]
            is_content = not name.startswith(("cases:", "moderation:", "api:case", "api:review"))
            # A 403 to somebody signed in would tell that there is something.
            refused = {401, 403, 404, 405} if persona == "anonymous" or not is_content else {404, 405}
            if answer.status_code not in refused and not to_sign_in:
                wrong.append(f"{answer.status_code} {path}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("persona", [persona for persona in PERSONAS if persona not in STAFF])
def test_staff_screens_when_opened_by_others_then_stay_closed(world, persona):
    client = client_of(world, persona)
    opened = []
    for path, _name in addresses():
        if not path.startswith(STAFF_ONLY) or "<" in path or "(" in path or path.endswith(("jsi18n/", "sprite/")):
            continue
        address = "/" + path.replace("^", "").replace("$", "").replace("\\Z", "")
        answer = client.get(address)
        if answer.status_code == 200 and "login" not in address and "password_reset" not in address:
            opened.append(address)

    assert not opened, "\n".join(opened)


def test_mails_when_sent_then_each_holds_only_what_its_reader_may_see(world):
    by_mail = {user.email: persona for persona, user in world.people.items()}
    leaks = []
    for mail in OutboundEmail.objects.all():
        persona = by_mail.get(mail.recipient, "anonymous")
        text = (mail.subject + mail.text).lower()
        allowed = PERSONAS if persona == "writer" else (persona,)
        leaks += [
            f"{mail.recipient}: {word}"
            for word, who in world.secrets.items()
            if word in text and not set(allowed) & who
        ]

    assert leaks == []

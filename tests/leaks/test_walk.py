"""Nobody meets a word that was not meant for them, and everybody meets those that are: in pages, lists, search, API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, get_resolver

from accounts.models import OutboundEmail
from tests.leaks.browse import Visitor
from tests.leaks.table import OWN_ACCOUNT_PREFIX, PAGES, STAFF_ONLY, files
from tests.leaks.world import World

pytestmark = pytest.mark.django_db
LEAN = ("anonymous", "member", "ex", "private", "reviewer", "key-writes")
# Met in /cms/ and /admin/ only, or nowhere: drafts, names of groups and of files that nothing serves, the address of
# who is suspended, whose page only admins open and who has no case.
ELSEWHERE = ("draft", "unpublishedchange", "zqgroup", "zqdocument", "zqmailsuspended")
# A token meets what the API tells; these have no line there.
NOT_IN_API = (
    "flag", "decision", "earlier", "page", "section", "intro", "purpose", "note", "wiki", "plan", "mail", "lookedfor",
    "nameof", "organisation", "product", "label", "whisper", "removed", "pending", "answertoa",
    "codefirst", "codefilefirst",
)  # fmt: skip


def addresses(resolver=None, prefix: str = "", names: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """(pattern, name) of all that the resolver knows."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path, ":".join([*names, str(entry.name)])
        else:
            yield from addresses(entry, path, (*names, entry.namespace) if entry.namespace else names)


def test_addresses_when_listed_then_each_has_a_line_in_the_table():
    ours = {name for path, name in addresses() if not path.startswith((OWN_ACCOUNT_PREFIX, *STAFF_ONLY))}

    assert ours - PAGES.keys() == set(), "add a line to tests/leaks/table.py"
    assert PAGES.keys() - ours == set(), "these lines name no address any more"


def walk(world: World, names: tuple[str, ...], part: World) -> tuple[list[str], dict[str, set[str]]]:
    """Open every address of `part` as these personas: what went wrong, and which words each of them met."""
    wrong: list[str] = []
    met: dict[str, set[str]] = {name: set() for name in names}
    for name in names:
        visitor = Visitor(world, name)
        for line, paths in PAGES.items():
            for path in filter(visitor.opens, paths(part)):
                status, text = visitor.reads(path)
                if status >= 500:
                    wrong.append(f"{status} {path} for {name}")
                found = world.words_in(text)
                met[name] |= found
                # A word that was asked for is no news to the asker.
                leaked = {word for word in found if name not in world.secrets[word] and word not in path}
                wrong += [f"{name} at {line} {path}: {word}" for word in sorted(leaked)]
    return wrong, met


def missing(world: World, met: dict[str, set[str]], words: set[str]) -> list[str]:
    """What somebody may see and met nowhere: a test that finds no leak because nothing is shown would prove nothing."""
    lost = []
    for name, found in met.items():
        is_token = world.personas[name].is_token
        for word in sorted(words - found):
            is_elsewhere = any(part in word for part in ELSEWHERE + (NOT_IN_API if is_token else ()))
            if name in world.secrets[word] and not is_elsewhere:
                lost.append(f"{name} never met {word}")
    return lost


def test_lean_walk_when_every_address_is_opened_then_each_word_is_met_by_those_who_may_and_nobody_else(world):
    part = world.only("groups", "public own")
    wrong, met = walk(world, LEAN, part)

    wrong += missing(world, met, {word for word in world.secrets if word.startswith("zqgroups")})
    assert not wrong, "\n".join(wrong)


@pytest.mark.sqlite_first
@pytest.mark.parametrize("name", ["anonymous", "member", "private", "customer", "suspended"])
def test_staff_screens_when_opened_by_others_then_stay_closed(world, name):
    visitor, opened = Visitor(world, name), []
    for path, _name in addresses():
        if not path.startswith(STAFF_ONLY) or "<" in path or "(" in path or path.endswith(("jsi18n/", "sprite/")):
            continue
        address = "/" + path.replace("^", "").replace("$", "").replace("\\Z", "")
        if visitor.get(address).status_code == 200 and "login" not in address and "password_reset" not in address:
            opened.append(address)
    opened += [path for path in files(world) if visitor.get(path).status_code == 200]

    assert not opened, "\n".join(opened)


def test_mails_when_sent_then_each_holds_only_what_its_reader_may_see(world):
    by_mail = {user.email: name for name, user in world.people.items()}
    leaks = []
    for mail in OutboundEmail.objects.all():
        name = by_mail.get(mail.recipient, "anonymous")
        text = (mail.subject + mail.text + bytes(mail.message).decode(errors="replace")).lower()
        leaks += [
            f"{mail.recipient}: {word}" for word, who in world.secrets.items()
            if word in text and name != "writer" and name not in who and word not in mail.recipient
        ]  # fmt: skip

    assert leaks == []

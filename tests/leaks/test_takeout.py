"""A copy of a person's data tells nothing that they may not read, but for what they wrote or what is said of them."""

from __future__ import annotations

import pytest

from accounts.takeout import collecting, packing
from accounts.takeout.parts import Taker
from tests.leaks.world import World
from tests.takeout.opened import text_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_first]
# Of who is shut out or was: their own address, company and groups, which no page shows them any more.
OF_THEMSELVES = {
    "suspended": ("zqmailsuspended", "zqorganisationlumen", "zqgroupinsiders"),
    "ex": ("zqgroupswhatexsaid",), "ex-insider": ("zqgroupswhatexinsidersaid",),
    "ex-colleague": ("zqorganisationswhatexcolleaguesaid",),
}  # fmt: skip
# What each of them wrote, asked for or is told of: a copy that holds nothing would leak nothing.
EXPECTED = {
    "member": ("zqowntopic", "zqowntopicbody", "zqdrafttext", "zqsavedname", "zqlookedforinvain"),
    "customer": ("zqcustomercasesubject", "zqcustomercasemessage"), "ex": ("zqgroupswhatexsaid",),
    "private": ("zqtalk", "zqtalkmessage", "zqtalkflagged"), "suspended": ("zqmailsuspended",),
}  # fmt: skip


def copied(world: World, name: str, folder) -> str:
    """All of the copy in lower case: rows, page and files."""
    taker, at = Taker.of(world.people[name]), collecting.first()
    while at is not None:
        at = collecting.piece(taker, folder, at)
    texts = "".join(path.read_text() for path in sorted(folder.glob("*.jsonl")))
    packing.pack(taker, folder)
    copy = folder / "copy.zip"
    return (texts + text_in(copy, packing.INDEX) + text_in(copy, packing.README)).lower()


def test_copies_when_made_for_everybody_then_each_holds_only_what_its_person_may_see(world, tmp_path) -> None:
    leaks, lost = [], []
    for persona in world.personas.values():
        if persona.name not in world.people or persona.is_token:
            continue
        folder = tmp_path / persona.name
        folder.mkdir()
        found = world.words_in(copied(world, persona.name, folder))
        may = {word for word, who in world.secrets.items() if persona.name in who}
        leaks += [f"{persona.name}: {word}" for word in sorted(found - may - set(OF_THEMSELVES.get(persona.name, ())))]
        lost += [f"{persona.name}: {word}" for word in EXPECTED.get(persona.name, ()) if word not in found]

    assert leaks == [] and lost == []

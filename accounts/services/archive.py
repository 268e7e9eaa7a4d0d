"""People from another platform: their names and dates kept, no e-mail, no way to sign in, no local account touched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.erasing.names import FORMER
from accounts.events import services as events
from accounts.models import User
from accounts.text import clean_line, clean_source, render_markdown

USERNAME_LENGTH = 60
_NOT_ALLOWED = re.compile(r"[^\w.@+-]+")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person to import. `name` is the username over there; `display_name` what is shown, if it differs."""

    source_key: str
    name: str
    display_name: str = ""
    headline: str = ""
    about: str = ""
    joined_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SoundPerson:
    """A row whose every text is sound, and what is stored of it."""

    row: PersonRow
    fields: dict[str, str]


def person_check(row: PersonRow) -> SoundPerson:
    """Raises ValidationError by field for what cannot be stored."""
    return SoundPerson(row, _fields(row))


@transaction.atomic
def people_import(*, people: Sequence[SoundPerson]) -> dict[str, int]:
    """Add the people that are not here yet, once per `source_key`; returns the user ids by source key.

    A username that is taken, by whomever, gets a number (`anna-2`): imports never take an account over. Quiet events.
    Raises IntegrityError or DataError where the database refuses one; then nobody of these is stored.
    """
    keys = [person.row.source_key for person in people]
    ids = dict(User.objects.filter(imported_from__in=keys).values_list("imported_from", "pk"))
    new = {person.row.source_key: person for person in people if person.row.source_key not in ids}
    usernames = _free_usernames([person.row.name for person in new.values()])
    users = [
        User(
            username=username, email=None, imported_from=key, password=make_password(None),
            date_joined=person.row.joined_at or timezone.now(), **person.fields,
        )
        for (key, person), username in zip(new.items(), usernames, strict=True)
    ]  # fmt: skip

    created = User.objects.bulk_create(users)

    with events.quietly():
        for user in created:
            events.record("user.joined", target=user, data={"imported": True}, at=user.date_joined)
    return ids | {user.imported_from: user.pk for user in created}


def _fields(row: PersonRow) -> dict[str, str]:
    shown = "".join(c for c in row.display_name or row.name if unicodedata.category(c) not in {"Cc", "Cf"})
    shown = shown.strip() or allowed_username(row.name)
    about = clean_source(row.about, field="about", limit=2_000, required=False)
    return {
        "display_name": clean_line(shown, field="display_name", limit=400)[:80],
        "headline": clean_line(row.headline, field="headline", limit=400, required=False)[:120],
        "about": about,
        "about_html": render_markdown(about, field="about") if about else "",
    }


def _free_usernames(names: Sequence[str]) -> list[str]:
    """A username in the allowed form for each name, none taken here and none twice, whatever the letters' case."""
    wanted = [allowed_username(name) for name in names]
    taken = _taken(wanted) | {FORMER}
    chosen = []
    for name in wanted:
        number, candidate = 2, name
        while candidate.lower() in taken:
            ending = f"-{number}"
            number, candidate = number + 1, name[: USERNAME_LENGTH - len(ending)] + ending
            if number % 50 == 3:  # names with numbers may be taken as well: look the next fifty up at once
                taken |= _taken(f"{name[: USERNAME_LENGTH - 8]}-{n}" for n in range(number - 1, number + 50))
        taken.add(candidate.lower())
        chosen.append(candidate)
    return chosen


def _taken(names: Iterable[str]) -> set[str]:
    lower = {name.lower() for name in names}
    rows = User.objects.annotate(lower=Lower("username")).filter(lower__in=lower)
    return {name.lower() for name in rows.values_list("username", flat=True)}


def allowed_username(name: str) -> str:
    """The nearest username that the product allows."""
    kept = _NOT_ALLOWED.sub("-", unicodedata.normalize("NFKC", name)).strip("-")
    return kept[:USERNAME_LENGTH] or "member"

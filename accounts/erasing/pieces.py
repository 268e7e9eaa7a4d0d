"""The work itself, a piece at a time: words, texts, errands, links, and then the person.

Each piece is a transaction that also moves `step` and `cursor`, so that a kill at any point costs one piece. Names are
needed to find texts, so the row of the person goes last.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from accounts.erasing import ledger, rules
from accounts.erasing.models import Erasure, LegalHold
from accounts.erasing.names import Traces
from accounts.events import services as events
from accounts.models import User
from accounts.services.avatars import FOLDER

logger = logging.getLogger("threadwell.erasing")
WINDOW: Final = 2_000  # rows in which names are looked for by one statement
ADDRESSES: Final = "account.EmailAddress"
AT_ONCE: Final = 25  # texts in memory, each two million characters at most
Piece = Callable[[Erasure, Traces], int | None]  # the next cursor, or None when this step is done


def piece_do(erasure_id: int) -> bool:
    """Do the next piece; returns whether there is more. One that somebody else works on is left to them."""
    with transaction.atomic():
        erasure = Erasure.objects.select_for_update(skip_locked=True).filter(pk=erasure_id).first()
        if erasure is None or erasure.state != Erasure.State.ERASING:
            return False
        if LegalHold.objects.filter(person_id=erasure.person_id).exists():
            return False
        user = User.objects.filter(pk=erasure.person_id, date_joined=erasure.joined_at).first()
        steps = _steps(deletes_posts=erasure.deletes_posts)
        if user is None or (erasure.step >= len(steps) and not _begun_anew(erasure)):
            return _finish(erasure, user)
        with events.quietly(), events.gathered():
            after = steps[erasure.step](erasure, Traces.of(user))
        erasure.step, erasure.cursor = (erasure.step + 1, 0) if after is None else (erasure.step, after)
        erasure.save(update_fields=["step", "cursor"])
    return True


def _steps(*, deletes_posts: bool) -> list[Piece]:
    """In one order. Texts are gone through twice: others may have named the person meanwhile, or a new version of the
    product brought a rule. Their addresses are names too, and go when nothing is looked for any more."""
    texts = [_text_of(one) for one in rules.texts()]
    links = [_link_of(link) for link in rules.links() if link.label != ADDRESSES]
    addresses = [_link_of(link) for link in rules.links() if link.label == ADDRESSES]
    return [*_before_links(deletes_posts=deletes_posts), *links, *texts, *addresses]


def _before_links(*, deletes_posts: bool) -> list[Piece]:
    words = [_words_of(one) for one in rules.words()] if deletes_posts else []
    errands = [_errand_of(errand) for _name, errand in rules.errands()]
    return [*words, *[_text_of(one) for one in rules.texts()], *errands]


def _words_of(words: rules.Words) -> Piece:
    def piece(erasure: Erasure, traces: Traces) -> int | None:
        mine = words.model._base_manager.filter(**{words.field: traces.person_id}, pk__gt=erasure.cursor)
        rows = list(mine.select_for_update(of=("self",)).order_by("pk")[: rules.PIECE])
        if not rows:
            return None
        words.act(rows, words.field)
        return rows[-1].pk

    return piece


def _text_of(text: rules.Text) -> Piece:
    def piece(erasure: Erasure, traces: Traces) -> int | None:
        window = text.model._base_manager.filter(pk__gt=erasure.cursor).order_by("pk")
        ids = list(window.values_list("pk", flat=True)[:WINDOW])
        if not ids:
            return None
        named = text.model._base_manager.filter(pk__gte=ids[0], pk__lte=ids[-1]).filter(traces.held_in(text.fields))
        found = list(named.order_by("pk").values_list("pk", flat=True))
        for at in range(0, len(found), AT_ONCE):
            _rewrite(text, traces, found[at : at + AT_ONCE])
        return ids[-1]

    return piece


def _rewrite(text: rules.Text, traces: Traces, ids: list[int]) -> None:
    rows = list(text.model._base_manager.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    changed = []
    for row in rows:
        new = {}
        for name in text.fields:
            before = getattr(row, name)
            if (after := traces.neutral(before)) != before:
                new[name] = _fitting(text.model, name, after)
        if not new:
            continue
        changed.append(row)
        if text.act is None:
            text.model._base_manager.filter(pk=row.pk).update(**new)
    if changed and text.act is not None:
        text.act(changed, text.fields[0])
    if changed:
        text.changed(changed)


def _fitting(model: type[models.Model], name: str, value: Any) -> Any:
    """The neutral word may be the longer one."""
    most = getattr(model._meta.get_field(name), "max_length", None)
    return value[:most] if most and isinstance(value, str) else value


def _errand_of(errand: rules.Errand) -> Piece:
    return lambda erasure, traces: erasure.cursor + 1 if errand(traces) else None


def _link_of(link: rules.Link) -> Piece:
    def piece(erasure: Erasure, traces: Traces) -> int | None:
        rows = _rows_of(link, traces.person_id)
        if not rows:
            return None
        link.act(rows, link.field)
        link.changed(rows)
        return erasure.cursor + 1

    return piece


def _rows_of(link: rules.Link, person_id: int) -> list[Any]:
    mine = link.model._base_manager.filter(**{link.field: person_id}).order_by("pk")
    return list(mine.select_for_update(of=("self",))[: rules.PIECE])


def _begun_anew(erasure: Erasure) -> bool:
    """What came to name the person while they were erased sends the work back to its links."""
    if not any(link.model._base_manager.filter(**{link.field: erasure.person_id}).exists() for link in rules.links()):
        return False
    erasure.step = len(_before_links(deletes_posts=erasure.deletes_posts))
    return True


def _finish(erasure: Erasure, user: User | None) -> bool:
    """The person goes, and the ledger says that they did."""
    if user is not None:
        if user.avatar:
            default_storage.delete(f"{FOLDER}/{user.avatar}")
        user.delete()
    erasure.state, erasure.done_at = Erasure.State.DONE, timezone.now()
    erasure.save(update_fields=["state", "done_at"])
    ledger.write(erasure)
    events.record("user.erased", target=("user", erasure.person_id), data={"posts": erasure.deletes_posts})
    logger.info("Person %s is erased.", erasure.person_id)
    return False

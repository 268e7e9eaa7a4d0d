"""Synonyms that staff keep: words that find each other. Live at once, in every engine: nothing is indexed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.text import clean_line
from accounts.viewer import Viewer
from search import analysis, shaping
from search.models import Synonyms
from search.policies import can_curate
from search.thesaurus import Key, key_of, words_of

MOST_WORDS: Final = 50
MOST_BESIDE: Final = 5
MOST_GROUPS: Final = 1_000
MOST_CHARACTERS: Final = 1_500
ARROW: Final = "=>"


@transaction.atomic
def synonyms_create(*, viewer: Viewer, rule: str) -> Synonyms:
    """Let words find each other: `phone, mobile`, or one way: `tv => television`.

    Raises NotAllowed for who is not staff, ValidationError({"rule": …}) for what says nothing, too much, the same
    twice, what another line says already, or what leads back to itself.
    """
    words, meant = _checked(viewer, rule, but=None)
    if Synonyms.objects.count() >= MOST_GROUPS:
        raise ValidationError({"rule": _("There are %s lines, the most there can be. Remove one first.") % MOST_GROUPS})

    row = Synonyms.objects.create(words=words, meant=meant, changed_by_id=viewer.user_id, changed_at=timezone.now())

    events.record("search.synonyms_added", actor=viewer, target=row, data={"rule": str(row)})
    return row


@transaction.atomic
def synonyms_change(*, viewer: Viewer, synonyms: Synonyms, rule: str) -> Synonyms:
    """Say it in other words. Raises as `synonyms_create` does."""
    before = str(synonyms)
    words, meant = _checked(viewer, rule, but=synonyms)

    synonyms.words, synonyms.meant = words, meant
    synonyms.changed_by_id, synonyms.changed_at = viewer.user_id, timezone.now()
    synonyms.save()

    data = {"before": before, "rule": str(synonyms)}
    events.record("search.synonyms_changed", actor=viewer, target=synonyms, data=data)
    return synonyms


@transaction.atomic
def synonyms_remove(*, viewer: Viewer, synonyms: Synonyms) -> None:
    """Let the words mean only themselves again. Raises NotAllowed for who is not staff."""
    _must_curate(viewer)
    shaping.changed()

    events.record("search.synonyms_removed", actor=viewer, target=synonyms, data={"rule": str(synonyms)})
    synonyms.delete()


def _must_curate(viewer: Viewer) -> None:
    if not can_curate(viewer):
        raise NotAllowed(_("Only staff write synonyms."))


def _checked(viewer: Viewer, rule: str, *, but: Synonyms | None) -> tuple[str, str]:
    """The two sides of a line as they are stored. The stamp is taken first, so two people check one after the other."""
    _must_curate(viewer)
    rule = clean_line(rule, field="rule", limit=MOST_CHARACTERS)
    if rule.count(ARROW) > 1:
        told = _("Write “=>” once at most: what is typed on its left, what is meant on its right.")
        raise ValidationError({"rule": told})
    left, is_one_way, right = rule.partition(ARROW)
    words, meant = words_of(left), words_of(right)
    if is_one_way and not (words and meant):
        raise ValidationError({"rule": _("Put words on both sides of “=>”: tv => television")})
    if not is_one_way and len(words) < 2:
        raise ValidationError({"rule": _("Write at least two, with a comma between them: phone, mobile")})
    _check_words([*words, *meant])
    shaping.changed()
    rows = [row for row in Synonyms.objects.order_by("pk") if but is None or row.pk != but.pk]
    _check_others(words, meant, rows)
    return ", ".join(words), ", ".join(meant)


def _check_words(words: Sequence[str]) -> None:
    """Each by itself, and none twice."""
    if len(words) > MOST_WORDS:
        raise ValidationError({"rule": _("That is more than %s. Split them into lines of their own.") % MOST_WORDS})
    seen: dict[Key, str] = {}
    for word in words:
        if len(word.replace(" ", "")) < 2:
            raise ValidationError({"rule": _("“%s” is too short: use two letters or more.") % (word or "…")})
        if len(word.split()) > MOST_BESIDE:
            raise ValidationError({"rule": _("“%(word)s” is too long: at most %(most)s words beside each other.")
                                   % {"word": word, "most": MOST_BESIDE}})
        if set(word.split()) <= analysis.STOP_WORDS:
            raise ValidationError({"rule": _("“%s” is in nearly every text. Use words that say what is meant.") % word})
        if key_of(word) in seen:
            raise ValidationError({"rule": _("“%(word)s” and “%(other)s” are the same to search: keep one of them.")
                                   % {"word": word, "other": seen[key_of(word)]}})
        seen[key_of(word)] = word


def _check_others(words: Sequence[str], meant: Sequence[str], rows: Iterable[Synonyms]) -> None:
    """What one types leads to one line, and no way leads back to where it began."""
    leads: dict[Key, tuple[Synonyms, list[str]]] = {
        key_of(word): (row, words_of(row.meant) or words_of(row.words)) for row in rows for word in words_of(row.words)
    }
    for word in words:
        if key_of(word) in leads:
            told = _("“%(word)s” is in another line already: %(line)s. Add the new words there.")
            raise ValidationError({"rule": told % {"word": word, "line": leads[key_of(word)][0]}})
    begun = {key_of(word) for word in words}
    waiting, seen = [key_of(word) for word in meant], set()
    while waiting:
        key = waiting.pop()
        if key in seen or key not in leads:
            continue
        seen.add(key)
        row, others = leads[key]
        if begun & {key_of(other) for other in others}:
            told = _("This goes in a circle with another line: %s. Write all of them in one line, without “=>”.")
            raise ValidationError({"rule": told % row})
        waiting += [key_of(other) for other in others]

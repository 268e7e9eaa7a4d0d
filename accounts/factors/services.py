"""Taking a code, and what follows when second factors change."""

from __future__ import annotations

import logging
from hashlib import sha256

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import policies
from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.factors import letters
from accounts.factors.sealing import Unreadable, renewed
from accounts.factors.selectors import CODES
from accounts.models import User
from accounts.viewer import Viewer

logger = logging.getLogger("threadwell.factors")
SEALED = ("secret", "seed")  # what allauth keeps of an app, and of the recovery codes


def code_accept(*, user: User, code: str) -> Authenticator:
    """Take a code of the person's app, or one of their recovery codes; either counts once. Returns whose it was.

    A mail tells of a recovery code that was used: it may have been found by somebody else.

    Raises ValidationError for a wrong or a used one, and when five were wrong within five minutes, whoever tried.
    """
    was_right = check_rate_limit(user)
    for row in Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk"):
        if _spend_and_tell(user, row, code):
            was_right()
            return row
    logger.warning("A wrong code for person %s", user.pk)
    raise get_adapter().validation_error("incorrect_code")


@transaction.atomic
def _spend_and_tell(user: User, row: Authenticator, code: str) -> bool:
    """Together: a kill in between would leave a recovery code that was used and nobody told of."""
    if not code_spend(row=row, code=code):
        return False
    if row.type == CODES:
        _tell_used(user)
    return True


def _tell_used(user: User) -> None:
    left = len(Authenticator.objects.get(user_id=user.pk, type=CODES).wrap().get_unused_codes())
    letters.tell_code_used(user, left)
    events.record("user.recovery_code_used", actor=user.pk, target=("user", user.pk), data={"left": left})


@transaction.atomic
def code_spend(*, row: Authenticator, code: str) -> bool:
    """Whether the code opens, and from now on it does not. In the database, so that no lost cache brings it back.

    Of an app, every code up to this one is spent (RFC 6238, 5.2).
    """
    if row.type == CODES:
        return bool(row.wrap().validate_code(code))
    locked = Authenticator.objects.select_for_update().get(pk=row.pk)
    secret = get_adapter().decrypt(locked.data["secret"])
    fits = [at for at in totp.yield_hotp_counters_from_time() if _is_of(secret, at, code)]
    if not fits or fits[0] <= locked.data.get("spent", -1):
        return False
    locked.data["spent"] = fits[0]
    locked.save(update_fields=["data"])
    return True


def _is_of(secret: str, counter: int, code: str) -> bool:
    return compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, counter)))


@transaction.atomic
def key_spend(*, row: Authenticator, count: int, signature: bytes) -> bool:
    """Whether a key's proof, whose signature is right, may count; its number is kept then (WebAuthn, 7.2, step 22).

    A key adds to its number each time. One that says no more than was said before shares its secret with another: a
    mail tells of that. Passkeys that are kept in several places say 0 always. The same proof again was sent twice.
    """
    locked = Authenticator.objects.select_for_update().get(pk=row.pk)
    before = locked.data.get("count", locked.wrap().authenticator_data.counter)
    mark = sha256(signature).hexdigest()
    if mark == locked.data.get("proof"):
        return False
    if (count or before) and count <= before:
        logger.warning("The key %s of person %s may be copied: it said %s after %s", row.pk, row.user_id, count, before)
        letters.tell_key_copied(row.user, locked.wrap().name)
        data = {"key": row.pk, "said": count, "before": before}
        events.record("user.key_copied", actor=row.user_id, target=("user", row.user_id), data=data)
        return False
    locked.data |= {"count": count, "proof": mark}
    locked.save(update_fields=["data"])
    return True


@transaction.atomic
def factor_changed(*, user: User, event: str, kind: str, letter: str) -> None:
    """A factor came or went, in this transaction: all sign-ins of the person end but the one that goes on with the new
    `session_round`, and the mail `letter` tells them."""
    _end_sign_ins(user)
    letters.tell_changed(user, letter)
    events.record(event, actor=user.pk, target=("user", user.pk), data={"kind": kind})


@transaction.atomic
def codes_made(*, user: User, letter: str = "") -> None:
    """Recovery codes were made, in this transaction: with a first factor, or anew, of which the mail `letter` tells."""
    if letter:
        letters.tell_changed(user, letter)
    events.record("user.codes_made", actor=user.pk, target=("user", user.pk))


def _end_sign_ins(user: User) -> None:
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])


@transaction.atomic
def factors_remove(*, viewer: Viewer, user: User) -> int:
    """Take all second factors of a person away who lost them and proved by other means who they are.

    Their sign-ins end and a mail tells them; the password stays. Returns how many went. Raises NotAllowed unless the
    viewer is an admin.
    """
    if not policies.can_manage_people(viewer):
        raise NotAllowed(_("Only admins take second factors away."))
    rows = Authenticator.objects.select_for_update().filter(user_id=user.pk)
    kinds = sorted(row.type for row in rows)
    if not kinds:
        return 0
    Authenticator.objects.filter(user_id=user.pk).delete()
    _end_sign_ins(user)
    letters.tell_removed(user)

    events.record("user.factors_removed", actor=viewer, target=user, data={"kinds": kinds})
    return len(kinds)


def secrets_renew() -> int:
    """After SECRET_KEY changed: seal anew what an earlier key sealed, before it is forgotten. Returns how many."""
    done = 0
    for pk in list(Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True)):
        with transaction.atomic():
            done += _renew(Authenticator.objects.select_for_update().filter(pk=pk).first())
    return done


def _renew(row: Authenticator | None) -> bool:
    if row is None:
        return False
    try:
        anew = {name: renewed(row.data[name]) for name in SEALED if name in row.data}
    except Unreadable:
        logger.error("The second factor %s cannot be read: its key is not in SECRET_KEY_FALLBACKS", row.pk)
        return False
    changed = {name: sealed for name, sealed in anew.items() if sealed}
    if changed:
        row.data.update(changed)
        row.save(update_fields=["data"])
    return bool(changed)

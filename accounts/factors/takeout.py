"""What a copy of one's data tells of second factors: that they are there, and no secret of them."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from accounts.takeout.own import PLACE
from accounts.takeout.parts import Row, Taker, register_part


def register_all() -> None:
    register_part(
        "second-factors", label=_("Second factors"), place=PLACE, show=factors,
        columns=[("mfa.Authenticator", "user")],
        rows=lambda taker: Authenticator.objects.filter(user=taker.user),
    )  # fmt: skip


def factors(taker: Taker, rows: Sequence[Authenticator]) -> list[Row]:
    return [
        {
            "title": row.data.get("name") or row.get_type_display(), "kind": row.type, "made_at": row.created_at,
            "last_used_at": row.last_used_at,
        }
        for row in rows
    ]  # fmt: skip

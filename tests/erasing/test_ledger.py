"""The ledger of ids: whom a restore brought back is erased again, and nobody else is."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.erasing import ledger, services
from accounts.erasing.models import Erasure
from accounts.models import User
from accounts.viewer import system_viewer
from community.forums.models import Post
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
LATER = timedelta(days=8)


def erased(username: str, *, deletes_posts: bool = False) -> User:
    user = make_user(username)
    services.erasure_ask(viewer=system_viewer(), user=user, deletes_posts=deletes_posts)
    services.erase_due(now=timezone.now() + LATER, seconds=None)
    return user


def brought_back(user: User) -> User:
    """As by a backup from before it: the person, what they wrote, and no word of an erasure."""
    Erasure.objects.all().delete()
    fields = {"email": "mara@people.example", "display_name": "Mara"}
    return User.objects.create(pk=user.pk, username="mara", date_joined=user.date_joined, **fields)


def test_person_when_erased_then_the_ledger_has_ids_and_times_alone() -> None:
    user = erased("mara")

    line = json.loads(ledger.place().read_text())
    assert (line["person"], line["posts"]) == (user.pk, False)
    assert line["joined_at"] == user.date_joined.isoformat()
    assert "mara" not in ledger.place().read_text().lower()


def test_restore_when_it_brings_somebody_back_then_they_are_erased_again() -> None:
    mara = brought_back(erased("mara", deletes_posts=True))
    reply = make_reply(make_topic(), author=mara, body="I am back")
    other = make_reply(make_topic(), body="Hi @mara")

    assert services.replay() == 1

    assert not User.objects.filter(pk=mara.pk).exists()
    reply.refresh_from_db()
    other.refresh_from_db()
    assert (reply.body, other.body) == ("The author took this text back.", "Hi @former-member")
    assert Erasure.objects.get(person_id=mara.pk).state == Erasure.State.DONE
    assert len(list(ledger.lines())) == 1
    assert services.replay() == 0


def test_restore_when_somebody_else_has_the_number_then_they_stay() -> None:
    gone = erased("mara")
    Erasure.objects.all().delete()
    other = User.objects.create(
        pk=gone.pk, username="ada", display_name="Ada", date_joined=gone.date_joined + timedelta(seconds=1)
    )
    post = make_reply(make_topic(), author=other)

    assert services.replay() == 0

    assert Post.objects.get(pk=post.pk).author == other
    assert Erasure.objects.get(person_id=gone.pk).state == Erasure.State.DONE


def test_ledger_when_a_line_was_cut_off_then_the_others_count() -> None:
    user = erased("mara")
    whole = ledger.place().read_text()
    ledger.place().write_text(f'{whole}{{"person": 12, "join\nno JSON\n{whole}')

    assert [line.person_id for line in ledger.lines()] == [user.pk]


def test_ledger_when_the_file_was_lost_then_the_table_fills_it_before_a_restore() -> None:
    user = erased("mara")
    ledger.place().unlink()

    services.ledger_keep()
    services.ledger_keep()

    assert [line.person_id for line in ledger.lines()] == [user.pk]
    assert len(ledger.place().read_text().splitlines()) == 1

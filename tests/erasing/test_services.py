"""Asking to be erased, taking it back, holding it up, and what a kill in between costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.erasing import pieces, selectors, services
from accounts.erasing.models import Erasure, LegalHold
from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.models import ApiToken, OutboundEmail, User
from accounts.services import token_create, user_create
from accounts.viewer import ANONYMOUS, system_viewer
from community.forums.models import Bookmark, Post, PostVote, Topic
from community.forums.services import post_vote
from community.notifications.live.access import Visit, ended
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import client_of, make_user, viewer

pytestmark = pytest.mark.django_db
LATER = timedelta(days=7, minutes=1)


def ask(user: User, **fields) -> Erasure:
    return services.erasure_ask(viewer=viewer(user), user=user, **fields)


def test_account_when_erasure_is_asked_then_it_is_shut_at_once_and_a_mail_says_how_to_return() -> None:
    mara = make_user("mara")
    _row, token = token_create(viewer=viewer(mara), user=mara, scopes=["read"])
    browser = client_of(mara)
    visit = Visit(mara.pk, browser.session.session_key, mara.get_session_auth_hash())
    assert browser.get("/settings/").status_code == 200 and ended([visit]) == set()

    erasure = ask(mara)

    assert browser.get("/settings/").status_code == 302
    assert ended([visit]) == {visit}
    assert browser.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    other = client_of(make_user())
    assert [other.get(f"/u/mara/{page}").status_code for page in ("", "card/", "feed/")] == [404] * 3
    assert ApiToken.objects.filter(user=mara, revoked_at=None).count() == 0
    assert erasure.due_at - erasure.asked_at == timedelta(days=7)
    [letter] = mail.outbox
    assert letter.to == [mara.email] and f"/erasure/{selectors.token_for(erasure).split(':')[0]}" in letter.body
    event = Event.objects.get(name="user.erasure_asked")
    assert (event.actor_id, event.target_id, event.data) == (mara.pk, mara.pk, {"posts": False})
    assert ask_again(mara) == erasure


def ask_again(user: User) -> Erasure:
    return services.erasure_ask(viewer=system_viewer(), user=user, deletes_posts=True)


def test_erasure_when_its_days_are_not_over_then_nothing_is_erased() -> None:
    mara = make_user("mara")
    ask(mara)

    assert services.erase_due(now=timezone.now() + timedelta(days=6, hours=23), seconds=None) == 0
    assert User.objects.filter(pk=mara.pk).exists()


def test_erasure_when_taken_back_then_the_account_is_as_it_was_and_stays() -> None:
    mara = make_user("mara")
    erasure = ask(mara)
    with pytest.raises(NotAllowed):
        services.erasure_take_back(viewer=ANONYMOUS, erasure=erasure)

    services.erasure_take_back(viewer=ANONYMOUS, erasure=erasure, proven=True)

    mara.refresh_from_db()
    assert mara.is_active and mara.check_password("correct horse")
    assert services.erase_due(now=timezone.now() + LATER, seconds=None) == 0
    assert User.objects.filter(pk=mara.pk).exists()
    with pytest.raises(ValidationError):
        services.erasure_take_back(viewer=ANONYMOUS, erasure=erasure, proven=True)
    assert ask(mara).pk != erasure.pk


def test_erasure_when_others_ask_then_only_those_who_work_with_people_may() -> None:
    mara, agent, manager = make_user("mara"), make_user(is_agent=True), make_user(is_manager=True)
    for nobody in (ANONYMOUS, viewer(make_user()), viewer(agent), viewer(make_user(is_moderator=True))):
        with pytest.raises(NotAllowed):
            services.erasure_ask(viewer=nobody, user=mara)
        with pytest.raises(NotAllowed):
            services.hold_set(viewer=nobody, user=mara, reason="A court")
    with pytest.raises(NotAllowed):
        services.erasure_ask(viewer=viewer(manager), user=agent)  # staff: admins alone

    assert services.erasure_ask(viewer=viewer(manager), user=mara).asked_by_id == manager.pk


def test_last_admin_when_asking_then_somebody_else_has_to_be_made_admin_first() -> None:
    User.objects.filter(is_superuser=True).delete()
    root = make_user("root", is_superuser=True)

    with pytest.raises(ValidationError, match="last admin"):
        ask(root)

    root.refresh_from_db()
    assert root.is_active and not Erasure.objects.exists()


def test_hold_when_set_then_nothing_is_erased_until_it_is_taken_away() -> None:
    mara, manager = make_user("mara"), make_user(is_manager=True)
    ask(mara)
    services.hold_set(viewer=viewer(manager), user=mara, reason="Case 12 at court")

    assert services.erase_due(now=timezone.now() + LATER, seconds=None) == 0
    assert User.objects.filter(pk=mara.pk).exists()
    assert Erasure.objects.get().state == Erasure.State.ASKED  # so that it can still be taken back

    services.hold_remove(viewer=viewer(manager), user=mara)
    services.erase_due(now=timezone.now() + LATER, seconds=None)

    assert not User.objects.filter(pk=mara.pk).exists() and not LegalHold.objects.exists()
    names = set(Event.objects.filter(name__startswith="user.").values_list("name", flat=True))
    assert {"user.hold_set", "user.hold_removed", "user.erased"} <= names


def test_hold_when_set_while_the_person_is_being_erased_then_the_next_piece_waits() -> None:
    mara = make_user("mara")
    erasure = ask(mara)
    Erasure.objects.update(state=Erasure.State.ERASING)
    assert pieces.piece_do(erasure.pk)
    services.hold_set(viewer=system_viewer(), user=mara, reason="A court")

    assert not pieces.piece_do(erasure.pk)
    assert User.objects.filter(pk=mara.pk).exists()


def test_erasing_when_killed_after_any_piece_then_it_goes_on_there(monkeypatch) -> None:
    mara, friend = make_user("mara.quill77"), make_user()
    topic = make_topic(author=mara)
    reply = make_reply(topic, author=friend, body="Thanks @mara.quill77!")
    post_vote(viewer=viewer(mara), post=reply, on=True)
    erasure = ask(mara)
    Erasure.objects.update(state=Erasure.State.ERASING)

    done, seen = 0, set()
    while True:
        erasure.refresh_from_db()
        seen.add((erasure.step, erasure.cursor))
        stood = _standing()
        with monkeypatch.context() as killed:  # in the middle of a piece, when what it wrote is not committed
            killed.setattr(Erasure, "save", _killed)
            with pytest.raises(KeyboardInterrupt):
                pieces.piece_do(erasure.pk)
        before = Erasure.objects.values_list("step", "cursor").get(pk=erasure.pk)
        assert before == (erasure.step, erasure.cursor) and _standing() == stood
        if not pieces.piece_do(erasure.pk):
            break
        done += 1

    erasure.refresh_from_db()
    reply.refresh_from_db()
    assert erasure.state == Erasure.State.DONE and len(seen) == done + 1
    assert reply.body == "Thanks @former-member!" and not User.objects.filter(pk=mara.pk).exists()
    assert (reply.vote_count, reply.imported_votes, PostVote.objects.count()) == (1, 1, 0)


def _standing() -> list[object]:
    """What a piece that was killed must have left as it was."""
    posts = Post.objects.order_by("pk").values_list("body", "author", "imported_votes")
    return [*posts, PostVote.objects.count(), EmailAddress.objects.count(), User.objects.count()]


def test_erasing_when_somebody_names_them_meanwhile_then_that_goes_too() -> None:
    mara, friend = make_user("mara"), make_user()
    topic = make_topic(author=mara)
    erasure = ask(mara)
    Erasure.objects.update(state=Erasure.State.ERASING)
    while Topic.objects.filter(author=mara).exists():  # texts were gone through
        assert pieces.piece_do(erasure.pk)

    reply = make_reply(topic, author=friend, body="Where is @mara?")
    Bookmark.objects.create(post=reply, user=mara, created_at=timezone.now())
    while pieces.piece_do(erasure.pk):
        pass

    reply.refresh_from_db()
    assert reply.body == "Where is @former-member?" and not User.objects.filter(pk=mara.pk).exists()


def _killed(*args, **kwargs) -> None:
    raise KeyboardInterrupt


def test_account_when_it_was_closed_before_then_taking_back_leaves_it_closed() -> None:
    mara = make_user("mara", is_active=False)
    erasure = services.erasure_ask(viewer=system_viewer(), user=mara)

    services.erasure_take_back(viewer=ANONYMOUS, erasure=erasure, proven=True)

    mara.refresh_from_db()
    assert not mara.is_active


def test_mails_when_somebody_is_erased_then_those_that_surely_name_them_go_and_none_else() -> None:
    will = make_user("will", display_name="Will")
    now, others = timezone.now(), "ada@people.example"
    mails = {
        "to them": (will.email, "waiting", "Your code"), "went out": (others, "sent", "Will replied"),
        "waits, mentions": (others, "waiting", "As @will said"), "waits": (others, "waiting", "Will you come?"),
        "everyday word": (others, "sent", "As you will see"), "longer name": (others, "sent", "Willow replied"),
    }  # fmt: skip
    for name, (to, state, text) in mails.items():
        fields = {"recipient": to, "state": state, "text": text, "message": b"", "next_attempt_at": now}
        OutboundEmail.objects.create(subject=name, **fields)

    services.erasure_ask(viewer=system_viewer(), user=will)
    services.erase_due(now=now + LATER, seconds=None)

    left = OutboundEmail.objects.order_by("pk").values_list("subject", flat=True)
    assert list(left) == ["waits", "everyday word", "longer name"]


def test_name_when_it_has_letters_beyond_ascii_then_it_is_found_in_any_case_and_in_json() -> None:
    özil, friend = make_user("özil9", display_name="Özil Übel"), make_user()
    reply = make_reply(make_topic(), author=friend, body="Hi @Özil9, [you](/u/%C3%B6zil9/), Özil Übel or ÖZIL ÜBEL")
    event = Event.objects.create(name="probe", data={"said": ["Özil Übel"]}, created_at=timezone.now())
    ask(özil)

    services.erase_due(now=timezone.now() + LATER, seconds=None)

    reply.refresh_from_db()
    event.refresh_from_db()
    assert reply.body == "Hi @former-member, @former-member, former member or former member"
    assert "zil" not in reply.html and event.data == {"said": ["former member"]}


def test_username_when_it_is_the_neutral_word_then_nobody_gets_it() -> None:
    with pytest.raises(ValidationError):
        user_create(viewer=system_viewer(), username="Former-Member", display_name="Sly")


def test_command_when_run_then_it_asks_holds_and_takes_back(capsys) -> None:
    mara = make_user("mara")
    call_command("erase", mara.email, delete_posts=True)
    erasure = Erasure.objects.get(person_id=mara.pk)
    assert erasure.deletes_posts and erasure.asked_by_id is None
    call_command("erase")
    assert f"person {mara.pk}: asked" in capsys.readouterr().out

    call_command("erase", mara.email, hold="A court")
    assert LegalHold.objects.filter(person=mara).exists()
    call_command("erase", "mara", release=True)
    call_command("erase", mara.email, take_back=True)

    mara.refresh_from_db()
    assert mara.is_active and not LegalHold.objects.exists()
    with pytest.raises(CommandError, match="nobody"):
        call_command("erase", "nobody@people.example")

"""Asking, making and letting go; and what a kill in between costs."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.erasing import services as erasing
from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.events.worker import drain
from accounts.models import User
from accounts.takeout import collecting, packing, place, selectors, services
from accounts.takeout.models import Takeout
from accounts.takeout.parts import Taker
from accounts.viewer import ANONYMOUS, system_viewer
from community.notifications.models import Notification
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.takeout.opened import asked, files_in, made, parts_in, path_of

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1, minutes=1)


def test_copy_when_made_then_the_bell_and_a_mail_lead_to_the_page_and_hold_no_key() -> None:
    mara = make_user("mara")
    takeout = asked(mara)
    assert asked(mara) == takeout  # one that is being made is given back

    drain()

    takeout.refresh_from_db()
    assert takeout.state == Takeout.State.READY and takeout.size == path_of(takeout).stat().st_size
    [letter] = mail.outbox
    assert letter.to == [mara.email] and "/settings/data/\n" in letter.body
    assert takeout.key not in letter.body and selectors.link_for(takeout, "x") not in letter.body
    assert list(Notification.objects.filter(user=mara).values_list("kind", flat=True)) == ["takeout.ready"]
    names = Event.objects.filter(target_type="user", target_id=mara.pk).values_list("name", flat=True)
    assert {"user.takeout_asked", "user.takeout_ready"} <= set(names)
    assert sorted(path.name for path in path_of(takeout).parent.iterdir()) == ["copy.zip", "lock"]


def test_copy_when_asked_for_twice_a_day_then_the_second_is_refused_until_the_day_is_over() -> None:
    mara = make_user("mara")
    made(mara)

    with pytest.raises(ValidationError, match="once a day"):
        asked(mara)

    asked(mara, now=timezone.now() + LATER)
    assert Takeout.objects.filter(person=mara).count() == 2


def test_copy_when_others_ask_then_only_those_who_work_with_people_may_and_nobody_else_gets_it() -> None:
    mara, manager, agent = make_user("mara"), make_user(is_manager=True), make_user(is_agent=True)
    for nobody in (ANONYMOUS, viewer(make_user()), viewer(agent), viewer(make_user(is_moderator=True))):
        with pytest.raises(NotAllowed):
            services.takeout_ask(viewer=nobody, user=mara)
    with pytest.raises(NotAllowed):
        services.takeout_ask(viewer=viewer(manager), user=agent)  # staff: admins alone

    takeout = services.takeout_ask(viewer=viewer(manager), user=mara)
    services.takeouts_make(seconds=None)

    takeout.refresh_from_db()
    assert takeout.asked_by == manager and mail.outbox[-1].to == [mara.email]
    for nobody in (ANONYMOUS, viewer(manager), viewer(make_user(is_superuser=True)), system_viewer()):
        with pytest.raises(NotAllowed):
            services.takeout_fetched(viewer=nobody, takeout=takeout)
    assert services.takeout_fetched(viewer=viewer(mara), takeout=takeout).exists()
    event = Event.objects.get(name="user.takeout_asked")
    assert (event.actor_id, event.target_id) == (manager.pk, mara.pk)


def test_making_when_killed_after_any_write_then_the_copy_is_as_if_it_had_not_been(monkeypatch) -> None:
    monkeypatch.setattr(collecting, "PIECE", 2)
    mara = make_user("mara")
    topic = make_topic(author=mara)
    for number in range(4):
        make_reply(topic, author=mara, body=f"Words {number}")
    smooth = parts_in(path_of(made(mara)))
    Takeout.objects.all().update(asked_at=timezone.now() - LATER)
    takeout = asked(mara)

    kills, real = 0, os.fsync
    while True:
        takeout.refresh_from_db()
        if not takeout.part:
            break
        before = (takeout.part, takeout.cursor, takeout.written)
        with monkeypatch.context() as killed:  # what was written is in the file, and nothing remembers it
            killed.setattr(place.os, "fsync", _killed)
            with pytest.raises(KeyboardInterrupt):
                services.takeouts_make(seconds=None)
        kills += 1
        takeout.refresh_from_db()
        assert before == (takeout.part, takeout.cursor, takeout.written) and os.fsync is real
        with place.held(place.folder_of(takeout.key)):
            assert services.piece_do(takeout)
    with monkeypatch.context() as killed:  # in the middle of the packing
        killed.setattr(packing, "_put", _killed)
        killed.setattr(packing.parts, "files_of", lambda taker: [("a", "b")])
        with pytest.raises(KeyboardInterrupt):
            services.takeouts_make(seconds=None)
    assert not path_of(takeout).exists()
    services.takeouts_make(seconds=None)

    again = parts_in(path_of(takeout))
    told = ("copies", "events", "mails", "notifications")  # the first copy is among these
    assert kills > 20 and {name: rows for name, rows in again.items() if name not in told} == {
        name: rows for name, rows in smooth.items() if name not in told
    }


def test_packing_when_killed_at_any_write_then_it_goes_on_from_what_is_in_the_copy(monkeypatch) -> None:
    monkeypatch.setattr(packing, "TURN_FILES", 1)
    mara = make_user("mara")
    files = {f"files/{name}": os.urandom(90_000) for name in ("a.png", "b.png", "c.png")}
    for name, content in files.items():
        default_storage.save(name, ContentFile(content))
    there = [(name.removeprefix("files/"), name) for name in files]
    monkeypatch.setattr(packing.parts, "files_of", lambda taker: [("gone.png", "files/gone.png"), *there])
    takeout = asked(mara)
    folder = place.folder_of(takeout.key)
    with place.held(folder):
        while takeout.part:
            assert services.piece_do(takeout)
            takeout.refresh_from_db()
    taker, unfinished = Taker.of(mara), folder / "copy.zip.part"

    names: list[str] = []
    kills, is_done = 0, False
    while not is_done:
        for number in range(1, 9):
            if not dies(monkeypatch, number, lambda: packing.pack(taker, folder)):
                break
            kills += 1
        else:
            pytest.fail("A turn writes less often than that.")
        is_done = path_of(takeout).exists()
        with ZipFile(path_of(takeout) if is_done else unfinished) as copy:
            found = copy.namelist()
            assert found[: len(names)] == names and copy.testzip() is None
            assert len(found) - len(names) == (0 if is_done else 1), "a kill cost more than the piece that was written"
        names = found
    services.takeouts_make(seconds=None)

    assert kills > 20 and files_in(path_of(takeout)) == files
    assert parts_in(path_of(takeout))["profile"][0]["username"] == "mara"
    assert sorted(path.name for path in folder.iterdir()) == ["copy.zip", "lock"]


def dies(monkeypatch, number: int, act: Callable[[], object]) -> bool:
    """Do it in a child that is killed at its so-and-so-manieth write; returns whether it came to that."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    try:
        left, keep, copy = [number], os.fsync, shutil.copyfileobj

        def count() -> None:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        def half(source, target, length: int) -> None:
            target.write(source.read(50_000))
            count()
            copy(source, target, length)

        monkeypatch.setattr(place.os, "fsync", lambda file: (keep(file), count()))
        monkeypatch.setattr(packing.shutil, "copyfileobj", half)
        act()
    finally:
        os._exit(0)


def test_copy_when_killed_as_it_is_done_then_the_one_that_lies_there_is_handed_out_whole(monkeypatch) -> None:
    takeout = asked(make_user("mara"))
    with monkeypatch.context() as killed:
        killed.setattr(services, "_finish", _killed)
        with pytest.raises(KeyboardInterrupt):
            services.takeouts_make(seconds=None)
    before = path_of(takeout).read_bytes()

    services.takeouts_make(seconds=None)

    takeout.refresh_from_db()
    assert takeout.state == Takeout.State.READY and path_of(takeout).read_bytes() == before
    assert parts_in(path_of(takeout))["profile"][0]["username"] == "mara"


def _killed(*args, **kwargs) -> None:
    raise KeyboardInterrupt


def test_making_when_another_worker_holds_the_copy_then_it_is_left_to_that_one() -> None:
    takeout = asked(make_user())

    with place.held(place.folder_of(takeout.key)) as is_ours:
        assert is_ours and services.takeouts_make(seconds=None) == 0

    assert services.takeouts_make(seconds=None) > 0


def test_making_when_a_file_lost_its_end_then_that_part_is_begun_anew(monkeypatch) -> None:
    monkeypatch.setattr(collecting, "PIECE", 1)
    mara = make_user("mara")
    for _number in range(3):
        make_topic(author=mara)
    takeout = asked(mara)
    with place.held(place.folder_of(takeout.key)):
        while takeout.part != "topics" or not takeout.cursor:
            assert services.piece_do(takeout)
            takeout.refresh_from_db()
    collecting.file_of(place.folder_of(takeout.key), "topics").write_bytes(b"")  # the machine lost power

    services.takeouts_make(seconds=None)

    assert len(parts_in(path_of(takeout))["topics"]) == 3


def test_making_when_a_part_fails_then_it_is_tried_again_and_given_up_on_in_the_end(monkeypatch) -> None:
    mara = make_user("mara")
    takeout = asked(mara)

    def broken(*args) -> None:
        raise RuntimeError("a fault")

    with monkeypatch.context() as patched:
        patched.setattr(packing, "pack", broken)
        for _turn in range(services.ATTEMPTS + 2):
            services.takeouts_make(now=timezone.now() + timedelta(hours=1), seconds=None)
    takeout.refresh_from_db()

    assert (takeout.state, takeout.attempts) == (Takeout.State.FAILED, services.ATTEMPTS)
    assert mail.outbox == [] and Event.objects.filter(name="user.takeout_failed").count() == 1
    assert asked(mara).pk != takeout.pk  # a fault of ours does not cost them a day


def test_copy_when_fetched_then_it_stays_an_hour_and_else_two_days() -> None:
    mara, jonas = make_user(), make_user()
    fetched, waiting = made(mara), made(jonas)
    now = timezone.now()
    for _time in range(2):  # again within the hour does not begin another
        services.takeout_fetched(viewer=viewer(mara), takeout=fetched, now=now)

    assert services.takeouts_tidy(now=now + timedelta(minutes=59)) == 0
    assert services.takeouts_tidy(now=now + timedelta(minutes=61)) == 1
    fetched.refresh_from_db()
    assert fetched.state == Takeout.State.GONE and not path_of(fetched).parent.exists()
    with pytest.raises(ValidationError, match="not there any more"):
        services.takeout_fetched(viewer=viewer(mara), takeout=fetched)
    assert path_of(waiting).exists()
    services.takeouts_tidy(now=now + timedelta(days=2, minutes=1))
    waiting.refresh_from_db()
    assert waiting.state == Takeout.State.GONE and not path_of(waiting).parent.exists()


def test_copy_when_it_is_over_and_nobody_tidied_then_it_is_not_handed_out() -> None:
    mara = make_user()
    takeout = made(mara)

    with pytest.raises(ValidationError):
        services.takeout_fetched(viewer=viewer(mara), takeout=takeout, now=timezone.now() + timedelta(days=3))


def test_folders_when_no_row_speaks_of_them_then_they_go() -> None:
    takeout = made(make_user())
    (place.folder_of("stray") / "copy.zip").write_bytes(b"old")

    assert services.takeouts_tidy() == 1
    assert [path.name for path in place.root().iterdir()] == [takeout.key]


def test_person_when_erased_then_no_copy_stays_and_one_that_is_being_made_stops() -> None:
    mara, jonas = make_user(), make_user()
    ready, making = made(mara), asked(jonas)
    with place.held(place.folder_of(making.key)):
        services.piece_do(making)
    for user in (mara, jonas):
        erasing.hold_set(viewer=system_viewer(), user=user, reason="A court")  # which keeps nobody from a copy
        erasing.hold_remove(viewer=system_viewer(), user=user)
        erasing.erasure_ask(viewer=system_viewer(), user=user)

    erasing.erase_due(now=timezone.now() + timedelta(days=8), seconds=None)

    assert not Takeout.objects.exists() and list(place.root().iterdir()) == []
    assert services.takeouts_make(seconds=None) == 0
    assert not path_of(ready).exists() and not User.objects.filter(pk=mara.pk).exists()


def test_person_when_erased_as_a_piece_begins_then_what_it_wrote_goes(monkeypatch) -> None:
    takeout = asked(make_user())
    real = Taker.of

    def erased_meanwhile(user: User) -> Taker:
        services.takeouts_go([takeout], "person")
        return real(user)

    monkeypatch.setattr(Taker, "of", erased_meanwhile)
    services.takeouts_make(seconds=None)

    assert list(place.root().iterdir()) == []


def test_person_when_held_or_closed_then_a_copy_is_made_all_the_same() -> None:
    mara = make_user("mara")
    make_topic(author=mara, title="Still mine")
    User.objects.filter(pk=mara.pk).update(is_active=False)
    erasing.hold_set(viewer=system_viewer(), user=mara, reason="Case 12 at court")

    takeout = services.takeout_ask(viewer=system_viewer(), user=mara)
    services.takeouts_make(seconds=None)

    found = parts_in(path_of(takeout))
    assert found["topics"][0]["title"] == "Still mine" and "court" not in str(found)


def test_command_when_run_then_it_writes_the_copy_into_a_file_that_only_its_owner_reads(tmp_path, capsys) -> None:
    mara = make_user("mara")
    file = tmp_path / "mara.zip"

    call_command("export_person", mara.email, str(file))

    assert "bytes" in capsys.readouterr().out and parts_in(file)["profile"][0]["username"] == "mara"
    assert file.stat().st_mode & 0o077 == 0 and ZipFile(file).testzip() is None
    assert Event.objects.filter(name="user.takeout_written", target_id=mara.pk).exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("takeout-")] == []
    for arguments, told in (
        (("mara", str(file)), "there already"), (("nobody", str(tmp_path / "x")), "nobody"),
        (("mara", str(tmp_path / "no" / "x.zip")), "cannot be written"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=told):
            call_command("export_person", *arguments)

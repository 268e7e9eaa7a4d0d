"""Mail waits in a table: sent by real SMTP, put off while the server is away, kept where there is none."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import transaction
from django.utils import timezone

from accounts.events import worker
from accounts.mail import ATTEMPTS, send_due
from accounts.models import OutboundEmail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _queue(settings) -> None:
    settings.EMAIL_BACKEND = "accounts.mail.QueuedEmailBackend"


class Letters:
    def __init__(self) -> None:
        self.received: list[tuple[list[str], bytes]] = []
        self.refuses = False

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.refuses:
            return "451 Not now"
        self.received.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def letters(settings) -> Iterator[Letters]:
    handler = Letters()
    server = Controller(handler, hostname="127.0.0.1", port=_free_port())
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    yield handler
    server.stop()


def test_send_when_transaction_rolls_back_then_no_mail_waits() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        send_mail("Hello", "Text", None, ["mara@people.example"])
        raise RuntimeError

    assert not OutboundEmail.objects.exists()


def test_send_when_no_server_is_set_then_kept_to_be_read(settings) -> None:
    settings.EMAIL_HOST = ""

    send_mail("Hello", "Text", None, ["mara@people.example", "jonas@people.example"])

    assert sorted(OutboundEmail.objects.values_list("recipient", "state")) == [
        ("jonas@people.example", "kept"),
        ("mara@people.example", "kept"),
    ]
    assert send_due() == 0


def test_send_when_server_answers_then_each_recipient_gets_a_mail_of_their_own(letters: Letters) -> None:
    mail = EmailMultiAlternatives(
        "Grüße", "Text with ümlauts", None, ["mara@people.example"], cc=["jonas@people.example"]
    )
    mail.attach_alternative("<p>Text</p>", "text/html")
    mail.send()

    worker.drain()

    assert sorted(recipients for recipients, _bytes in letters.received) == [
        ["jonas@people.example"],
        ["mara@people.example"],
    ]
    assert b"text/html" in letters.received[0][1]
    assert set(OutboundEmail.objects.values_list("state", flat=True)) == {"sent"}


def test_send_when_the_clock_of_who_wrote_it_is_ahead_then_it_does_not_wait_for_that(letters: Letters) -> None:
    EmailMultiAlternatives("Hello", "Text", None, ["mara@people.example"]).send()
    OutboundEmail.objects.update(next_attempt_at=timezone.now() + timedelta(minutes=5))

    assert send_due() == 1


def test_send_when_server_is_away_then_one_mail_asks_for_it_and_all_go_out_when_it_is_back(
    settings, letters: Letters
) -> None:
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, _free_port()
    send_mail("Hello", "Text", None, ["mara@people.example"])
    send_mail("Hello", "Text", None, ["jonas@people.example"])

    assert send_due() == 1
    first, second = OutboundEmail.objects.order_by("pk")
    assert (first.state, first.attempts) == ("waiting", 1) and "Refused" in first.last_error
    assert (second.attempts, second.last_error) == (0, "")
    assert first.next_attempt_at > timezone.now() + timedelta(seconds=20) and send_due() == 0

    for _ in range(ATTEMPTS + 1):
        _make_due()
        assert send_due() == 1
    assert not OutboundEmail.objects.exclude(state="waiting").exists()

    settings.EMAIL_PORT = there
    _make_due()
    send_due()
    assert set(OutboundEmail.objects.values_list("state", flat=True)) == {"sent"} and len(letters.received) == 2


def test_send_when_the_server_refuses_it_for_good_then_says_so_and_stops(letters: Letters) -> None:
    letters.refuses = True
    send_mail("Hello", "Text", None, ["mara@people.example"])
    send_due()
    mail = OutboundEmail.objects.get()
    assert (mail.state, mail.attempts) == ("waiting", 1) and mail.next_attempt_at > timezone.now()

    OutboundEmail.objects.update(attempts=ATTEMPTS - 1)
    _make_due()
    send_due()

    assert OutboundEmail.objects.get().state == "failed" and send_due() == 0


def _make_due() -> None:
    OutboundEmail.objects.update(next_attempt_at=timezone.now())

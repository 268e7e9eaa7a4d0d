"""The one way out: private places are not reached by any spelling, hop or trick, and no peer keeps us waiting."""

from __future__ import annotations

import socket
import threading

import pytest

from accounts.outgoing import OutgoingFailed, OutgoingRefused, fetch
from accounts.outgoing.addresses import LOOKUPS, refuse_private
from tests.accounts.hostile_server import hostile_server

pytestmark = pytest.mark.once


@pytest.fixture
def server(settings):
    with hostile_server() as running:
        settings.OUTGOING_ALLOWED_HOSTS = [running.place]
        yield running


PRIVATE = [
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "::127.0.0.1",
]  # fmt: skip
SPELLINGS = [
    "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
    "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/", "http://127.1/", "http://0/", "http://127.0.0.1./",
]  # fmt: skip
MALFORMED = [
    "ftp://a.example/", "file:///etc/passwd", "gopher://a.example/", "//a.example/", "a.example", "", "http://", "http:///x",
    "http://user:secret@a.example/", "http://a.example:22/", "http://a.example:99999/", "http://a.example:x/",
    "http://a.example\\@127.0.0.1/", "http://a.example/\r\nHost: b", "http://a example/", "http://ä.example/",
    "http://[::1/", "http://a.example/" + "x" * 3_000, "javascript:alert(1)", "http://a.example%2f@b/",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_address_when_it_is_not_public_then_refused(address: str) -> None:
    with pytest.raises(OutgoingRefused):
        refuse_private(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700:4700::1111", "::ffff:93.184.216.34"])
def test_address_when_it_is_public_then_allowed(address: str) -> None:
    refuse_private(address)


@pytest.mark.parametrize("url", SPELLINGS)
def test_fetch_when_this_machine_is_spelt_in_an_odd_way_then_refused(url: str, monkeypatch, real_names) -> None:
    with pytest.raises(OutgoingRefused, match="not a public address"):
        fetch(url)


@pytest.mark.parametrize("url", SPELLINGS)
def test_fetch_when_a_redirect_leads_to_this_machine_then_refused(server, url: str, real_names) -> None:
    with pytest.raises(OutgoingRefused, match="not a public address"):
        fetch(f"http://{server.place}/to/{url}")
    assert len(server.hits) == 1


@pytest.fixture
def real_names(monkeypatch):
    """The system's reading of odd numbers, which the guard of the tests would not let pass."""

    def resolve(host, port, *args, **kwargs):
        try:
            number = socket.inet_ntoa(socket.inet_aton(str(host).rstrip(".")))
        except OSError:
            number = {"localhost": "127.0.0.1"}.get(host, host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize("url", MALFORMED)
def test_fetch_when_the_address_is_none_then_refused(url: str) -> None:
    with pytest.raises(OutgoingRefused):
        fetch(url)


def test_fetch_when_the_name_changes_its_answer_then_what_was_checked_is_used(server, monkeypatch, settings):
    asked, resolve = [], socket.getaddrinfo
    settings.OUTGOING_ALLOWED_HOSTS = []

    def changing(host, port, *args, **kwargs):
        if host != "rebind.example":
            return resolve(host, port, *args, **kwargs)
        asked.append(host)
        number = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    with pytest.raises(OutgoingFailed):  # the guard of the tests refuses the public number
        fetch("http://rebind.example/", seconds=2)
    assert asked == ["rebind.example"] and server.hits == []


def test_fetch_when_one_of_several_numbers_is_private_then_refused(monkeypatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 80)) for number in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)
    with pytest.raises(OutgoingRefused):
        fetch("http://mixed.example/")


def test_fetch_when_all_is_well_then_the_answer_comes(server) -> None:
    answer = fetch(f"http://{server.place}/hello/", headers={"Authorization": "Bearer x", "Host": "forged"})
    assert (answer.status, answer.body) == (200, b"hello")
    assert server.seen[0]["Host"] == server.place and server.seen[0]["Authorization"] == "Bearer x"
    assert fetch(f"http://{server.place}/gzip/").body == b"hello" * 10
    assert fetch(f"http://{server.place}/hello/", method="POST", body=b"{}").status == 200


def test_fetch_when_redirected_within_bounds_then_followed_and_headers_stay_at_home(server, settings) -> None:
    with hostile_server() as other:
        settings.OUTGOING_ALLOWED_HOSTS = [server.place, other.place]
        answer = fetch(f"http://{server.place}/to/http://{other.place}/hello/", headers={"Authorization": "Bearer x"})
        assert answer.body == b"hello" and answer.url == f"http://{other.place}/hello/"
        assert "Authorization" not in other.seen[0]


def test_fetch_when_a_post_is_redirected_then_not_followed(server) -> None:
    assert fetch(f"http://{server.place}/to/http://10.0.0.1/", method="POST", body=b"x").status == 302


def test_fetch_when_redirects_never_end_then_stopped(server) -> None:
    with pytest.raises(OutgoingFailed, match="more than 5 redirects"):
        fetch(f"http://{server.place}/loop/")
    assert len(server.hits) == 6


@pytest.mark.parametrize("what", ["endless", "bomb"])
def test_fetch_when_the_body_is_too_large_then_stopped_at_the_limit(server, what: str) -> None:
    with pytest.raises(OutgoingFailed, match="more than 2,000,000 bytes"):
        fetch(f"http://{server.place}/{what}/", seconds=60)


def test_fetch_when_headers_are_huge_then_refused(server) -> None:
    with pytest.raises(OutgoingFailed, match="too many headers"):
        fetch(f"http://{server.place}/headers/")


@pytest.mark.parametrize("what", ["drip/body", "drip/head", "silence/"])
def test_fetch_when_the_peer_is_slow_then_cut_at_the_deadline(server, what: str) -> None:
    with pytest.raises(OutgoingFailed, match="not in time"):
        fetch(f"http://{server.place}/{what}", seconds=0.5)  # it would never end by itself


def test_fetch_when_the_name_server_hangs_then_nobody_waits_and_no_lookups_pile_up(server, monkeypatch) -> None:
    gate, asked, resolve = threading.Event(), [], socket.getaddrinfo

    def hanging(host, port, *args, **kwargs):
        if host == "hanging.example":
            asked.append(host)
            gate.wait()
        return resolve(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    try:
        for _turn in range(LOOKUPS + 3):
            with pytest.raises(OutgoingFailed, match="not found in time"):
                fetch("http://hanging.example/", seconds=0.05)
    finally:
        gate.set()

    assert fetch(f"http://{server.place}/hello/").body == b"hello"
    assert len(asked) == LOOKUPS, "those that had no turn are not asked later"

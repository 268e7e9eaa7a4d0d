"""Which addresses may be spoken to. What is checked here is what is connected to: names are resolved once."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from accounts.outgoing.errors import OutgoingFailed, OutgoingRefused

PORTS: Final = {"http": 80, "https": 443}
MOST_CHARACTERS: Final = 2_000
# An IPv4 address hides in these; the gateways that take it out may stand in our own network.
_TRANSLATED: Final = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/32", "2002::/16", "2001::/32", "::/96"))
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")
LOOKUPS: Final = 16  # at once; the system's own patience with a name server that hangs is longer than a caller's
_resolver: Final = ThreadPoolExecutor(LOOKUPS, thread_name_prefix="resolve")


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes: `address` is the number that was checked, `host` the name for TLS and the Host header."""

    scheme: str
    host: str
    port: int
    address: str
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, *, seconds: float) -> Target:
    """Check an address and resolve its name, taking at most `seconds`.

    Raises OutgoingRefused for what is no http(s) address, names a person, an odd port or a place that is not public;
    OutgoingFailed when the name is not known or not in time.
    """
    parts, port = _parsed(url)
    host = (parts.hostname or "").rstrip(".")
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    is_allowed = _is_allowed(host, port)
    if port != PORTS[parts.scheme] and not is_allowed:
        raise OutgoingRefused(f"port {port} is not served")
    found = _resolve(host, port, seconds)
    if not is_allowed:
        for address in found:
            refuse_private(address)
    return Target(parts.scheme, host, port, found[0], path if path.startswith("/") else f"/{path}")


def refuse_private(address: str) -> None:
    """Raises OutgoingRefused for all but public unicast addresses, also where they hide in an IPv6 one."""
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    is_translated = ip.version == 6 and any(ip in net for net in _TRANSLATED)
    if is_translated or not ip.is_global or ip.is_multicast or ip.is_reserved:
        raise OutgoingRefused(f"{ip} is not a public address")


def _parsed(url: str) -> tuple[SplitResult, int]:
    if len(url) > MOST_CHARACTERS or re.search(r"[\x00-\x20\x7f-\uffff\\]", url):
        raise OutgoingRefused("not an address: too long, or with characters that belong into none")
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise OutgoingRefused("not an address") from error
    if parts.scheme not in PORTS:
        raise OutgoingRefused("only http and https are spoken")
    if parts.username is not None or parts.password is not None:
        raise OutgoingRefused("an address may not hold a name or password")
    if not _NAME.fullmatch(parts.hostname or ""):
        raise OutgoingRefused("not the name of a host")
    return parts, port


def _is_allowed(host: str, port: int) -> bool:
    """Whether the operator listed it in OUTGOING_ALLOWED_HOSTS (`crm.internal:8443`): then it may be private."""
    return f"{host}:{port}" in settings.OUTGOING_ALLOWED_HOSTS


def _resolve(host: str, port: int, seconds: float) -> Sequence[str]:
    """The numbers of a name. A look-up that hangs keeps one of a few threads, not its caller."""
    asked = _resolver.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = [str(entry[4][0]) for entry in asked.result(timeout=max(0.0, seconds))]
    except TookTooLong as error:  # first, for it is an OSError too
        asked.cancel()  # one that still waits for a thread is not asked any more
        raise OutgoingFailed(f"{host} was not found in time") from error
    except (OSError, UnicodeError) as error:
        raise OutgoingFailed(f"{host} is not known") from error
    if not found:
        raise OutgoingFailed(f"{host} is not known")
    return found

"""One message, read with every tolerance: who, when, what it answers, and its words. Nothing of it is trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

from config.archive.html import MAX_HTML, markdown_from_html

_ID: Final = re.compile(r"<([^<>\s]{1,900})>")
_PREFIX: Final = re.compile(
    r"^(?:\s*(?:re|aw|fwd?|antw|sv|vs|wg)\s*(?:\[\d+\])?\s*:|\s*\[[^\]]{1,40}\])+\s*", re.IGNORECASE
)
_REPLY: Final = re.compile(r"^\s*(?:\[[^\]]{1,40}\]\s*)*(?:re|aw|antw|sv)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_MOST_PARTS: Final = 200
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Letter:
    """`key` is its Message-ID without brackets, or made from its place; `refs` what it answers, the nearest last."""

    key: str
    subject: str
    name: str
    address: str
    at: datetime | None
    text: str
    is_html: bool = False
    refs: list[str] = field(default_factory=list)
    archived_at: str = ""
    attached: list[str] = field(default_factory=list)

    @property
    def topic(self) -> str:
        """The subject that all messages of a thread share, for comparing."""
        return bare(self.subject).casefold()

    @property
    def is_reply(self) -> bool:
        return bool(self.refs) or bool(_REPLY.match(self.subject))


def bare(subject: str) -> str:
    """A subject without “Re:” and the list's name before it."""
    return _PREFIX.sub("", subject).strip() or subject.strip()


def letter_of(raw: bytes, start: bytes, *, fallback: str) -> Letter:
    """`fallback` is the key of a message that has none; `start` the From line, whose date stands for a missing one."""
    message = message_from_bytes(raw, policy=policy.compat32)
    name, address = parseaddr(_header(message, "From"))
    text, is_html, attached = _words(message)
    found = _ID.search(_header(message, "Message-ID"))
    return Letter(
        key=found[1] if found else fallback, subject=" ".join(_header(message, "Subject").split())[:1_000],
        name=_name(name, address), address=address.lower()[:200] or name.lower()[:200],
        at=_moment(_header(message, "Date")) or _moment_of_start(start), text=text, is_html=is_html,
        refs=_refs(message), archived_at=_header(message, "Archived-At").strip(" <>")[:2_000], attached=attached,
    )  # fmt: skip


def _refs(message: Message) -> list[str]:
    refs = _ID.findall(_header(message, "References"))[-30:]
    answered = _ID.findall(_header(message, "In-Reply-To"))[:1]
    return list(dict.fromkeys([*(ref for ref in refs if ref not in answered), *answered]))


def _header(message: Message, name: str) -> str:
    """A header's text, whatever its bytes: encoded words of unknown character sets and bare bytes are read too."""
    value = message.get(name)
    if value is None:
        return ""
    try:
        parts = decode_header(str(value))
    except Exception:  # the library fails on some of what mail programs of the nineties wrote
        parts = [(str(value), None)]
    return "".join(decoded(part, charset) if isinstance(part, bytes) else _mended(part) for part, charset in parts)


def _mended(text: str) -> str:
    """Bytes that stood in a header unencoded come as lone surrogates."""
    return decoded(text.encode("utf-8", "surrogateescape"), None) if not text.isprintable() else text


def decoded(raw: bytes, charset: str | None) -> str:
    """Text of bytes: as they say, else UTF-8, else Windows-1252, where every byte is something."""
    for name in (charset, "utf-8"):
        try:
            return raw.decode(name) if name else raw.decode("utf-8")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def _name(name: str, address: str) -> str:
    """How the sender is shown: never by the address."""
    shown = " ".join(name.replace('"', "").split())
    if not shown or "@" in shown or " at " in shown:
        shown = re.split(r"@| at ", address or shown or "somebody")[0].strip("<> ") or "somebody"
    return shown[:100]


def _words(message: Message) -> tuple[str, bool, list[str]]:
    """(text, whether it was HTML, names of what was attached)."""
    plain: list[str] = []
    html: list[str] = []
    attached: list[str] = []
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            break
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        name = _file_name(part)
        if kind not in {"text/plain", "text/html"} or (name and part.get_content_disposition() == "attachment"):
            attached.append(name or kind)
            continue
        payload = part.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
        (plain if kind == "text/plain" else html).append(decoded(raw, part.get_content_charset()))
    if plain or not html:
        return "\n\n".join(plain).replace("\r\n", "\n"), False, attached
    return markdown_from_html("\n".join(html)[:MAX_HTML]), True, attached


def _file_name(part: Message) -> str:
    try:
        return " ".join(str(part.get_filename() or "").split())[:100]
    except Exception:  # a name that is encoded wrongly
        return "file"


def _moment(text: str) -> datetime | None:
    try:
        value = parsedate_to_datetime(text)
        value = value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return value if _EARLIEST <= value <= datetime.now(UTC) else None


def _moment_of_start(start: bytes) -> datetime | None:
    words = start.decode("ascii", "replace").split()
    return _moment(f"{words[-3]} {words[-4]} {words[-1]} {words[-2]}") if len(words) >= 6 else None

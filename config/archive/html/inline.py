"""Runs of styled text to one Markdown paragraph that renders to the same words.

A run is text with a style, as in a word processor, so badly nested markup cannot arise. Emphasis that CommonMark
would not recognise where it stands (inside a word, against punctuation) is dropped rather than shown as asterisks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from typing import Final
from urllib.parse import quote, urlsplit

BREAK: Final = "\n"
_SPACE: Final = re.compile(r"[ \t\r\n\f\v\u00a0\u2028\u2029\u0085]+")
# Characters that no stored text may hold (accounts.text.clean); a reader never sees them.
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_URL: Final = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_PLAIN_URL: Final = re.compile(r"^https?://[A-Za-z0-9./:?=&%#+,;@~$'-]+$")
_SPECIAL: Final = re.compile(r"[\\`*]|_|~~+|^~|~$|<(?=[A-Za-z/!?])|&(?=#?\w{1,32};)|\](?=[(\[:])|!(?=\[)")
_ENTITY: Final = re.compile(r"&(?=#?\w{1,32};)")
_BRACKETS: Final = re.compile(r"[\[\]]")
_LINE_START: Final = re.compile(
    r"^(?:(?P<first>\#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[=-]+\s*$|[|:-][|:\s-]*$|\[[ xX]?\](?=\s|$))"
    r"|(?P<number>\d{1,9})(?=[.)](?:\s|$)))"
)
_LINKED: Final = ("http", "https", "mailto")
_SPOKEN: Final = ("ftp", "ftps", "tel", "sms", "irc", "ircs", "news", "nntp", "sftp", "ssh", "magnet", "about")


@dataclass(frozen=True, slots=True)
class Style:
    href: str = ""
    is_strong: bool = False
    is_emphasis: bool = False
    is_struck: bool = False
    is_code: bool = False

    @property
    def is_plain(self) -> bool:
        """Without any emphasis, whether linked or not."""
        return not (self.is_strong or self.is_emphasis or self.is_struck or self.is_code)


PLAIN: Final = Style()
Run = tuple[str, Style]
_LEVELS: Final = (("is_strong", "**"), ("is_emphasis", "*"), ("is_struck", "~~"))


def clean_text(text: str) -> str:
    """Without the characters that may not be stored."""
    return _UNSEEN.sub("", text)


def paragraph(runs: list[Run]) -> str:
    """The Markdown of one paragraph; line breaks (`BREAK` runs) stay lines of their own. Empty when nothing shows."""
    lines = _links(_collapsed(runs)).split(BREAK)
    return BREAK.join(_escape_line_start(line.strip()) for line in lines if line.strip())


def _collapsed(runs: list[Run]) -> list[Run]:
    """White space as a browser shows it: runs of it are one space, none beside a line break, same styles joined."""
    shown: list[Run] = []
    after_space = True
    for text, style in runs:
        if text == BREAK:
            shown.append((BREAK, PLAIN))
            after_space = True
            continue
        text = _SPACE.sub(" ", clean_text(text))
        if after_space:
            text = text.lstrip(" ")
        if not text:
            continue
        after_space = text.endswith(" ")
        if shown and shown[-1][1] == style and shown[-1][0] != BREAK:
            shown[-1] = (shown[-1][0] + text, style)
        else:
            shown.append((text, style))
    return shown


def _links(runs: list[Run]) -> str:
    out = ""
    for href, group in groupby(runs, key=lambda run: run[1].href):
        members = list(group)
        if not href:
            out = _joined(out, _styled(members, 0, in_link=False))
            continue
        text = "".join(text for text, _style in members)
        lead, core, trail = _split_spaces(text)
        out = _joined(out + lead, _link(members, core, href)) + trail if core else out + lead
    return out


def _joined(before: str, text: str) -> str:
    """Two finished pieces side by side, kept from becoming an image, a link or one code span together."""
    if text.startswith("[") and before.endswith("!"):
        return before[:-1] + "\\!" + text
    if text.startswith("(") and before.endswith("]"):
        return before + "\\" + text
    if text.startswith("`") and before.endswith("`") and not before.endswith("\\`"):
        return f"{before} {text}"
    return before + text


def _link(runs: list[Run], text: str, href: str) -> str:
    address = _address(href)
    if not address:
        spoken = _spoken(href)
        inner = _styled(runs, 0, in_link=False).strip()
        return f"{inner} ({escape(spoken)})" if spoken and spoken not in text else inner
    if text == address and "%" not in address and _PLAIN_URL.match(address) and len(runs) == 1 and runs[0][1].is_plain:
        return f"<{address}>"
    inner = _styled(runs, 0, in_link=True).strip()
    address = _ENTITY.sub(r"\\&", address)
    return f"[{inner}]({address})" if inner else ""


def _address(href: str) -> str:
    """The address as a Markdown link holds it, or nothing for one that the product would not link."""
    href = _SPACE.sub("", _UNSEEN.sub("", href))[:2000]
    try:
        scheme = urlsplit(href).scheme.lower()
    except ValueError:
        return ""
    if scheme not in _LINKED and not (not scheme and href.startswith(("/", "#")) and not href.startswith("//")):
        return ""
    return quote(href, safe="%/:?#@!$&'+,;=~", encoding="utf-8", errors="ignore")


def _spoken(href: str) -> str:
    """An address that is worth reading though it cannot be a link."""
    scheme = href.split(":", 1)[0].lower()
    return _SPACE.sub("", href)[:500] if scheme in _SPOKEN else ""


def _styled(runs: list[Run], level: int, *, in_link: bool) -> str:
    if level == len(_LEVELS):
        return reduce(_joined, (_leaf(text, style, in_link) for text, style in runs), "")
    attribute, mark = _LEVELS[level]
    pieces = [
        (has, _styled(list(group), level + 1, in_link=in_link))
        for has, group in groupby(runs, key=lambda run: getattr(run[1], attribute))
    ]
    out = ""
    for position, (has, text) in enumerate(pieces):
        following = pieces[position + 1][1] if position + 1 < len(pieces) else ""
        out = _joined(out, _marked(text, mark, out, following) if has else text)
    return out


def _marked(text: str, mark: str, before: str, following: str) -> str:
    """`text` in emphasis marks where CommonMark will see them as such, else as it is."""
    lead, core, trail = _split_spaces(text)
    previous = (before + lead)[-1:] or " "
    following = (trail + following)[:1] or " "
    while core and _is_word(following) and core[-1] in ".,:;?…”’\"":
        core, trail = core[:-1], core[-1] + trail
        following = trail[0]
    while core and _is_word(previous) and core[0] in "“‘\"(":
        lead, core = lead + core[0], core[1:]
        previous = lead[-1]
    touches = (before + lead).endswith(mark[0]) or following == mark[0]
    opens = core and (not _is_punctuation(core[0]) or not _is_word(previous))
    closes = core and (not _is_punctuation(core[-1]) or not _is_word(following))
    if touches or not opens or not closes:
        return lead + core + trail
    return f"{lead}{mark}{core}{mark}{trail}"


def _split_spaces(text: str) -> tuple[str, str, str]:
    core = text.strip(" \n")
    if not core:
        return text, "", ""
    start = text.index(core)
    return text[:start], core, text[start + len(core):]


def _is_word(character: str) -> bool:
    return not character.isspace() and not _is_punctuation(character)


def _is_punctuation(character: str) -> bool:
    return not character.isalnum() and not character.isspace()


def _leaf(text: str, style: Style, in_link: bool) -> str:
    if text == BREAK:
        return BREAK
    if style.is_code:
        return code(text)
    if in_link:
        return _BRACKETS.sub(r"\\\g<0>", _escape_words(text, brackets=False))
    return escape(text)


def code(text: str) -> str:
    """A code span, fenced by one backtick more than it holds; spaces at its ends stay outside."""
    lead, core, trail = _split_spaces(text)
    if not core:
        return text
    longest = max((len(run) for run in re.findall(r"`+", core)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if core.startswith("`") or core.endswith("`") else ""
    return f"{lead}{fence}{pad}{core}{pad}{fence}{trail}"


def escape(text: str) -> str:
    """Plain text as Markdown that shows it unchanged; bare addresses stay links."""
    out, position = "", 0
    for match in _URL.finditer(text):
        url = match[0].rstrip(".,;:!?)'\"]}*_")
        if not _PLAIN_URL.match(url):
            address = _address(url)
            shown = _BRACKETS.sub(r"\\\g<0>", _escape_words(url, brackets=False))
            url_source = f"[{shown}]({address})" if address else _escape_words(url)
        else:
            url_source = url
        out = _joined(out + _escape_words(text[position:match.start()]), url_source)
        position = match.start() + len(url)
    return out + _escape_words(text[position:])


def _escape_words(text: str, *, brackets: bool = True) -> str:
    def escaped(match: re.Match[str]) -> str:
        found = match[0]
        if found == "_":
            before, after = text[max(0, match.start() - 1):match.start()], text[match.end():match.end() + 1]
            return "_" if before.isalnum() and after.isalnum() else "\\_"
        if found[0] == "~":
            return "\\~" * len(found)
        if found == "]" and not brackets:
            return found
        return "\\" + found

    return _SPECIAL.sub(escaped, text)


def _escape_line_start(line: str) -> str:
    match = _LINE_START.match(line)
    if not match:
        return line
    return f"\\{line}" if match["first"] else f"{match['number']}\\{line[match.end():]}"

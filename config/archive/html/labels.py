"""The words for things that other platforms show by colour, box or script and Markdown cannot."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

_SYSTEMS: Final = {
    "win": "Windows", "mac": "Mac", "linux": "Linux", "android": "Android", "ios": "iOS", "winxp": "Windows XP",
    "fx": "Firefox", "tb": "Thunderbird", "m": "Mobile", "web": "Web", "desktop": "Desktop", "mobile": "Mobile",
}
_VERSION: Final = re.compile(r"^(=?)([a-z]+)([\d.]+)$")
_BOXES: Final = {
    "note": "Note", "info": "Note", "warning": "Warning", "caution": "Caution", "danger": "Warning", "tip": "Tip",
    "important": "Important", "attention": "Warning",
}
_LANGUAGE: Final = re.compile(r"^(?:language-|lang-|brush:)([\w+#-]{1,30})$")
_SUPERSCRIPT: Final = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_YOUTUBE: Final = re.compile(r"^(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})")


def audience_label(value: str) -> str:
    """`win,linux` → “Windows, Linux”; `not fx140` → “before Firefox 140”; an unknown word stays itself."""
    value = value.strip()
    is_not = value.startswith("not ")
    names = [_one_system(part.strip(), is_not) for part in value.removeprefix("not ").split(",") if part.strip()]
    if not names:
        return ""
    label = ", ".join(names)
    versions = is_not and all(name.startswith("before ") for name in names)
    return f"not {label}" if is_not and not versions else label


def _one_system(word: str, is_not: bool) -> str:
    if word in _SYSTEMS:
        return _SYSTEMS[word]
    match = _VERSION.match(word)
    if not match:
        return word
    exactly, system, number = match.groups()
    name = f"{_SYSTEMS.get(system, system)} {number}"
    if exactly or system == "win":
        return name
    return f"before {name}" if is_not else f"{name} and later"


def box_label(classes: frozenset[str]) -> str:
    """“Note” for a `<div class="note">`; empty for an element that is no such box."""
    return next((_BOXES[name] for name in _BOXES if name in classes), "")


def code_language(classes: frozenset[str]) -> str:
    """The language that a code block's class names, or nothing."""
    return next((match[1] for name in sorted(classes) if (match := _LANGUAGE.match(name))), "")


def superscript(text: str) -> str:
    """`2` → `²`, so that 10² does not become 102; letters stay."""
    return text.translate(_SUPERSCRIPT)


def frame_address(source: str) -> str:
    """The page behind an embedded frame: a video's own page where the host is known."""
    match = _YOUTUBE.match(source)
    if match:
        return f"https://www.youtube.com/watch?v={match[1]}"
    return f"https:{source}" if source.startswith("//") else source


def frame_name(address: str, title: str) -> str:
    """What a link to a frame or video says."""
    host = urlsplit(address).hostname or ""
    return f"Video: {title}" if title else f"Video: {host.removeprefix('www.') or address}"

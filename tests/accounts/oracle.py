"""Judges HTML by parsing it: which elements, attributes and addresses are in it, whatever the renderer claims."""

from __future__ import annotations

import re
from html.parser import HTMLParser

ELEMENTS = set(
    """a blockquote br code del details div em h1 h2 h3 h4 h5 h6 hr img input kbd li ol p pre s span strong sub summary
    sup table tbody td th thead tr ul""".split()  # noqa: SIM905
)
ATTRIBUTES = {
    "a": {"href", "title", "class", "rel", "data-user", "id"}, "code": {"class"}, "details": {"class"},
    "div": {"class"}, "h1": {"id"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"},
    "img": {"src", "alt", "title", "width", "height"},
    "input": {"type", "checked", "disabled"}, "li": {"class", "id"}, "ol": {"start"}, "pre": {"class"},
    "span": {"class", "tabindex"}, "td": {"align"}, "th": {"align"},
}  # fmt: skip
VOID = {"br", "hr", "img", "input"}
EXECUTABLE = {"script", "iframe", "object", "embed", "svg", "math", "base", "link", "meta", "form", "style", "template"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f"<{tag}> has an attribute twice")
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_comment(self, data: str) -> None:
        self.problems.append(f"a comment: {data[:40]}")

    def handle_decl(self, decl: str) -> None:
        self.problems.append(f"a declaration: {decl[:40]}")


def unsafe(html: str) -> list[str]:
    """What a rendered text holds and may not; empty when it is safe."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    problems = reader.problems + [f"<{tag}> is left open" for tag in reader.open]
    for tag, attributes in reader.found:
        if tag not in ELEMENTS:
            problems.append(f"<{tag}> is not allowed")
        for name, value in attributes.items():
            if name not in ATTRIBUTES.get(tag, ()) or not _fits(tag, name, value):
                problems.append(f"<{tag} {name}={value[:60]!r}>")
    return problems


def _fits(tag: str, name: str, value: str) -> bool:
    """Whether a browser would do nothing but show it."""
    plain = re.sub(r"[\x00-\x20]", "", value).lower()  # browsers drop these from an address
    if name == "href":
        scheme = re.match(r"[a-z][a-z0-9+.-]*:", plain)
        return scheme is None or scheme[0] in {"http:", "https:", "mailto:"}
    if name == "src":
        return re.match(r"/(?![/\\])", plain) is not None
    if name == "id":
        return re.fullmatch(r"fn(ref)?-[0-9a-f]+-\d+" if tag in {"a", "li"} else "h-.*", value, re.DOTALL) is not None
    if name == "type":
        return value == "checkbox"
    return not (tag == "input" and name not in {"checked", "disabled"})


def executable(page: str, mark: str, nonce: str = "") -> list[str]:
    """What in a whole page could run, or came out of a stranger's text as an element (`mark` is the name they used)."""
    reader = _Reader()
    reader.feed(page)
    problems = []
    for tag, attributes in reader.found:
        told = f"<{tag} {' '.join(f'{name}={value[:40]!r}' for name, value in attributes.items())}>"
        is_data = attributes.get("type") == "application/ld+json"  # what a topic is, for machines: never run
        is_foreign = tag == "script" and not is_data and attributes.get("nonce", "") != nonce
        if tag == mark or mark in attributes.get("id", "") or is_foreign:
            problems.append(told)
        if any(name.startswith("on") or name in {"style", "srcdoc", "formaction"} for name in attributes):
            problems.append(told)
        addresses = [re.sub(r"[\x00-\x20]", "", attributes.get(name, "")).lower() for name in ("href", "src", "action")]
        if any(address.startswith(("javascript:", "vbscript:", "data:text")) for address in addresses):
            problems.append(told)
    return problems

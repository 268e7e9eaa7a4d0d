"""The text of a page as runs: styles, links, pictures and videos. Blocks are its subclass's business."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin

from config.archive.html import labels, tags
from config.archive.html.blocks import Block, Row
from config.archive.html.inline import BREAK, PLAIN, Run, Style

_EMOJI: Final = frozenset({"emoji", "smiley", "smilies", "emoticon"})
_RAISED: Final = re.compile(r"^[\d+()-]+$")
Attributes = dict[str, str]


@dataclass(slots=True, eq=False)
class Frame:
    """An open element: what it collected, and what to put back when it ends."""

    tag: str
    role: str = ""
    style: Style = PLAIN
    classes: frozenset[str] = frozenset()
    blocks: list[Block] = field(default_factory=list)
    items: list[list[Block]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    label: str = ""
    start: int | None = None
    is_spanned: bool = False
    words: list[str] = field(default_factory=list)


class WordReader(HTMLParser):
    """`runs` is the paragraph being written; `verbatim` the code being read; `silent` counts open videos and frames."""

    def __init__(self, base_url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base_url = base_url
        self.root = Frame("", role="root")
        self.stack = [self.root]
        self.containers = [self.root]
        self.style = PLAIN
        self.runs: list[Run] = []
        self.verbatim: list[str] | None = None
        self.silent = 0
        self.raised = 0

    def flush(self) -> None:
        """End the paragraph."""
        raise NotImplementedError

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.verbatim is not None:
            self.verbatim.append(data)
            return
        if self.raised and _RAISED.match(data.strip()):
            data = labels.superscript(data)
        if self.runs and self.runs[-1][0].startswith("Image") and self.runs[-1][1].href and data[:1].isalnum():
            self.runs.append((" ", PLAIN))
        self.runs.append((data, self.style))

    def _start_inline(self, frame: Frame, attributes: Attributes) -> None:
        tag, classes, style = frame.tag, frame.classes, self.style
        if tag == "a" and attributes.get("href"):
            style = replace(style, href=self._absolute(attributes["href"]))
        if tag in tags.STRONG or classes & {"menu", "button"}:
            style = replace(style, is_strong=True)
        if tag in tags.EMPHASIS:
            style = replace(style, is_emphasis=True)
        if tag in tags.STRUCK:
            style = replace(style, is_struck=True)
        if tag in tags.CODE or (tag == "span" and classes & {"key", "filepath", "pref"}):
            style = replace(style, is_code=True)
        self.style = style
        if "for" in classes:
            self._start_system_words(frame, labels.audience_label(attributes.get("data-for", "")))
        elif tag == "q":
            frame.role = "words"
            frame.label = "”"
            self.runs.append(("“", style))
        elif tag in {"abbr", "acronym"} and attributes.get("title"):
            frame.role, frame.label = "words", f" ({attributes['title']})"
        elif tag == "sup":
            frame.role = "raised"
            self.raised += 1

    def _start_system_words(self, frame: Frame, label: str) -> None:
        if not label:
            return
        if self.runs and self.runs[-1][0] == ")":
            self.runs.append((" ", PLAIN))
        plain = Style(href=self.style.href)
        frame.role, frame.label, frame.words = "words", ")", [f"({label}: "]
        self.runs.append((frame.words[0], plain))

    def _open_brackets_as_words(self) -> None:
        """A block inside “(Windows: …” ends the paragraph, so the bracket that nothing will close goes."""
        for frame in self.stack:
            if frame.role == "words" and frame.words:
                opening, frame.words, frame.label = frame.words[0], [], ""
                for position in range(len(self.runs) - 1, -1, -1):
                    if self.runs[position][0] == opening:
                        self.runs[position] = (opening[1:], self.runs[position][1])
                        break

    def _end_words(self, frame: Frame) -> None:
        if not frame.label:
            return
        trimmed = frame.words and self._trim_to(frame.words[0])
        if frame.words and self.runs and self.runs[-1][0] == frame.words[0]:
            self.runs.pop()  # nothing stood in the brackets
            return
        self.runs.append((frame.label, Style(href=frame.style.href)))
        if trimmed:
            self.runs.append((" ", PLAIN))

    def _trim_to(self, opening: str) -> bool:
        """Take white space and line breaks off the end, so that no bracket closes after a gap; says whether it did."""
        before = len(self.runs), self.runs[-1:]
        while self.runs and self.runs[-1][0] != opening:
            text, style = self.runs.pop()
            if text.strip():
                self.runs.append((text.rstrip(), style))
                break
        return before != (len(self.runs), self.runs[-1:])

    def _end_raised(self, _frame: Frame) -> None:
        self.raised -= 1

    def _start_in_code(self, frame: Frame, attributes: Attributes) -> None:
        if frame.tag == "a" and attributes.get("href"):
            frame.role, frame.label = "code_link", self._absolute(attributes["href"])
            frame.start = len(self.verbatim or [])
        elif frame.tag in tags.BLOCKS and self.verbatim and not self.verbatim[-1].endswith("\n"):
            self.verbatim.append("\n")

    def _end_code_link(self, frame: Frame) -> None:
        """An address cannot be a link in code, so it follows its words where it says something new."""
        if self.verbatim is None:
            return
        text = "".join(self.verbatim[frame.start or 0:])
        is_new = text.strip() and frame.label.rstrip("/") not in text
        if is_new and not frame.label.startswith("#"):
            self.verbatim.append(f" ({frame.label})")

    def _void(self, tag: str, attributes: Attributes, classes: frozenset[str]) -> None:
        if tag == "source":
            if self.stack[-1].role == "media" and not self.stack[-1].label:
                self.stack[-1].label = attributes.get("src", "")
        elif self.silent:
            return
        elif tag == "br":
            self.handle_data("\n") if self.verbatim is not None else self.runs.append((BREAK, PLAIN))
        elif tag == "hr" and self.verbatim is None:
            self.flush()
            self.containers[-1].blocks.append(Block("rule", "___"))
        elif tag == "img":
            self._image(attributes, classes)
        elif tag == "embed":
            self._media_link(attributes.get("src", ""), attributes.get("title", ""))

    def _image(self, attributes: Attributes, classes: frozenset[str]) -> None:
        alt = " ".join(attributes.get("alt", "").split())
        source = attributes.get("data-original-src") or attributes.get("data-src") or attributes.get("src", "")
        if classes & _EMOJI or (alt and len(alt) <= 3 and not alt.isalnum()):
            self.handle_data(alt)
            return
        address = "" if source.startswith("data:") else self._absolute(source) if source else ""
        if not alt and not address:
            return
        name = f"Image: {alt}" if alt else "Image"
        if self.verbatim is not None:
            self.verbatim.append(f"{name} ({address})" if address else name)
            return
        if self.runs and self.runs[-1][0][-1:].isalnum():
            self.runs.append((" ", PLAIN))
        self.runs.append((name, replace(self.style, is_code=False, href=self.style.href or address)))

    def _start_media(self, frame: Frame, attributes: Attributes) -> None:
        frame.role = "media"
        frame.label = attributes.get("src") or attributes.get("data", "")
        frame.words = [attributes.get("title", "")]
        if frame.tag != "object":
            self.silent += 1

    def _end_media(self, frame: Frame) -> None:
        if frame.tag != "object":
            self.silent -= 1
        self._media_link(frame.label, frame.words[0])

    def _media_link(self, source: str, title: str) -> None:
        address = self._absolute(labels.frame_address(source.strip())) if source.strip() else ""
        if not address or self.silent or self.verbatim is not None:
            return
        self.runs.append((" ", PLAIN))
        self.runs.append((labels.frame_name(address, title), Style(href=address)))
        self.runs.append((" ", PLAIN))

    def _absolute(self, href: str) -> str:
        href = href.strip()
        if href.startswith("#") or not self.base_url:
            return href
        try:
            return urljoin(self.base_url, href)
        except ValueError:
            return href

"""Balanced HTML to blocks, in one pass with an explicit stack.

A *container* (quote, list item, cell, box) collects blocks of its own; everything else only ends paragraphs or changes
the style of the text. Beyond `DEEPEST` containers an element keeps its words and loses its box.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from accounts.text import heading_anchor
from config.archive.html import labels, tags
from config.archive.html.blocks import (
    Block,
    Row,
    code_block,
    heading_block,
    joined,
    list_block,
    quote_block,
    table_blocks,
)
from config.archive.html.inline import BREAK, PLAIN, Run, clean_text, escape, paragraph
from config.archive.html.words import Attributes, Frame, WordReader

DEEPEST: Final = 12
_LABELLED: Final = re.compile(
    r"^\**(?:note|info|tip|hint|warning|important|caution|attention|danger)\b|^\*\*", re.IGNORECASE
)
_FRAGMENT: Final = re.compile(r"\]\(#([^)\s]+)\)")


class Builder(WordReader):
    """The start and the end of a block finish the paragraph; each container is finished by its `_end_<role>`."""

    def __init__(self, base_url: str, heading_shift: int = 0) -> None:
        super().__init__(base_url)
        self.heading_shift = heading_shift
        self.anchors: dict[str, str] = {}
        self.taken: set[str] = set()

    def finished(self) -> str:
        """The whole text; links to headings in it follow them to their new names."""
        self.flush()
        source = joined(self.root.blocks)
        return _FRAGMENT.sub(lambda match: f"](#{self.anchors.get(match[1], match[1])})", source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        classes = frozenset(attributes.get("class", "").split())
        if tag in tags.VOID:
            self._void(tag, attributes, classes)
            return
        frame = Frame(tag, style=self.style, classes=classes)
        self.stack.append(frame)
        if self.verbatim is not None:
            self._start_in_code(frame, attributes)
        elif tag in tags.HEADINGS or tag in tags.CONTAINERS or tag in tags.BLOCKS or tag == "pre":
            self._start_block(frame, attributes)
        elif tag in tags.MEDIA:
            self._start_media(frame, attributes)
        else:
            self._start_inline(frame, attributes)

    def handle_endtag(self, tag: str) -> None:
        if len(self.stack) == 1 or self.stack[-1].tag != tag:
            return
        frame = self.stack.pop()
        if frame.role:
            getattr(self, f"_end_{frame.role}")(frame)
        elif tag in tags.BLOCKS or tag in tags.CONTAINERS or tag in tags.HEADINGS:
            self.flush()
        self.style = frame.style

    def _start_block(self, frame: Frame, attributes: Attributes) -> None:
        self.flush()
        role = self._role(frame)
        if role == "code":
            frame.role, self.verbatim = role, []
        if not role or role == "code":
            if frame.tag == "summary":
                self.style = replace(self.style, is_strong=True)
            return
        if role != "heading" and len(self.containers) > DEEPEST:
            return
        if role in {"list", "definitions"} and self.containers[-1].role == "list":
            self._adopt_loose_blocks(self.containers[-1])
        if role == "definition" and self.containers[-1].blocks:
            self._set_aside(self.containers[-1])
        frame.role = role
        frame.label = attributes.get("id", "") if role == "heading" else self._label(frame, attributes)
        frame.start = _whole(attributes.get("start", ""), 1) if frame.tag == "ol" else None
        frame.is_spanned = any(_whole(attributes.get(name, ""), 1) > 1 for name in ("colspan", "rowspan"))
        if frame.tag == "th" and len(self.containers) > 1 and self.containers[-2].rows:
            self.style = replace(self.style, is_strong=True)
        self.containers.append(frame)

    def _role(self, frame: Frame) -> str:
        """What the end of this element does, as the second half of a method's name; empty for a mere paragraph."""
        tag, parent = frame.tag, self.containers[-1].role
        if tag in tags.HEADINGS:
            return "heading" if parent != "heading" else ""
        if tag in {"ul", "ol", "menu", "dir"}:
            return "list"
        if tag == "li":
            return "item" if parent == "list" else ""
        if tag in {"dt", "dd"}:
            return "definition" if parent == "definitions" else ""
        if tag == "tr":
            return "row" if parent == "table" else ""
        if tag in {"td", "th"}:
            return "cell" if parent == "row" else ""
        if tag in tags.BLOCKS:
            return "system" if "for" in frame.classes else "box" if labels.box_label(frame.classes) else ""
        return {"pre": "code", "blockquote": "quote", "dl": "definitions", "table": "table"}.get(tag, "")

    def _label(self, frame: Frame, attributes: Attributes) -> str:
        if frame.role == "system":
            return labels.audience_label(attributes.get("data-for", ""))
        return labels.box_label(frame.classes) if frame.role == "box" else ""

    def flush(self) -> None:
        """End the paragraph. Two line breaks in a row end one as well."""
        if not self.runs:
            return
        self._open_brackets_as_words()
        runs, self.runs = self.runs, []
        part: list[Run] = []
        breaks = 0
        for run in [*runs, (BREAK, PLAIN), (BREAK, PLAIN)]:
            breaks = breaks + 1 if run[0] == BREAK else breaks if not run[0].strip() else 0
            part.append(run)
            if breaks == 2:
                self._add_text(part)
                part, breaks = [], 0

    def _add_text(self, runs: list[Run]) -> None:
        source = paragraph(runs)
        if source:
            self.containers[-1].blocks.append(Block("text", source))
            if self.containers[-1].role == "heading":
                self.containers[-1].words.append(" ".join("".join(text for text, _style in runs).split()))

    def _leave(self, frame: Frame) -> Frame:
        """Close a container; returns the one around it."""
        self.flush()
        self.containers.pop()
        return self.containers[-1]

    def _end_heading(self, frame: Frame) -> None:
        parent = self._leave(frame)
        level = min(6, tags.HEADINGS[frame.tag] + self.heading_shift)
        if not frame.blocks:
            return
        if any(block.kind != "text" for block in frame.blocks):
            parent.blocks.extend(frame.blocks)
            return
        parent.blocks.append(heading_block(" ".join(block.source for block in frame.blocks), level))
        parent.blocks[-1] = replace(parent.blocks[-1], words=clean_text(" ".join(frame.words)), anchor=frame.label)
        if parent.role != "system":
            self._name_heading(parent.blocks[-1])

    def _name_heading(self, heading: Block) -> None:
        """Remember under which name the page will know this heading (`mdit_py_plugins.anchors` numbers equal ones)."""
        if heading.level > 3:
            return
        name, number = heading_anchor(heading.words), 1
        unique = name
        while unique in self.taken:
            unique, number = f"{name}-{number}", number + 1
        self.taken.add(unique)
        if heading.anchor:
            self.anchors.setdefault(heading.anchor, unique)

    def _end_code(self, frame: Frame) -> None:
        text, self.verbatim = clean_text("".join(self.verbatim or []).replace("\u00a0", " ")), None
        block = code_block(text, labels.code_language(frame.classes))
        if block:
            self.containers[-1].blocks.append(block)

    def _end_quote(self, frame: Frame) -> None:
        self._append(self._leave(frame), quote_block(frame.blocks))

    def _end_list(self, frame: Frame) -> None:
        parent = self._leave(frame)
        self._adopt_loose_blocks(frame)
        self._append(parent, list_block(frame.items, frame.start))

    def _end_item(self, frame: Frame) -> None:
        parent = self._leave(frame)
        self._adopt_loose_blocks(parent)
        parent.items.append(frame.blocks)

    @staticmethod
    def _adopt_loose_blocks(frame: Frame) -> None:
        """What stands in a list outside its items belongs to the item before it."""
        if frame.blocks:
            if frame.items and frame.items[-1]:
                frame.items[-1].extend(frame.blocks)
            else:
                frame.items.append(frame.blocks)
            frame.blocks = []

    def _end_definition(self, frame: Frame) -> None:
        parent = self._leave(frame)
        parent.items.append(frame.blocks)
        parent.kinds.append(frame.tag)

    @staticmethod
    def _set_aside(frame: Frame) -> None:
        """What stands in a definition list outside its terms keeps its place."""
        frame.items.append(frame.blocks)
        frame.kinds.append("")
        frame.blocks = []

    def _end_definitions(self, frame: Frame) -> None:
        """Terms as paragraphs, what they mean as a list below them; a list of one sort was only indented text."""
        parent = self._leave(frame)
        is_list = {"dt", "dd"} <= set(frame.kinds)
        self._set_aside(frame)
        pending: list[list[Block]] = []
        for kind, blocks in zip(frame.kinds, frame.items, strict=True):
            if kind == "dd" and is_list:
                pending.append(blocks)
                continue
            self._append(parent, list_block(pending, None))
            pending = []
            parent.blocks.extend(blocks)

    def _end_table(self, frame: Frame) -> None:
        parent = self._leave(frame)
        parent.blocks.extend(frame.blocks)
        parent.blocks.extend(table_blocks(frame.rows))

    def _end_row(self, frame: Frame) -> None:
        parent = self._leave(frame)
        parent.rows.append(Row(frame.items, is_spanned=frame.is_spanned))

    def _end_cell(self, frame: Frame) -> None:
        parent = self._leave(frame)
        parent.items.append(frame.blocks)
        parent.is_spanned |= frame.is_spanned

    def _end_box(self, frame: Frame) -> None:
        """A note or warning: a quote that begins with its name in bold, if it does not say so itself."""
        parent = self._leave(frame)
        blocks = frame.blocks
        if blocks and blocks[0].kind == "text":
            if not _LABELLED.match(blocks[0].source):
                blocks[0] = Block("text", f"**{frame.label}:** {blocks[0].source}")
        elif blocks:
            blocks.insert(0, Block("text", f"**{frame.label}:**"))
        self._append(parent, quote_block(blocks))

    def _end_system(self, frame: Frame) -> None:
        """What one system's readers were shown alone: named at its headings, or before a paragraph or box."""
        parent = self._leave(frame)
        blocks, label = frame.blocks, escape(frame.label)
        if label and blocks and blocks[0].kind == "heading":
            blocks = [self._labelled(block, blocks[0].level, frame.label) for block in blocks]
        elif label and blocks and blocks[0].kind == "text" and len(blocks) == 1:
            blocks = [Block("text", f"**{label}:** {blocks[0].source}")]
        elif label and len(blocks) == 1:
            blocks = [Block("text", f"**{label}:**"), *blocks]
        elif label and blocks:
            blocks = [quote_block([Block("text", f"**{label}:**"), *blocks]) or blocks[0]]
        parent.blocks.extend(blocks)
        if parent.role != "system":
            for block in blocks:
                if block.kind == "heading":
                    self._name_heading(block)

    @staticmethod
    def _labelled(block: Block, level: int, label: str) -> Block:
        if block.kind != "heading" or block.level > level:
            return block
        return replace(block, source=f"{block.source} ({escape(label)})", words=f"{block.words} ({label})")

    @staticmethod
    def _append(parent: Frame, block: Block | None) -> None:
        if block:
            parent.blocks.append(block)

def _whole(value: str, default: int) -> int:
    return int(value) if value.strip().isascii() and value.strip().isdigit() and len(value) < 10 else default

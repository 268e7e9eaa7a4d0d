"""Finished blocks of Markdown put together: lists, quotes, tables. Each takes and gives `Block`s."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_CELL_LIMIT: Final = 1_000
_FENCE: Final = re.compile(r"`{3,}")


@dataclass(frozen=True, slots=True)
class Block:
    """`kind` is text, heading, list, quote, code, table or rule; `level` is a heading's, or 1 for an ordered list.

    A heading also knows its plain `words` and the `anchor` by which its own page linked to it.
    """

    kind: str
    source: str
    level: int = 0
    words: str = ""
    anchor: str = ""


@dataclass(slots=True)
class Row:
    cells: list[list[Block]] = field(default_factory=list)
    is_spanned: bool = False


def joined(blocks: list[Block]) -> str:
    """Blocks one under the other; lists that follow each other get other markers, or they would become one."""
    parts: list[str] = []
    flipped = False
    for before, block in zip([None, *blocks], blocks, strict=False):
        source = block.source
        follows = before is not None and before.kind == block.kind == "list" and before.level == block.level
        flipped = follows and not flipped
        parts.append(_other_markers(source) if flipped else source)
    return "\n\n".join(parts)


def _other_markers(source: str) -> str:
    """`-` becomes `*` and `1.` becomes `1)` on the list's own items."""
    source = re.sub(r"^-(?= )", "*", source, flags=re.MULTILINE)
    return re.sub(r"^(\d+)\.(?= )", r"\1)", source, flags=re.MULTILINE)


def list_block(items: list[list[Block]], start: int | None) -> Block | None:
    """A list; `start` is None for bullets. Tight when no item holds more than a text and lists below it."""
    items = [item for item in items if item]
    if not items:
        return None
    tight = all(_is_tight(item) for item in items)
    entries = []
    for position, item in enumerate(items):
        marker = "- " if start is None else f"{min(start + position, 999_999_999)}. "
        body = "\n".join(block.source for block in item) if tight else joined(item)
        entries.append(marker + indented(body, len(marker)))
    return Block("list", ("\n" if tight else "\n\n").join(entries), 0 if start is None else 1)


def _is_tight(item: list[Block]) -> bool:
    if item[0].kind not in {"text", "list"}:
        return False
    if len(item) > 1 and item[0].kind == "list":
        return False
    # Two lists under one text need the blank line that keeps them apart; a number other than 1 cannot end a paragraph.
    return len(item) == 1 or (len(item) == 2 and item[1].kind == "list" and item[1].source[:2] in {"- ", "1."})


def indented(source: str, width: int) -> str:
    """All lines after the first moved to the right."""
    return re.sub(r"\n(?=[^\n])", "\n" + " " * width, source)


def quote_block(blocks: list[Block]) -> Block | None:
    if not blocks:
        return None
    return Block("quote", "\n".join(f"> {line}".rstrip() for line in joined(blocks).split("\n")))


def heading_block(source: str, level: int) -> Block:
    """One line; a closing run of # would be swallowed."""
    line = " ".join(source.split())
    line = re.sub(r"(^|\s)(#+)$", lambda match: f"{match[1]}\\{match[2]}", line)
    return Block("heading", f"{'#' * level} {line}", level)


def code_block(text: str, language: str) -> Block | None:
    text = text.strip("\n")
    if not text.strip():
        return None
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return Block("code", f"{fence}{language}\n{text}\n{fence}")


def table_blocks(rows: list[Row]) -> list[Block]:
    """A pipe table where its cells are lines of text; otherwise each row as text, with the column's name before it."""
    rows = [row for row in rows if any(row.cells)]
    if not rows:
        return []
    if max(len(row.cells) for row in rows) == 1:
        return [block for row in rows for cell in row.cells for block in cell]
    if all(not row.is_spanned and all(_fits(cell) for cell in row.cells) for row in rows):
        return [_pipe_table(rows)]
    return _row_texts(rows)


def _fits(cell: list[Block]) -> bool:
    return all(block.kind == "text" for block in cell) and sum(len(block.source) for block in cell) <= _CELL_LIMIT


def _pipe_table(rows: list[Row]) -> Block:
    width = max(len(row.cells) for row in rows)
    lines = []
    for row in rows:
        texts = [_cell(cell) for cell in row.cells] + [""] * (width - len(row.cells))
        lines.append(f"| {' | '.join(texts)} |")
    lines.insert(1, "|" + " --- |" * width)
    return Block("table", "\n".join(lines))


def _cell(blocks: list[Block]) -> str:
    # Line breaks cannot stand in a cell, so its lines are set apart by a slash.
    lines = [line for block in blocks for line in block.source.split("\n") if line]
    return " / ".join(lines).replace("|", "\\|")


def _row_texts(rows: list[Row]) -> list[Block]:
    """Rows as a list; cells of one line are joined by dashes, longer ones follow as blocks."""
    items: list[list[Block]] = []
    for row in rows:
        cells = [cell for cell in row.cells if cell]
        item: list[Block] = []
        for cell in cells:
            is_line = len(cell) == 1 and cell[0].kind == "text" and "\n" not in cell[0].source
            if is_line and item and item[-1].kind == "text" and item[-1].level == 1:
                item[-1] = Block("text", f"{item[-1].source} — {cell[0].source}", 1)
            elif is_line:
                item.append(Block("text", cell[0].source, 1))
            else:
                item.extend(cell)
        if item:
            items.append(item)
    block = list_block(items, None)
    return [block] if block else []

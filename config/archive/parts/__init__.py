"""What an archive holds beside spaces, sections, members, articles, wiki, threads and ideas; a file each."""

from __future__ import annotations

from typing import Final

from config.archive.parts.base import Part
from config.archive.parts.polls import PollPart
from config.archive.parts.reactions import ReactionPart

PARTS: Final[tuple[Part, ...]] = (PollPart(), ReactionPart())

__all__ = ["PARTS", "Part"]

"""What an archive holds beside spaces, sections, members, articles, wiki, threads and ideas; a file each."""

from __future__ import annotations

from typing import Final

from config.archive.parts.base import Part
from config.archive.parts.belonging import AskedPart, MembershipPart
from config.archive.parts.bookmarks import BookmarkPart
from config.archive.parts.conversations import ConversationPart
from config.archive.parts.files import AttachedPart, FilePart
from config.archive.parts.ignored import IgnoredPart
from config.archive.parts.muted import MutedPart
from config.archive.parts.pictures import PicturePart
from config.archive.parts.polls import PollPart
from config.archive.parts.reactions import ReactionPart
from config.archive.parts.searches import SearchPart
from config.archive.parts.shaping import ShapingPart

PARTS: Final[tuple[Part, ...]] = (
    FilePart(), PicturePart(), PollPart(), ReactionPart(), MembershipPart(), BookmarkPart(), ConversationPart(),
    AttachedPart(), IgnoredPart(), MutedPart(), AskedPart(), SearchPart(), ShapingPart(),
)  # fmt: skip

__all__ = ["PARTS", "Part"]

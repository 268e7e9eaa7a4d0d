"""The dump as a whole: people first, then each file into its table, then question by question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from config.archive.foreign import xml
from config.archive.foreign.base import MEMBERS, Foreign, Options, Rows, Unreadable
from config.archive.foreign.names import Names
from config.archive.foreign.people import about_of
from config.archive.foreign.scratch import Scratch
from config.archive.foreign.spaces import space_row
from config.archive.foreign.stackexchange import tables, words
from config.archive.foreign.stackexchange.threads import Threads
from config.archive.problem import RowProblem

_FILES: Final = ("Posts", "Users", "Comments", "Tags", "Votes", "PostLinks", "PostHistory")
_NOT_BROUGHT: Final = "is not brought along"


class StackExchange(Foreign):
    """The folder of a site's dump, unpacked: Posts.xml and whichever of the others are there."""

    platform = "Stack Exchange"
    version = 2

    def __init__(self, path: Path, options: Options) -> None:
        super().__init__(path, options)
        self.found = {name: file for name in _FILES if (file := path / f"{name}.xml").is_file()}

    def files(self) -> list[Path]:
        if "Posts" not in self.found:
            raise Unreadable(f"{self.path} has no Posts.xml. Name the folder of an unpacked site dump.")
        return list(self.found.values())

    def rows(self, scratch: Scratch) -> Rows:
        self.names = Names(scratch)
        scratch.script(tables.SCHEMA)
        yield "spaces", space_row(self.options, kinds=["question", "idea", "discussion"])
        yield from self._members()
        twice = "has an id that is used twice"
        self.leave("answers", twice, scratch.write(tables.POST, self._posts()))
        self.leave("comments", twice, scratch.write(tables.COMMENT, self._children("Comments", self._comment)))
        self.leave("versions of texts", twice, scratch.write(tables.HISTORY, self._children("PostHistory", self._step)))
        scratch.write(tables.LINK, self._links())
        scratch.write(tables.FAN, self._votes())
        scratch.script(tables.INDEXES)
        self._count_tags()
        yield from Threads(self, scratch)()

    def of_person(self, values: tables.Values, person: str = "UserId", shown: str = "UserDisplayName") -> str | None:
        """The username of whoever a row names: by id, else by the name that is left of a deleted person."""
        known = self.names.of(values.get(person))
        if known is None and (name := values.get(shown)):
            return self.names.give(f"gone:{name}", name)
        return known

    def leave(self, noun: str, why: str, number: int) -> None:
        """So many of a noun are left out for a reason."""
        if number:
            self.ledger.left[noun, why] += number

    def _read(self, name: str) -> Iterator[tables.Values]:
        if name not in self.found:
            return
        try:
            yield from xml.rows(self.found[name], self.progress)
        except RowProblem as problem:
            self.problem(f"{name}.xml", 0, problem.why)

    def _members(self) -> Rows:
        for values in self._read("Users"):
            self.ledger.found["users"] += 1
            person = values.get("Id", "")
            if not person or self.names.of(person):
                self.ledger.left["users", "has no id, or one that is used twice"] += 1
                continue
            shown = values.get("DisplayName", "")
            self.ledger.became["users", MEMBERS] += 1
            yield "members", {
                "username": self.names.give(person, shown), "name": shown[:150], "joined": values.get("CreationDate"),
                "about": about_of(values.get("AboutMe", ""), base_url=self.options.base_url),
                "url": self.home(f"users/{person}"),
            }  # fmt: skip

    def _posts(self) -> Iterator[tuple[Any, ...]]:
        for values in self._read("Posts"):
            noun = tables.noun_of_post(values)
            self.ledger.found[noun] += 1
            if noun not in {"questions", "answers"}:
                self.ledger.left[noun, _NOT_BROUGHT] += 1
                continue
            row = tables.post_row(values)
            if row is None:
                self.ledger.left[noun, "has no id, or names no question"] += 1
                self.problem("Posts.xml", 0, "has no id, or names no question", row=values.get("Id", ""))
                continue
            yield row

    def _children(self, name: str, take: Callable[[tables.Values], tuple | None]) -> Iterator[tuple[Any, ...]]:
        return (row for values in self._read(name) if (row := take(values)))

    def _comment(self, values: tables.Values) -> tuple | None:
        self.ledger.found["comments"] += 1
        row = tables.child_row(values, ("Score", "Text", "CreationDate", "UserId", "UserDisplayName"))
        if row is None:
            self.ledger.left["comments", "has no id, or names no post"] += 1
        return row

    def _step(self, values: tables.Values) -> tuple | None:
        noun = tables.noun_of_step(values)
        self.ledger.found[noun] += 1
        if values.get("PostHistoryTypeId") in tables.BODIES | tables.TITLES:
            names = ("PostHistoryTypeId", "RevisionGUID", "CreationDate", "UserId", "UserDisplayName", "Text")
            if row := tables.child_row(values, names):
                return *row, noun
        self.ledger.left[noun, _NOT_BROUGHT] += 1
        return None

    def _links(self) -> Iterator[tuple[int, int]]:
        for values in self._read("PostLinks"):
            is_duplicate = values.get("LinkTypeId") == "3"
            noun = "duplicates" if is_duplicate else "links between posts"
            self.ledger.found[noun] += 1
            post, other = tables.number(values, "PostId"), tables.number(values, "RelatedPostId")
            if not is_duplicate:
                self.ledger.left[noun, "stands in the text"] += 1
            elif post is None or other is None:
                self.ledger.left[noun, "names no post"] += 1
            else:
                yield post, other

    def _votes(self) -> Iterator[tuple[int, str]]:
        """Votes have no voters in a dump, and posts have their score; only favourites name a person."""
        for values in self._read("Votes"):
            noun = words.VOTES.get(values.get("VoteTypeId", ""), "other votes")
            self.ledger.found[noun] += 1
            post, fan = tables.number(values, "PostId"), values.get("UserId")
            if noun == "favourites" and fan and post is not None:
                self.ledger.became[noun, "followers"] += 1
                yield post, fan
            elif noun in {"up votes", "down votes"}:
                self.ledger.became[noun, "score of a post"] += 1
            else:
                self.ledger.left[noun, _NOT_BROUGHT] += 1

    def _count_tags(self) -> None:
        for _values in self._read("Tags"):
            self.ledger.found["tags"] += 1
            self.ledger.became["tags", "tags of topics"] += 1

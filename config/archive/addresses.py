"""Old addresses: the one short name under which each form of an address is known, and the book of what stands where.

`/questions/7/some-words` and `/q/7` of a Stack Exchange site are both `q/7`, so a book with one line a thing answers
for every form. Rules are applied alike when a line is written and when somebody comes by an old address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from community.forums.models import Post
from config.archive import links
from config.models import OldAddress

Kind = OldAddress.Kind
_CHUNK: Final = 400
# A forum may have stood in a folder; what is before the known words stays before the name.
_FORMS: Final[tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]] = tuple(
    (re.compile(rf"^((?:[^/]+/)*?){pattern}/?$"), names)
    for pattern, names in (
        # Stack Exchange: questions, answers under them, revisions, people
        (r"questions/(\d+)/[^/]+/(\d+)", ("a/{1}", "q/{0}")),
        (r"(?:questions|q)/(\d+)(?:/[^/]*)?", ("q/{0}",)),
        (r"a/(\d+)(?:/\d+)?", ("a/{0}",)),
        (r"posts/(\d+)(?:/[^/]*)?", ("a/{0}", "q/{0}")),
        (r"users/(\d+)(?:/.*)?", ("users/{0}",)),
        # Discourse: topics with and without words, posts by number and by id, people, categories
        (r"t/[^/]*[^/\d][^/]*/(\d+)/(\d+)", ("t/{0}/{1}", "t/{0}")),
        (r"t/(\d+)/(\d+)", ("t/{0}/{1}", "t/{0}")),
        (r"t/(?:[^/]*[^/\d][^/]*/)?(\d+)", ("t/{0}",)),
        (r"t/(\d+)/[^/]*[^/\d][^/]*", ("t/{0}",)),  # and this product's own, whatever the words
        (r"p/(\d+)(?:/\d+)?", ("p/{0}",)),
        (r"(?:u|users)/([^/]+)(?:/.*)?", ("u/{0}",)),
        (r"c/(?:[^/]+/)*?(\d+)(?:/.*)?", ("c/{0}",)),
    )
)
_TOPIC: Final = re.compile(r"^t/(\d+)/")
_POST: Final = re.compile(r"^post=(\d{1,9})(?:&|$)")
# phpBB: which argument of which page names what, the most exact first.
_PHP: Final = {
    "viewtopic.php": (("p", "p"), ("t", "t")), "viewforum.php": (("f", "f"),), "memberlist.php": (("u", "u"),),
}  # fmt: skip


def names_of(url: str) -> list[str]:
    """The names under which an address (with or without its host) may stand in the book, the most exact first."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return []
    path = "/".join(unquote(part) for part in parts.path.split("/") if part)
    names = [*_php(path, parts.query), *_own(path, parts.query), *_forms(path), *links.paths_of(url)]
    return [links.short(name) for name in dict.fromkeys(names) if name]


def _forms(path: str) -> list[str]:
    for pattern, names in _FORMS:
        if found := pattern.match(path):
            base, *values = found.groups()
            return [base + name.format(*values) for name in names]
    return []


def _own(path: str, query: str) -> list[str]:
    """A post of this product, wherever it stood before: `/t/7/words/?post=3` is `t/7/3`."""
    topic, post = _TOPIC.match(path), _POST.match(query)
    return [f"t/{topic[1]}/{post[1]}"] if topic and post else []


def _php(path: str, query: str) -> list[str]:
    base, _slash, page = path.rpartition("/")
    base = f"{base}/" if base else ""
    given = parse_qs(query, max_num_fields=100) if page in _PHP and query.count("&") < 100 else {}
    return [
        f"{base}{page}?{name}={given[argument][0]}"
        for argument, name in _PHP.get(page, ()) if given.get(argument, [""])[0].isdigit()
    ]  # fmt: skip


class AddressBook:
    """The addresses of a batch, written at its end in a few statements."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._lines: dict[tuple[str, str], tuple[str, int | str]] = {}

    def note(self, kind: str, target: int | str, urls: Iterable[str]) -> None:
        """`target` is an id, for a post also its source key. Of two things at one address the later one stays."""
        for url in urls:
            names = names_of(url)
            if names:
                self._lines[names[0], links.host_of(url)[:100]] = (kind, target)

    def save(self) -> None:
        """Write what was noted."""
        lines, self._lines = self._lines, {}
        ids = self._posts([target for _kind, target in lines.values() if isinstance(target, str)])
        rows = [
            OldAddress(source=self.source, host=host, name=name, kind=kind, target_id=found)
            for (name, host), (kind, target) in lines.items()
            if (found := target if isinstance(target, int) else ids.get(target))
        ]  # fmt: skip
        OldAddress.objects.bulk_create(
            rows, batch_size=_CHUNK, update_conflicts=True, unique_fields=["name", "host"],
            update_fields=["source", "kind", "target_id"],
        )  # fmt: skip

    @staticmethod
    def _posts(keys: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for start in range(0, len(keys), _CHUNK):
            posts = Post.objects.filter(imported_from__in=keys[start:start + _CHUNK])
            found |= dict(posts.values_list("imported_from", "pk"))
        return found


def found_at(url: str, *, host: str) -> OldAddress | None:
    """What stood at an address. Where two hosts knew it, the one that was asked for; None if that is neither."""
    names = names_of(url)
    lines = list(OldAddress.objects.filter(name__in=names)) if names else []
    for name in names:
        here = [line for line in lines if line.name == name]
        same_host = [line for line in here if line.host == host]
        if same_host:
            return same_host[0]
        if len({(line.kind, line.target_id) for line in here}) == 1:
            return here[0]
    return None

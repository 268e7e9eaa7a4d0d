"""markdown-it-py renders, nh3 sanitises; nothing else ever sees user text.

Both were measured against hostile input (reference/reliability-security, section 0). What was found to grow faster than
the text is bounded: nesting, addresses used again and again, bare `//host` links, coloured code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Final

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from accounts.sandbox.markup import files as file_rules
from accounts.sandbox.markup import rules
from accounts.sandbox.markup.allowed import sanitise
from accounts.sandbox.markup.notes import footnotes
from accounts.sandbox.markup.rules import heading_anchor
from accounts.sandbox.markup.spoilers import spoilers
from accounts.sandbox.refusal import Refused

__all__ = ["heading_anchor", "render"]

MAX_NESTING: Final = 30
MAX_GROWTH: Final = 20
SMALL: Final = 10_000
MAX_OUTPUT: Final = 2_000_000
MAX_COLOURED: Final = 8_000  # some lexers search an open string again from every character
# Coloured is what was tried with hostile code (tests/accounts); other languages are shown plain.
LANGUAGES: Final = {
    "bash", "c", "console", "cpp", "csharp", "css", "diff", "dockerfile", "go", "html", "ini", "java", "javascript",
    "js", "json", "kotlin", "lua", "nginx", "php", "powershell", "python", "py", "ruby", "rust", "sh", "shell",
    "sql", "toml", "ts", "typescript", "xml", "yaml", "yml",
}
_FENCE: Final = re.compile(r"(?:```|~~~)[ \t]*([\w+#-]{1,20})")
_COLOURS: Final = HtmlFormatter(nowrap=True)
# An empty corner of a table is no heading; to a screen reader `<th></th>` would be one without words.
_EMPTY_HEAD: Final = re.compile(r"<th( [^>]*)?></th>")


def render(
    source: str,
    people: Mapping[str, tuple[str, str]],
    files: Mapping[str, tuple[str, str, int, int]] | None = None,
    notes: str = "",
) -> str:
    """Safe HTML. `people` gives, for a name in lower case, the name as written and the address of its profile.

    `files` gives, for the key in a file's address, its address and what a page loads of a picture (else ""), with the
    picture's width and height. `notes` is a word of hexadecimal digits in the ids of footnotes.

    Raises Refused("too-much") when the output would grow beyond 20 times the source (10,000 characters are always
    granted) or two million characters.
    """
    html = sanitise(_parser().render(source, {"people": people, "files": files or {}, "notes": notes}))
    html = _EMPTY_HEAD.sub(r"<td\1></td>", html)
    if len(html) > min(MAX_OUTPUT, max(SMALL, MAX_GROWTH * len(source))):
        raise Refused("too-much")
    return html


def prepare(source: str) -> None:
    """Load what rendering this text will need: the parser and the lexers of the languages that it names."""
    _parser()
    for name in LANGUAGES & {match[1].lower() for match in _FENCE.finditer(source)}:
        get_lexer_by_name(name)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark", {"linkify": True, "html": False, "breaks": True, "highlight": _fence, "maxNesting": MAX_NESTING}
    )
    parser.enable(["table", "strikethrough", "linkify"])
    links = LinkifyIt()
    links.add("//", None)  # `//a.b//a.b…` would be searched again from every slash
    links.add("ftp:", None)
    parser.linkify = links
    footnotes(parser)
    spoilers(parser)
    parser.core.ruler.after("block", "few_tokens", rules.few_tokens)
    for name in ("task_boxes", "heading_ids", "link_mentions", "plain_corners", "small_addresses"):
        parser.core.ruler.push(name, getattr(rules, name))
    parser.core.ruler.push("site_files", file_rules.site_files)
    parser.add_render_rule("table_open", lambda *_: '<div class="table-scroll"><table>')
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    return parser


def _fence(code: str, language: str, _attrs: str) -> str:
    name = (language.split() or [""])[0].lower()
    plain = escape(code)
    inner = plain
    if name in LANGUAGES and len(code) <= MAX_COLOURED:
        inner = highlight(code, get_lexer_by_name(name, stripnl=False), _COLOURS)
        if len(inner) > 1_000 + 10 * len(code):  # every character a token: colour says nothing there
            inner = plain
    return f'<pre class="highlight"><code>{inner}</code></pre>'

"""HTML to Markdown: what a reader sees stays, and hostile HTML costs no more than its length."""

from __future__ import annotations

import gzip
import json
import os
import time
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.text import render_markdown
from config.archive.html import markdown_from_html
from tests.archive.words import first_missing, shown, words_of_html

pytestmark = pytest.mark.once

REPOSITORY = Path(__file__).resolve().parents[2]
SEED = Path(os.environ.get("SEED_COMMUNITY", REPOSITORY.parent / "shared" / "data" / "seed-community"))


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<h1>Top</h1><h2>Below</h2>", "## Top\n\n### Below"),
        ("<h2>Kept</h2>", "## Kept"),
        ("<h2>C #</h2>", "## C \\#"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ('<ol start="4"><li>four</li><li>five</li></ol>', "4. four\n5. five"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b"),
        ("<blockquote><p>a</p><blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
        ("<pre>x = 1\n  y</pre>", "```\nx = 1\n  y\n```"),
        ('<pre class="brush: js">a ``` b</pre>', "````\na ``` b\n````"),
        ('<pre><code class="language-py">x</code></pre>', "```\nx\n```"),
        ("<p>a <code>b`c</code></p>", "a ``b`c``"),
        ('<a href="https://x.example/a">https://x.example/a</a>', "<https://x.example/a>"),
        ('<a href="https://x.example/a_(b)">[b]</a>', "[\\[b\\]](https://x.example/a_%28b%29)"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<a href="ftp://x.example/f">the file</a>', "the file (ftp://x.example/f)"),
        ('wow!<a href="https://x.example">x</a>', "wow\\![x](https://x.example)"),
        ('<img src="https://x.example/a.png" alt="The box">', "[Image: The box](https://x.example/a.png)"),
        ('<img src="/smile.gif" class="smiley" alt=":-)">', ":-)"),
        ("<b>Note:</b>text", "**Note**:text"),
        ("a<b> b </b>c", "a **b** c"),
        ("<b>a</b><b>b</b>", "**ab**"),
        ("<b><i>x</i></b> <s>y</s>", "***x*** ~~y~~"),
        ("<b>a<p>b</p></b>", "**a**\n\n**b**"),
        ("10<sup>2</sup> 1<sup>st</sup>", "10² 1st"),
        ("<q>so</q>", "“so”"),
        ("<dl><dt>Word</dt><dd>What it means</dd></dl>", "Word\n\n- What it means"),
        ('<span class="key">Ctrl</span> + <span class="menu">File</span>', "`Ctrl` + **File**"),
        (
            '<span class="for" data-for="win,linux">Right-click</span><span class="for" data-for="mac">Tap</span> it',
            "(Windows, Linux: Right-click) (Mac: Tap) it",
        ),
        ('<span class="for" data-for="win">a <br></span><span class="for" data-for="mac"> </span>b', "(Windows: a) b"),
        ('<div class="for" data-for="not fx140"><p>Old.</p></div>', "**before Firefox 140:** Old."),
        ('<div class="for" data-for="mac"><h2 id="a">Keys</h2><p>x</p></div>', "## Keys (Mac)\n\nx"),
        ('<div class="for" data-for="mac"><p>a</p><p>b</p></div>', "> **Mac:**\n>\n> a\n>\n> b"),
        ('<span class="for" data-for="win"><p>a</p></span>', "Windows:\n\na"),
        ('<div class="note">Mind it.</div>', "> **Note:** Mind it."),
        ('<div class="warning"><strong>Tip:</strong> x</div>', "> **Tip:** x"),
        (
            '<iframe src="//www.youtube.com/embed/JXs_YE9QyUQ?rel=0"></iframe>',
            "[Video: youtube.com](https://www.youtube.com/watch?v=JXs_YE9QyUQ)",
        ),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>a|b</td><td>c<br>d</td></tr></table>",
            "| A | B |\n| --- | --- |\n| a\\|b | c / d |",
        ),
        (
            '<table><tr><td colspan="2">A</td></tr><tr><td>b</td><td>c</td></tr></table>',
            "- A\n- b — c",
        ),
        (
            "&lt;b&gt; &amp;amp; *x* _y_ a_b `c` [z](u) ~~q~~",
            "\\<b> \\&amp; \\*x\\* \\_y\\_ a_b \\`c\\` [z\\](u) \\~\\~q\\~\\~",
        ),
        (
            "<p># a</p><p>- b</p><p>1. c</p><p>&gt; d</p><p>===</p><p>[x]: y</p>",
            "\\# a\n\n\\- b\n\n1\\. c\n\n\\> d\n\n\\===\n\n[x\\]: y",
        ),
        ("Mail [email] or call [number].", "Mail [email] or call [number]."),
        ('<h2 id="w_a">A thing</h2><a href="#w_a">up</a>', "## A thing\n\n[up](#h-a-thing)"),
        ("<p>see https://x.example/a_b. Now</p>", "see [https://x.example/a_b](https://x.example/a_b). Now"),
        ("text\x00 with\u202e marks", "text with marks"),
    ],
)
def test_html_when_converted_then_has_this_markdown(html: str, markdown: str) -> None:
    assert markdown_from_html(html) == markdown


def test_relative_links_when_the_page_is_known_then_are_absolute() -> None:
    html = '<a href="/kb/b#w_x">b</a> <img src="a.png" alt="a">'
    assert markdown_from_html(html, base_url="https://x.example/kb/a") == (
        "[b](https://x.example/kb/b#w_x) [Image: a](https://x.example/kb/a.png)"
    )


def test_heading_links_when_rendered_then_point_at_ids_of_the_page() -> None:
    html = '<h1 id="a">Über uns &amp; mehr</h1><h2 id="b">Same</h2><h2 id="c">Same</h2>'
    html += '<a href="#a">1</a><a href="#c">2</a>'
    rendered = render_markdown(markdown_from_html(html))
    for anchor in ("h-über-uns-mehr", "h-same-1"):
        assert f'id="{anchor}"' in rendered
        assert f'href="#{anchor}"' in rendered or f'href="#{anchor.replace("ü", "%C3%BC")}"' in rendered


HOSTILE = {
    "divs": "<div>" * 10_000 + "deep",
    "quotes": "<blockquote>" * 30_000 + "deep",
    "lists": "<ul><li>" * 20_000 + "deep",
    "tables": "<table><tr><td>" * 10_000 + "deep",
    "bold": "<b>" * 100_000 + "deep",
    "bold and paragraphs": "<b><p>" * 20_000 + "deep",
    "links": '<a href="x">' * 20_000 + "deep",
    "closing tags": "deep" + "</div>" * 60_000,
    "brackets": "deep" + "<" * 390_000,
    "ampersands": "deep" + "&" * 390_000,
    "comments": "deep" + "<!--" * 90_000,
    "stars": "deep" + "*a" * 190_000,
    "square brackets": "deep" + "[" * 390_000,
    "one long word": "deep" + "a" * 390_000,
    "systems": '<span class="for" data-for="win">' * 10_000 + "deep",
    "attributes": "<div " + " ".join(f"a{n}=1" for n in range(40_000)) + ">deep",
    "boxes": '<div class="note">' * 15_000 + "deep",
    "preformatted": "<pre>" * 60_000 + "deep",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_html_when_converted_then_ends_soon_and_keeps_its_word(name: str) -> None:
    started = time.process_time()
    markdown = markdown_from_html(HOSTILE[name][:400_000])
    assert time.process_time() - started < 60
    assert "deep" in markdown


_TEXT = st.text(alphabet=st.sampled_from(list("ab 1.-+*_`~#>[]()!|\\:=&;<'\"\n")), max_size=12)
_INLINE = ["b", "i", "s", "code", "span", "a", "sub", "q"]
_BLOCK = ["p", "div", "ul", "ol", "li", "blockquote", "h2", "pre", "table", "tr", "td", "dl", "dt", "dd"]


def _html(node: object) -> str:
    if isinstance(node, str):
        return node.replace("&", "&amp;").replace("<", "&lt;")
    tag, children = node  # type: ignore[misc]
    inner = "".join(_html(child) for child in children)
    attributes = ' href="#x"' if tag == "a" else ""
    return f"<{tag}{attributes}>{inner}</{tag}>"


_TREES = st.recursive(
    _TEXT, lambda inner: st.tuples(st.sampled_from(_INLINE + _BLOCK), st.lists(inner, max_size=4)), max_leaves=14
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_TREES, max_size=4))
def test_any_html_when_converted_and_rendered_then_shows_the_same_characters(nodes: list[object]) -> None:
    html = "".join(_html(node) for node in nodes)
    # Sorted, because text that stands loose in a table moves before it, as in a browser.
    wanted = sorted("".join(words_of_html(html)))
    found = sorted("".join(shown(markdown_from_html(html))))
    assert found == wanted


def _seed_texts(name: str, step: int) -> list[tuple[str, str, str]]:
    path = SEED / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"The seed community is not here ({name}.jsonl.gz); set SEED_COMMUNITY to its folder.")
    texts = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, step):
            row = json.loads(line)
            key = row.get("id") or row["slug"]
            texts += [(key, html, row["url"]) for html in [row["html"], *(r["html"] for r in row.get("replies", []))]]
    return texts


@pytest.mark.parametrize(("name", "step"), [("articles", 7), ("ideas", 9), ("threads", 25)])
def test_real_html_when_converted_and_rendered_then_has_all_its_words(name: str, step: int) -> None:
    lost = {}
    for key, html, url in _seed_texts(name, int(os.environ.get("SEED_STEP", step))):
        missing = first_missing(words_of_html(html), shown(markdown_from_html(html, base_url=url)))
        if missing:
            lost[key] = missing
    assert not lost

"""What people write, made safe: hostile text is refused or comes out harmless, ordinary text comes out right."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.text import (
    clean_line,
    clean_source,
    excerpt,
    mentioned_usernames,
    plain_text,
    render_markdown,
    sanitise,
    whole_number,
)

pytestmark = pytest.mark.once

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>)",
    "<svg/onload=alert(1)>",
    "![x](https://evil.example/x.png)",
    "![x](//evil.example/x.png)",
    "<a href='vbscript:x'>y</a>",
    "[x](  java\nscript:alert(1))",
    "<iframe src=//evil.example>",
    "```<script>\nx\n```",
    "`<b onmouseover=x>`",
    "<style>*{display:none}</style>",
    "[a](<javascript:x>)",
    "# <form action=x><input name=y>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_render_when_source_is_hostile_then_no_script_style_form_or_foreign_image_survives(source: str) -> None:
    html = render_markdown(source)

    tags = re.findall(r"<[^>]+>", html)
    assert not [
        tag
        for tag in tags
        if re.search(
            r"<(script|style|iframe|form|svg|math|object|embed)\b|\son\w+\s*=|javascript:|vbscript:|data:", tag, re.I
        )
    ]
    assert not [tag for tag in tags if tag.startswith("<img") and 'src="/' not in tag and "src=" in tag]


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_render_when_source_is_anything_then_stable_under_sanitising_again(source: str) -> None:
    html = render_markdown(source)

    assert sanitise(html) == html


def test_render_when_text_is_ordinary_then_says_what_was_meant() -> None:
    html = render_markdown(
        "# Log\n\n- [x] done\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n~~old~~ https://example.com\n\n"
        "```python\nx = 1\n```\n"
    )

    assert '<h1 id="h-log">Log</h1>' in html and 'type="checkbox"' in html and "<s>old</s>" in html
    assert '<div class="table-scroll"><table>' in html and 'class="highlight"' in html
    assert 'href="https://example.com"' in html and 'rel="nofollow ugc noopener"' in html


def test_render_when_people_are_mentioned_then_only_known_ones_become_links() -> None:
    source = "Thanks @mara and @nobody, mail me at joe@mara.example. `@mara`"

    html = render_markdown(source, people=["Mara"])

    assert html.count('class="mention"') == 1 and 'href="/u/Mara/"' in html and "@nobody" in html
    assert mentioned_usernames(source) == ["mara", "nobody"]


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "\u202egnp.exe", "\ud800", 7, None, ["x"]])
def test_clean_when_characters_or_type_are_wrong_then_names_the_field(text: object) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_source(text, field="note")

    assert list(refused.value.message_dict) == ["note"]


def test_clean_when_line_ends_and_spaces_vary_then_unified() -> None:
    assert clean_source("a\r\nb\rc  \n\n") == "a\nb\nc"
    assert clean_line("  two \t words\n") == "two words"
    assert clean_source("   ", required=False) == ""


def test_plain_text_when_html_has_blocks_then_words_stay_apart() -> None:
    html = render_markdown("# One\n\ntwo *three*\n\n- four\n- five\n\n| six | seven |\n|--|--|\n| 8 | 9 |")

    assert plain_text(html).split() == ["One", "two", "three", "four", "five", "six", "seven", "8", "9"]
    assert excerpt(html, 12) == "One two thr…"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("He ||dies *late*||.", '<p>He <span class="spoiler" tabindex="0">dies <em>late</em></span>.</p>\n'),
        ("if a || b || c", "<p>if a || b || c</p>\n"),
        ("\\||a|| `||b||` ||||", "<p>||a|| <code>||b||</code> ||||</p>\n"),
        ("*||a* *b||*", "<p><em>||a</em> <em>b||</em></p>\n"),
        (
            ":::spoiler The <end>\nHe dies.\n:::\nNext",
            '<details class="spoiler"><summary>The &lt;end&gt;</summary><p>He dies.</p>\n</details><p>Next</p>\n',
        ),
        (":::warning\nx\n:::", "<p>:::warning<br>\nx<br>\n:::</p>\n"),
    ],
)
def test_render_when_words_are_hidden_then_the_reader_opens_them(source: str, shown: str) -> None:
    assert render_markdown(source) == shown


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Who ||dies *late*|| then, and ||who|| not", "Who […] then, and […] not"),
        ("One\n\n::::spoiler End\nHe dies.\n\n:::spoiler Why\nBecause.\n:::\nTail\n::::\nTwo", "One\n[…]\nTwo"),
        ('```html\n<span class="spoiler">\n```\nand more', '<span class="spoiler">\nand more'),
    ],
)
def test_plain_text_when_words_are_hidden_then_no_excerpt_or_search_holds_them(source: str, words: str) -> None:
    assert plain_text(render_markdown(source)) == words


def test_render_when_notes_are_named_then_they_stand_at_the_end_and_lead_back_once() -> None:
    source = "One[^a], two[^b], one again[^a], none[^c].\n\n[^a]: The **first**\n[^b]: The second\n\n[^d]: Unused"

    html = render_markdown(source)
    ids = re.findall(r' id="([^"]+)"', html)
    there = re.findall(r'href="#([^"]+)"', html)

    assert len(ids) == 4 and len(set(ids)) == 4 and set(there) == set(ids)
    assert there.count(ids[0].replace("fnref", "fn")) == 2 and "none[^c]" in html and "Unused" not in html
    assert "The <strong>first</strong>" in html.split('<div class="footnotes">')[1]


def test_render_when_a_page_shows_one_text_twice_then_no_id_is_twice() -> None:
    source = "One[^a].\n\n[^a]: Note"
    ids = re.findall(r' id="([^"]+)"', render_markdown(source) + render_markdown(source))

    assert len(ids) == len(set(ids)) == 4


@pytest.mark.parametrize(("sent", "number"), [("0", 0), ("17", 17), ("0017", 17), (str(10**18 - 1), 10**18 - 1)])
def test_whole_number_when_it_is_one_then_is_read(sent, number):
    assert whole_number(sent) == number


@pytest.mark.parametrize("sent", ["", "-1", "1.5", " 1", "1e3", "²", "१७", str(10**18), "9" * 6_000])
def test_whole_number_when_it_is_none_or_too_large_then_is_none(sent):
    assert whole_number(sent) is None


def test_whole_number_when_over_what_is_asked_for_then_is_none():
    assert whole_number("1000", most=1_000) == 1_000
    assert whole_number("1001", most=1_000) is None

"""What people write, made safe: hostile text is refused or comes out harmless, ordinary text comes out right."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.text import clean_line, clean_source, excerpt, mentioned_usernames, plain_text, render_markdown, sanitise

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

"""Text that was made to break the renderer: it stays safe, small and linear, through every entrance."""

from __future__ import annotations

import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import sandbox
from accounts.sandbox.markup import parser, render
from accounts.sandbox.refusal import Refused
from accounts.text import LIMITS, clean_source, excerpt, plain_text, render_markdown, sanitise
from accounts.text import markdown as entrance
from knowledge.selectors.diff import lines_changed
from tests.accounts.oracle import unsafe
from tests.accounts.pathological import CODE, FORMULAS, code

pytestmark = pytest.mark.once

SIZE = 2_000
PIECES = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "data:text/html,x", "](", "[a",
    "![", "//evil.example/x", "/\\evil.example", "<svg onload=x>", "<style>", "onclick=x", "&#106;avascript:x", "&Tab;",
    "\\", "`", "```\n", "> ", "- [x] ", "# ", "| a |\n|-|\n", "<!--", "]]>", '"', "'", "\n\n", "<a href='vbscript:x'>",
    "@mara ", "[a]: javascript:x\n", "<details open ontoggle=x>", "\u202e", "\x00", "<input name=id formaction=x>",
    "style=x ", "  \n", "||", ":::spoiler <b onclick=x>\n", ":::\n", "[^a]", "[^a]: ", "    ",
]  # fmt: skip
HTML = [
    "<img src='/a.png' onerror=alert(1) style='x:y'>", "<p style='position:fixed' onclick=x>",
    "<a href='/x' onclick='x'>y</a>",
    "<img src='//evil.example/x'>", "<img src='/\\evil.example/x'>", "<img src=https://evil.example/x>",
    "<input type=image>",
    "<a href='java\nscript:x'>", "<a href='&#1;javascript:x'>", "<h1 id=main>",
    "<math><mtext><style><img src onerror=x>",
    "<svg><script>x</script></svg>", "<noscript><p title='</noscript><img src=x onerror=x>'>", "<template>",
    "<base href=//x>", "<span class=spoiler tabindex=1>", "<details class=spoiler open ontoggle=x>",
    "<a id=main>", "<li id=fn-ab-1>", "<a id='fnref-ab-1'>", "<li id='fn-\"x-1'>",
]  # fmt: skip


def cost(source: str) -> float:
    """Seconds of processor time, the least of two tries."""
    spent = []
    for _try in range(2):
        began = time.process_time()
        try:
            render(source, {})
        except Refused:
            pass
        spent.append(time.process_time() - began)
    return min(spent)


def is_refused(source: str) -> bool:
    try:
        render(source, {})
    except Refused:
        return True
    return False


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30).map("".join))
@settings(max_examples=200, deadline=None)
def test_render_when_pieces_of_attacks_are_mixed_then_what_comes_out_is_safe(source: str) -> None:
    html = render_markdown(source, people=["mara"])

    assert unsafe(html) == []
    assert len(html) <= max(10_000, 20 * len(source))
    assert unsafe(excerpt(html).replace("<", "&lt;")) == [] and "\n" not in excerpt(html)


@given(st.lists(st.sampled_from(PIECES + HTML), min_size=1, max_size=20).map("".join))
@settings(max_examples=200, deadline=None)
def test_sanitise_when_html_is_hostile_then_what_comes_out_is_safe(html: str) -> None:
    assert unsafe(sanitise(html)) == []


@pytest.mark.parametrize("name", FORMULAS)
def test_render_when_text_is_made_to_be_slow_then_twice_the_text_takes_about_twice_the_time(name: str) -> None:
    make = FORMULAS[name]
    size = 4 * SIZE if is_refused(make(SIZE)) else SIZE  # how far a text is read before it is refused ends somewhere
    once = cost(make(size))
    twice = cost(make(2 * size))

    if twice > 0.1:  # below that, the clock's grain and the start of the machinery are what is measured
        four_times = cost(make(4 * size))
        assert min(twice / once, four_times / twice) < 3.2, (once, twice, four_times)
    try:
        html = render(make(SIZE), {})
    except Refused:
        return
    assert unsafe(html) == [] and len(html) <= max(10_000, 20 * SIZE)
    assert len(plain_text(html)) <= len(html)


@pytest.mark.long
@pytest.mark.parametrize("size", [65_536, LIMITS["article"]])
@pytest.mark.parametrize("name", FORMULAS)
def test_render_when_text_is_as_long_as_may_be_then_an_answer_or_a_refusal_comes(name: str, size: int) -> None:
    source = FORMULAS[name](size)[: LIMITS["article"]]
    try:
        html = render_markdown(clean_source(source, limit=LIMITS["article"]))
    except ValidationError as refused:
        assert list(refused.message_dict) == ["body"]
        return
    assert unsafe(html) == [] and len(html) <= 20 * len(source)


@pytest.mark.long
@pytest.mark.parametrize("language", sorted(parser.LANGUAGES))
def test_render_when_code_is_made_to_be_slow_then_no_lexer_takes_much_longer_than_its_deadline(language: str) -> None:
    assert [(piece, spent) for piece in CODE if (spent := cost(code(language, piece)(8_000))) > 2] == []


def test_render_when_the_time_is_up_then_the_field_is_named(monkeypatch) -> None:
    monkeypatch.setattr(entrance, "DEADLINE_CPU", 1)
    source = FORMULAS["lazy lines in deep quotes"](LIMITS["article"])

    with pytest.raises(ValidationError) as refused:
        render_markdown(source, field="note")

    assert "takes too long" in refused.value.message_dict["note"][0]


@pytest.mark.parametrize("language", sorted(parser.LANGUAGES))
def test_render_when_text_is_long_then_the_child_answers_as_we_would(language: str) -> None:
    source = f"# Log\n\n```{language}\nx = 1\n```\n\n@mara - [x] a.com\n\n" + "An ordinary line with *words*.\n\n" * 300
    assert len(source) > entrance.SHORT

    there = render_markdown(source, people=["mara"])

    assert there == render(source, {"mara": ("mara", "/u/mara/")}) and 'class="mention"' in there


def test_child_when_it_gives_nothing_readable_or_refuses_then_the_caller_is_told() -> None:
    limits = {"cpu": 2, "seconds": 20.0, "memory": 512 * 1024 * 1024}
    with pytest.raises(sandbox.JobFailed):
        sandbox.run("no-such-job", b"", **limits)
    with pytest.raises(sandbox.JobFailed):
        sandbox.run("markdown", b"\xff", people={}, files={}, **limits)
    with pytest.raises(sandbox.JobFailed, match="out of time"):
        sandbox.run("markdown", b"a", people={}, files={}, **limits | {"seconds": 0.0})
    with pytest.raises(sandbox.JobRefused, match="too-much"):
        sandbox.run("markdown", FORMULAS["one long address"](20_000).encode(), people={}, files={}, **limits)


@pytest.mark.parametrize("padding", ["<!-- x -->", "\u200b", "&amp;", "> q\n", "[a]: /b\n"])
def test_limit_when_the_length_is_hidden_in_what_is_not_shown_then_it_counts(padding: str) -> None:
    with pytest.raises(ValidationError):
        clean_source("seen " + padding * (LIMITS["body"] // len(padding) + 1))


def test_diff_when_both_sides_are_made_to_be_slow_then_bounded() -> None:
    began = time.process_time()
    old, new = "a\nb\n" * 50_000, "b\na\n" * 50_000

    assert len(lines_changed(old, new)) <= 2_000
    assert time.process_time() - began < 60 * cost("word " * 1_600) + 2

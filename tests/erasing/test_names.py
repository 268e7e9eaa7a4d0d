"""How a person is named in texts: every sure form goes, and no everyday word with it."""

from __future__ import annotations

import pytest

from accounts.erasing.names import Traces

MARA = Traces(7, "mara.quill77", "Mara O'Quill", ("mara@post.example",))
WILL = Traces(8, "will", "Will", ("will@post.example",))
ZOÉ = Traces(10, "zoé+1", "Zoé", ())
JÖRG = Traces(9, "jörg", "Jörg Übel", ())


@pytest.mark.parametrize(
    ("traces", "text", "neutral"),
    [
        (MARA, "Ask @mara.quill77.", "Ask @former-member."),
        (MARA, "Ask @Mara.Quill77, now", "Ask @former-member, now"),
        (MARA, "Ask @mara.quill77b and @mara.quill7", "Ask @mara.quill77b and @mara.quill7"),
        (MARA, "see [her](/u/mara.quill77/) page", "see @former-member page"),
        (MARA, '<a href="/u/mara.quill77/" class="mention">@mara.quill77</a>!', "@former-member!"),
        (MARA, "<p>Mara O&#x27;Quill said</p>", "<p>former member said</p>"),
        (MARA, "Mara O'Quill said, MARA O'QUILL", "former member said, former member"),
        (MARA, "to mara@post.example, not amara@post.example", "to former-member, not amara@post.example"),
        (MARA, '<a href="mailto:mara@post.example">mara@post.example</a>', "@former-member"),
        (MARA, "q=author%3Amara.quill77&x=1", "q=author%3Aformer-member&x=1"),
        (MARA, "mara-oquill-asks", "former-member-asks"),
        (WILL, "Will it work? @will knows. will@post.example", "Will it work? @former-member knows. former-member"),
        (WILL, '[quote="will"]yes[/quote]', '[quote="former-member"]yes[/quote]'),
        (WILL, "Will wrote: no. Will they?", "former member wrote: no. Will they?"),
        (WILL, "a free will, /u/will/ and /u/willy/", "a free will, /u/former-member/ and /u/willy/"),
        (JÖRG, "Frag @JÖRG, [ihn](/u/j%C3%B6rg/): JÖRG ÜBEL", "Frag @former-member, @former-member: former member"),
        (ZOÉ, "[z](/u/zo%C3%A9+1/) /u/zo%C3%A9%2B1/ /u/zoé+1", "@former-member /u/former-member/ /u/former-member"),
    ],
)  # fmt: skip
def test_text_when_it_names_somebody_then_the_neutral_word_stands_there(traces, text: str, neutral: str) -> None:
    assert traces.neutral(text) == neutral


def test_json_when_it_names_somebody_anywhere_then_all_of_it_is_neutral() -> None:
    value = {"title": "By @will", "said": [1, None, {"to": "will@post.example"}]}

    assert WILL.neutral(value) == {"title": "By @former-member", "said": [1, None, {"to": "former-member"}]}
    assert value["title"] == "By @will"


@pytest.mark.parametrize("traces", [MARA, WILL, JÖRG])
def test_needles_when_a_text_would_be_changed_then_one_of_them_is_in_it(traces: Traces) -> None:
    for text in (f"@{traces.username}", f"x {traces.display_name} wrote: y", f"/u/{traces.username}/", *traces.emails):
        assert traces.neutral(text) != text
        assert any(needle.lower() in text.lower() for needle in traces.needles), text


def test_mails_when_they_say_a_plain_name_then_they_are_about_that_person() -> None:
    assert WILL.is_named_in("Will replied in “Hub”")
    assert not WILL.is_named_in("Willow replied, as he will")

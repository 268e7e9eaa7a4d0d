"""Addresses: recognised in any dress, rewritten in text and never in code."""

from __future__ import annotations

import time

import pytest

from config.archive.links import Target, addresses, keys_of, leads_to, made_absolute, rewritten

pytestmark = pytest.mark.once

OLD = {"https://old.example/q/1": Target("/t/5/lamp/", "Lamp [new]")}


@pytest.mark.parametrize(
    ("url", "keys"),
    [
        ("https://www.Old.example/en-US/kb/Reset%20it/", ["old.example/kb/Reset it"]),
        ("http://old.example/kb/reset#w_first", ["old.example/kb/reset"]),
        ("https://old.example/pt_BR/questions/7?as=s&utm_source=x", ["old.example/questions/7"]),
        ("https://old.example/t.php?t=3&sid=9", ["old.example/t.php?t=3", "old.example/t.php"]),
        ("https://old.example/kb", ["old.example/kb"]),
        ("https://[broken/kb", []),
        ("/kb/reset", []),
    ],
)
def test_address_when_looked_up_then_goes_by_its_plain_names(url: str, keys: list[str]) -> None:
    assert keys_of(url) == keys


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("[it](https://old.example/q/1)", "[it](/t/5/lamp/)"),
        ("[a \\[b\\] c](https://old.example/q/1)", "[a \\[b\\] c](/t/5/lamp/)"),
        ("[https://old.example/q/1](https://old.example/q/1)", "[Lamp \\[new\\]](/t/5/lamp/)"),
        ("<https://old.example/q/1>", "[Lamp \\[new\\]](/t/5/lamp/)"),
        ("(see https://old.example/q/1.)", "(see [Lamp \\[new\\]](/t/5/lamp/).)"),
        ("`https://old.example/q/1`", None),
        ("```\nhttps://old.example/q/1\n```", None),
        ("https://old.example/q/2", None),
        ("![Image](https://old.example/q/2)", None),
    ],
)
def test_links_when_rewritten_then_only_known_ones_change(text: str, changed: str | None) -> None:
    assert rewritten(text, OLD.get) == (changed or text)


def test_rewritten_text_when_rewritten_again_then_stays() -> None:
    once = rewritten("a https://old.example/q/1 b", OLD.get)
    assert rewritten(once, OLD.get) == once


def test_relative_links_when_made_absolute_then_code_stays() -> None:
    text = "[a](/x) `[b](/y)` [c](//z) [d](#e)"
    expected = "[a](https://old.example/x) `[b](/y)` [c](//z) [d](#e)"
    assert made_absolute(text, base_url="https://old.example/q/1") == expected


def test_host_when_asked_for_then_only_real_links_count() -> None:
    assert leads_to("see <https://www.old.example/x>", "old.example")
    assert not leads_to("old.example `https://old.example/`", "old.example")
    assert not leads_to("https://not-old.example/", "old.example")


@pytest.mark.parametrize("text", ["[" * 200_000, "`" * 200_000, "[a](" * 50_000, "<https://" * 20_000, "``a" * 60_000])
def test_hostile_text_when_searched_for_links_then_ends_soon(text: str) -> None:
    started = time.process_time()
    list(addresses(text))
    assert time.process_time() - started < 60

"""Templates keep to the content policy: no inline style or script, nothing from elsewhere, no text marked safe."""

from __future__ import annotations

import re

import pytest

from tests.architecture import tree

pytestmark = pytest.mark.once

INLINE = {
    "a style attribute": re.compile(r"<[^>{}]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style[\s>]", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
    "a script without a nonce": re.compile(r"<script(?![^>]*(nonce|application/json))[^>]*>", re.IGNORECASE),
    "something from another host": re.compile(
        r"<(script|link|img|iframe)[^>]*(src|href)\s*=\s*[\"']?(https?:)?//", re.IGNORECASE
    ),
    "text marked safe": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
}
# The mail templates are no pages, and a feed's stylesheet is no script.
SKIPPED = {"email"}


def test_templates_when_read_then_the_content_policy_holds():
    found = []
    for path in tree.templates():
        if SKIPPED & set(path.parts):
            continue
        text = path.read_text()
        for what, pattern in INLINE.items():
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{tree.name(path)}:{line} has {what}: {match.group(0)[:60]!r}")
    assert found == []


def test_python_when_read_then_only_the_one_tag_marks_text_safe():
    found = [
        tree.name(path)
        for path in tree.code()
        if re.search(r"\bmark_safe\(|SafeString\(", path.read_text()) and tree.name(path) not in SAFE_PLACES
    ]
    assert found == []


# The one tag, and search's highlights (escaped piece by piece before they are joined).
SAFE_PLACES = {"accounts/templatetags/threadwell.py", "search/highlight.py"}

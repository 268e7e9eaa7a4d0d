"""Texts that are no part of a piece's key: put in afterwards, escaped, where a template would have put them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.template import engines
from django.utils.safestring import mark_safe

from accounts import fragments
from accounts.fragments import filled
from accounts.shapes import Number, Shaped, Text, Words, shape_of

TEMPLATE = """
{% load i18n %}{% url "forums:post" line.pk %} {{ line.name|default:"nobody" }}
{% if line.note %}[{{ line.note }}]{% endif %}
{% blocktranslate with name=line.name n=line.pk %}{{ n }} by {{ name }}{% endblocktranslate %}
{% for word in line.words %}<i>{{ word }}</i>{% endfor %}
{% if line.inner %}{{ line.inner.name }}{% endif %} {{ state }}
"""


@dataclass(frozen=True, slots=True)
class Inner(Shaped):
    name: Text


@dataclass(frozen=True, slots=True)
class Line(Shaped):
    pk: Number
    name: Text
    note: Text
    words: tuple[Words, ...]
    inner: Inner | None
    is_new: bool


LINES = [
    Line(7, "Ines <b> & 'co'", "", (Words("a%s"), Words('"b"')), None, True),
    Line(8, "", "%(n)s", (), Inner("{{ name }}"), True),
    Line(9, "Ä", str(mark_safe("x")), (Words("c"), Words("d")), Inner(""), False),
    Line(10, mark_safe("<em>safe</em>"), "\\1", (Words("c"), Words("d")), Inner("slot0end"), False),
]


@pytest.fixture(autouse=True)
def template(monkeypatch):
    made = engines["django"].from_string(TEMPLATE)
    rendered: list[dict] = []

    def render(_name: str, context: dict) -> str:
        rendered.append(context)
        return made.render(context)

    monkeypatch.setattr(fragments, "render_to_string", render)
    fragments.shelf.clear()
    yield made, rendered
    fragments.shelf.clear()


@pytest.mark.parametrize("line", LINES, ids=["a", "b", "c", "d"])
@pytest.mark.parametrize("_again", [1, 2])
def test_piece_with_texts_put_in_is_what_the_template_makes_of_them(template, line, _again):
    assert filled("line.html", {"line": line, "state": "s"}, {}) == template[0].render({"line": line, "state": "s"})


def test_piece_is_rendered_once_for_values_that_differ_in_texts_only(template):
    for name, note in (("a", "x"), ("b", "y"), ("<c>", "z")):
        html = filled("line.html", {"line": Line(len(name), name, note, (Words(name),), None, True), "state": "s"}, {})
        assert f"[{note}]" in html

    assert len(template[1]) == 1
    filled("line.html", {"line": Line(1, "a", "", (Words("a"),), None, True), "state": "s"}, {})
    filled("line.html", {"line": Line(1, "a", "x", (Words("a"), Words("b")), None, True), "state": "s"}, {})
    filled("line.html", {"line": Line(1, "a", "x", (Words("a"),), None, False), "state": "s"}, {})
    assert len(template[1]) == 4, "an empty text, another number of words and a flag make another shape"


def test_shape_holds_no_text():
    texts: list[str] = []
    shape = shape_of((Line(7, "secret<", "word", (Words("tag"),), Inner("inside"), True), "plain"), texts)

    assert texts == ["7", "secret&lt;", "word", "tag", "inside"]
    assert not any(text in repr(shape) for text in ("secret", "word", "inside"))

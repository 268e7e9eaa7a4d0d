"""Snippets by their services, their search source and their rules."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.errors import Conflict, NotAllowed
from accounts.events.models import Event
from accounts.events.worker import run_once
from community.forums.models import Topic
from community.forums.services import topic_create
from community.forums.source import TopicSource
from community.snippets.files import CodeFile
from community.snippets.models import MOST_CODE, Snippet, SnippetFile
from community.snippets.selectors import changes_of, library, snippet_for
from community.snippets.services import recount_snippets, snippet_save, snippet_use
from community.snippets.source import SnippetSource
from search import parser, services
from search.engines import primary
from tests.factories.people import make_user, viewer
from tests.factories.snippets import make_snippet
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def test_shared_when_names_tell_languages_then_files_are_coloured_and_kept_as_typed() -> None:
    code = "def first():\n\treturn '```'  # a fence inside\n"
    typed = [CodeFile("lib/first.py", code), CodeFile("notes", "<b>plain</b>"), CodeFile("a.sh", "ls")]
    snippet = make_snippet(files=typed)
    files = list(SnippetFile.objects.order_by("position"))

    assert [file.language for file in files] == ["python", "text", "bash"]
    assert files[0].code == code.rstrip() and '<span class="k">def</span>' in files[0].html
    assert "&lt;b&gt;plain&lt;/b&gt;" in files[1].html
    assert all(file.html.count("<pre") == 1 for file in files)
    assert snippet.language == "python"


@pytest.mark.parametrize(
    "files",
    [
        [], [CodeFile("", "x")], [CodeFile("../etc/passwd", "x")], [CodeFile("/abs", "x")], [CodeFile('a".py', "x")],
        [CodeFile("a.py", " ")], [CodeFile("a.py", "x" * (MOST_CODE + 1))], [CodeFile("a.py", "\u202e")],
        [CodeFile("a.py", "x"), CodeFile("A.py", "y")], [CodeFile(f"{n}.py", "x") for n in range(11)],
        [CodeFile("a.py", "x", "brainfuck")],
    ],
    ids=["none", "nameless", "upwards", "absolute", "quote", "empty", "long", "turned", "twice", "many", "language"],
)  # fmt: skip
def test_shared_when_a_file_is_wrong_then_refused_and_nothing_is_stored(files: list[CodeFile]) -> None:
    space, author = make_space(), make_user()
    with pytest.raises(ValidationError) as refused:
        make_snippet(space=space, author=author, files=files)

    assert list(refused.value.message_dict) == ["files"]
    assert not Topic.objects.exists()


def test_snippet_when_sent_twice_or_without_files_then_one_or_none() -> None:
    author, space = make_user(), make_space()
    one, again = (make_snippet(author=author, space=space, idempotency_key="k") for _ in range(2))
    with pytest.raises(ValidationError):
        topic_create(viewer=viewer(author), space=space, kind="snippet", title="Without code", body="Where?")
    with pytest.raises(NotAllowed):
        make_snippet(author=author, space=make_space(kinds=["question"]))

    assert one.pk == again.pk and Topic.objects.count() == 1


def test_versions_when_saved_then_kept_and_told_apart_and_the_same_again_is_none() -> None:
    author = make_user()
    snippet = make_snippet(author=author, files=[CodeFile("a.py", "one\ntwo"), CodeFile("b.py", "gone")])
    new = [CodeFile("a.py", "one\n2"), CodeFile("c.py", "new")]
    for _ in range(2):
        snippet = snippet_save(viewer=viewer(author), snippet=snippet, files=new, label="1.1", note="Numbers")
    assert snippet.number == 2

    last, first = changes_of(snippet)
    told = {file.name: [(line.kind, line.text) for line in file.lines if line.kind != "same"] for file in last.files}
    assert told["a.py"] == [("removed", "two"), ("added", "2")]
    assert {file.name for file in last.files if file.is_new} == {"c.py"}
    assert {file.name for file in last.files if file.is_gone} == {"b.py"}
    assert first.files == [] and (last.version.label, last.version.note) == ("1.1", "Numbers")


def test_version_when_foreign_or_stale_then_refused() -> None:
    author = make_user()
    snippet = make_snippet(author=author)
    with pytest.raises(NotAllowed):
        snippet_save(viewer=viewer(make_user()), snippet=snippet, files=[CodeFile("a.py", "x")])
    snippet_save(viewer=viewer(author), snippet=snippet, files=[CodeFile("a.py", "x")], number=1)
    with pytest.raises(Conflict):
        snippet_save(viewer=viewer(author), snippet=snippet, files=[CodeFile("a.py", "y")], number=1)

    assert Snippet.objects.get().number == 2


def test_use_when_said_twice_then_once_and_not_of_ones_own_or_of_what_is_hidden() -> None:
    author, person = make_user(), make_user()
    snippet = make_snippet(author=author)
    for _ in range(2):
        used = snippet_use(viewer=viewer(person), snippet=snippet, on=True)
    assert used.use_count == 1 and Event.objects.filter(name="snippet.used").count() == 1
    with pytest.raises(NotAllowed):
        snippet_use(viewer=viewer(author), snippet=snippet, on=True)
    hidden = make_snippet(author=make_user(is_agent=True), space=make_space(audience="staff"))
    with pytest.raises(NotAllowed):
        snippet_use(viewer=viewer(person), snippet=hidden, on=True)
    Snippet.objects.filter(pk=snippet.pk).update(use_count=7)

    assert recount_snippets() == 1 and Snippet.objects.get(pk=snippet.pk).use_count == 1
    assert snippet_use(viewer=viewer(person), snippet=snippet, on=False).use_count == 0


def test_library_when_narrowed_and_ordered_then_by_files_tags_spaces_and_uses(django_assert_num_queries) -> None:
    space = make_space(slug="code")
    old = make_snippet(space=space, tags=["energy"], files=[CodeFile("a.py", "x"), CodeFile("run.sh", "y")])
    new = make_snippet(files=[CodeFile("a.sql", "select 1")])
    make_snippet(author=make_user(is_agent=True), space=make_space(audience="staff"))
    snippet_use(viewer=viewer(make_user()), snippet=old, on=True)
    who = viewer(make_user())
    with django_assert_num_queries(2):
        shown = [(row.pk, row.topic.space.slug, list(row.topic.tags.all())) for row in library(who)]

    assert [pk for pk, *_rest in shown] == [new.pk, old.pk]
    assert [row.pk for row in library(who, sort="used")] == [old.pk, new.pk]
    for narrowed in ({"language": "bash"}, {"tag": "energy"}, {"space": "code"}):
        assert [row.pk for row in library(who, **narrowed)] == [old.pk]
    with django_assert_num_queries(3):
        found = snippet_for(who, old.pk)
        assert found is not None and len(found.current.files.all()) == 2


def test_search_when_code_is_shared_and_saved_then_found_by_it_as_code_alone() -> None:
    author = make_user()
    snippet = make_snippet(author=author, files=[CodeFile("a.py", "frobnicate_quokka()")])
    anybody = viewer(None)

    def found(text: str) -> list[tuple[str, int]]:
        run_once()
        primary().refresh()
        return [(hit.card.kind, hit.card.id) for hit in services.search(anybody, parser.parse(text)).items]

    assert found("frobnicate_quokka") == [("snippet", snippet.pk)]
    assert found("tag:python kind:snippet") == [("snippet", snippet.pk)]
    assert not TopicSource().topics().filter(pk=snippet.pk).exists()
    snippet_save(viewer=viewer(author), snippet=snippet, files=[CodeFile("a.sh", "defrobnicate_wombat")])

    assert found("defrobnicate_wombat") == [("snippet", snippet.pk)]
    (document,) = SnippetSource().documents([snippet.pk])
    assert "frobnicate_quokka" not in document.body.split() and document.tags == ("bash",)

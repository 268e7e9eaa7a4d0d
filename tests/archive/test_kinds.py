"""What kinds of topic have beyond a topic goes out with the archive and comes in again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from community.calendar.models import Attendance, CalendarEvent
from community.calendar.services import attendance_set, event_cancel
from community.forums.models import Topic
from community.snippets.files import CodeFile
from community.snippets.models import Snippet, SnippetFile
from community.snippets.services import snippet_save, snippet_use
from community.spaces.models import Space
from tests.factories.archive import make_archive, run_import, thread_row
from tests.factories.calendar import a_plan, make_event
from tests.factories.people import make_user, viewer
from tests.factories.snippets import make_snippet
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
EVENT = {"starts": "2031-05-17T15:00", "ends": "2031-05-17T16:00", "zone": "Europe/Berlin"}


def events() -> list:
    answers = list(Attendance.objects.order_by("event__topic__title", "user__username").values_list(
        "event__topic__title", "user__username", "answer"))  # fmt: skip
    columns = (
        "topic__title", "starts_at", "ends_at", "zone", "place", "join_url", "join_minutes", "sequence", "changed_at",
        "cancelled_at", "going_count", "maybe_count",
    )  # fmt: skip
    return [*CalendarEvent.objects.order_by("topic__title").values_list(*columns), *answers]


def test_events_when_moved_out_and_in_again_then_as_they_were(tmp_path: Path) -> None:
    ada, bo, space = make_user("ada"), make_user("bo"), make_space(slug="lamps")
    event = make_event(author=ada, space=space, plan=a_plan(join_url="https://meet.example/r", join_minutes=None))
    off = make_event(author=ada, space=space)
    attendance_set(viewer=viewer(bo), event=event, answer="going")
    attendance_set(viewer=viewer(ada), event=event, answer="no")
    event_cancel(viewer=viewer(ada), event=off)
    before = events()
    call_command("export_archive", str(tmp_path / "out"), stdout=(tmp_path / "said").open("w"))
    call_command("export_archive", str(tmp_path / "public"), public=True, stdout=(tmp_path / "said").open("w"))
    Topic.objects.all().delete()
    Space.objects.all().delete()
    User.objects.all().delete()

    report = run_import(tmp_path / "out", source="moved")

    assert report.total("bad") == 0
    assert events() == before
    public = "".join(path.read_text() for path in (tmp_path / "public").iterdir())
    assert "Europe/Berlin" in public and "meet.example" not in public and '"going"' not in public


def test_snippets_when_moved_out_and_in_again_then_with_all_their_versions(tmp_path: Path) -> None:
    def told() -> list:
        files = SnippetFile.objects.order_by("version__number", "position")
        rows = files.values_list(
            "version__snippet__topic__title", "version__number", "version__label", "version__note",
            "version__saved_by__username", "version__saved_at", "name", "language", "code", "html",
        )  # fmt: skip
        return [*rows, *Snippet.objects.values_list("language", "number", "use_count", "changed_at")]

    ada = make_user("ada")
    snippet = make_snippet(author=ada, space=make_space(slug="code"), label="1.0")
    new = [CodeFile("a.sh", "ls"), CodeFile("b.py", "print()")]
    snippet_save(viewer=viewer(ada), snippet=snippet, files=new, label="1.1", note="Shorter")
    snippet_use(viewer=viewer(make_user("bo")), snippet=snippet, on=True)
    before = told()
    call_command("export_archive", str(tmp_path / "out"), stdout=(tmp_path / "said").open("w"))
    Topic.objects.all().delete()
    Space.objects.all().delete()
    User.objects.all().delete()

    assert run_import(tmp_path / "out", source="moved").total("bad") == 0
    assert told() == before
    bad = thread_row(9, kind="snippet", snippet={"versions": [{"saved": "2024-01-02T03:21:52Z", "files": []}]})
    report = run_import(make_archive(tmp_path / "bad", threads=[bad]), source="other")
    assert report.examples[0].startswith("threads.jsonl line 1: snippet.versions[0].files ")


@pytest.mark.parametrize(
    ("field", "event"),
    [("event", None), ("event.starts", EVENT | {"starts": "soon"}), ("event.zone", EVENT | {"zone": "Mars/Base"})],
    ids=["missing", "no-time", "no-zone"],
)
def test_event_when_its_row_is_wrong_then_left_out_and_named(tmp_path: Path, field: str, event: dict | None) -> None:
    row = thread_row(1, kind="event") | ({"event": event} if event else {})

    report = run_import(make_archive(tmp_path, threads=[row, thread_row(2, kind="event", event=EVENT)]))

    assert report.total("bad") == 1 and report.examples[0].startswith(f"threads.jsonl line 1: {field} ")
    assert CalendarEvent.objects.count() == Topic.objects.count() == 1

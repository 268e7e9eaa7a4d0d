"""Small dumps of other platforms, made here, and the command that brings one in."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from django.core.management import call_command

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "import-samples"


def sample(name: str) -> Path:
    """A real dump; skips where the shared data is not."""
    if not (SAMPLES / name).exists():
        pytest.skip(f"the sample {name} is not there (../shared/data)")
    return SAMPLES / name


def bring(command: str, path: Path, **options) -> str:
    """Run a command; returns what it said, white space made even."""
    out = StringIO()
    call_command(command, str(path), stdout=out, **options)
    return " ".join(out.getvalue().split())


def xml(folder: Path, name: str, rows: list[dict[str, object]], *, start: str = "") -> Path:
    """A file as Stack Exchange writes it, byte-order mark and all."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"  <row {' '.join(f'{key}={quoteattr(str(value))}' for key, value in row.items())} />\r\n"
                    for row in rows)
    text = f'<?xml version="1.0" encoding="utf-8"?>\r\n{start}<{name.lower()}>\r\n{lines}</{name.lower()}>'
    path = folder / f"{name}.xml"
    path.write_text(text, encoding="utf-8-sig", newline="")
    return path


AT = "2020-01-0{}T10:00:00.000"


def stackexchange(folder: Path) -> Path:
    """A site of three people, two questions, a suggestion and whatever hangs on them."""
    folder = folder / "lamps.stackexchange.com"
    xml(folder, "Users", [
        {"Id": 1, "DisplayName": "Ada", "CreationDate": AT.format(1), "AboutMe": "<p>Builder of <b>lamps</b></p>"},
        {"Id": 2, "DisplayName": "ada", "CreationDate": AT.format(1)},
        {"Id": 3, "DisplayName": "Bo", "CreationDate": AT.format(2)},
    ])  # fmt: skip
    home = "https://lamps.stackexchange.com"
    xml(folder, "Posts", [
        {"Id": 1, "PostTypeId": 1, "CreationDate": AT.format(1), "Score": 5, "ViewCount": 70, "OwnerUserId": 1,
         "Title": "Why does it flicker?", "Tags": "<light><power>", "AcceptedAnswerId": 3,
         "Body": f'<p>See <a href="{home}/q/2">this</a> and {home}/a/4</p>', "LastEditorUserId": 3,
         "LastEditDate": AT.format(3), "LastActivityDate": AT.format(4)},
        {"Id": 2, "PostTypeId": 1, "CreationDate": AT.format(2), "Score": -3, "OwnerUserId": 2,
         "Title": "Flickering again", "Tags": "|light|", "Body": "<p>It does.</p>"},
        {"Id": 3, "PostTypeId": 2, "ParentId": 1, "CreationDate": AT.format(2), "Score": 7, "OwnerUserId": 3,
         "Body": "<p>Turn it.</p>"},
        {"Id": 4, "PostTypeId": 2, "ParentId": 1, "CreationDate": AT.format(3), "Score": 0,
         "OwnerDisplayName": "user99", "Body": "<p>Or not.</p>"},
        {"Id": 5, "PostTypeId": 1, "CreationDate": AT.format(3), "Score": 4, "OwnerUserId": 1,
         "Title": "Make a green one", "Tags": "<feature-request><status-planned><light>", "Body": "<p>Please.</p>"},
        {"Id": 6, "PostTypeId": 5, "CreationDate": AT.format(3), "Body": "wiki of a tag"},
        {"Id": 7, "PostTypeId": 2, "ParentId": 999, "CreationDate": AT.format(3), "Body": "<p>Lost.</p>"},
    ])  # fmt: skip
    xml(folder, "Comments", [
        {"Id": 1, "PostId": 3, "Score": 2, "UserId": 2, "CreationDate": AT.format(3),
         "Text": "# no heading\n1. no list, `code` stays"},
        {"Id": 2, "PostId": 6, "Score": 0, "Text": "on a wiki", "CreationDate": AT.format(3), "UserId": 2},
        {"Id": 3, "PostId": 1, "Score": 0, "Text": "Same here", "CreationDate": AT.format(2),
         "UserDisplayName": "gone"},
    ])  # fmt: skip
    xml(folder, "PostLinks", [
        {"Id": 1, "PostId": 2, "RelatedPostId": 1, "LinkTypeId": 3, "CreationDate": AT.format(3)},
        {"Id": 2, "PostId": 1, "RelatedPostId": 2, "LinkTypeId": 1, "CreationDate": AT.format(3)},
    ])  # fmt: skip
    xml(folder, "Votes", [{"Id": n, "PostId": 1, "VoteTypeId": kind, "CreationDate": AT.format(1), "UserId": 2}
                          for n, kind in enumerate((2, 3, 5, 1))])  # fmt: skip
    xml(folder, "Tags", [{"Id": 1, "TagName": "light", "Count": 3}])
    steps = [
        (1, "Why flicker", "a"), (2, "First *words*", "a"), (4, "Why does it flicker?", "b"), (5, "Second words", "b"),
        (5, "Last words", "c"), (10, "closed", "d"),
    ]  # fmt: skip
    xml(folder, "PostHistory", [
        {"Id": n, "PostHistoryTypeId": kind, "PostId": 1, "RevisionGUID": guid, "UserId": 3, "Text": text,
         "CreationDate": AT.format(min(n, 3))}
        for n, (kind, text, guid) in enumerate(steps, start=1)
    ])  # fmt: skip
    return folder

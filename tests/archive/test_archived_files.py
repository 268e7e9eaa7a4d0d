"""Files and faces of an archive: what is damaged, missing or not theirs does not come in."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from accounts.uploads.models import Upload, UploadUse
from community.forums.models import Post
from tests.archive.test_parts import notes
from tests.factories.archive import make_archive, run_import, thread_row
from tests.factories.people import make_user
from tests.factories.uploads import make_upload, picture_file, text_file

pytestmark = pytest.mark.django_db
KEY = "abcdefghijklmnopqrstuv"


def archive(folder: Path, content: bytes, *, as_written: bytes | None = None, **fields: Any) -> Path:
    """One thread that names one file."""
    digest = hashlib.sha256(content).hexdigest()
    (folder / "files").mkdir(parents=True, exist_ok=True)
    (folder / "files" / digest).write_bytes(content if as_written is None else as_written)
    row = {"id": KEY, "name": "lamp.png", "sha256": digest, "owner": "ada"} | fields
    body = f"![]( /files/{row['id']}/lamp.png)".replace("( ", "(")
    use = {"id": "1", "file": row["id"], "thread": "1"}
    return make_archive(
        folder, files=[row], attached=[use],
        threads=[thread_row(1, html=None, body=f"Look: {body}", url="https://old.example/t/1")],
    )


def test_file_when_imported_then_shows_in_its_text_and_opens_to_its_readers(client, tmp_path: Path) -> None:
    report = run_import(archive(tmp_path, picture_file(size=(40, 20)).read()))

    assert report.total("bad") == 0
    upload, post = Upload.objects.get(), Post.objects.get()
    assert (upload.owner.username, upload.width, upload.expires_at) == ("ada", 40, None)
    assert f'src="/files/{KEY}/lamp.jpg"' in post.html and 'width="40"' in post.html
    assert client.get(upload.get_absolute_url()).status_code == 200
    assert run_import(tmp_path).total("new", "changed", "bad") == 0


def test_document_when_imported_then_its_words_are_read(tmp_path: Path) -> None:
    report = run_import(archive(tmp_path, text_file("plan.txt", "lamp plan").read(), name="plan.txt"))

    assert report.total("bad") == 0
    assert Upload.objects.get().text.strip() == "lamp plan"


BAD = {
    "damaged": ({}, b"GIF89a something else", "sha256", "damaged"),
    "a path": ({"sha256": "../../../etc/passwd"}, None, "sha256", "64 digits"),
    "not there": ({"sha256": "0" * 64}, None, "sha256", "not in files/"),
    "no address": ({"id": "short"}, None, "key", "22 letters"),
    "a program": ({"name": "lamp.exe"}, None, "file", "cannot be attached"),
    "not what it says": ({"name": "lamp.pdf"}, None, "file", "PDF"),
}


@pytest.mark.parametrize("name", BAD)
def test_file_when_it_is_bad_then_is_named_and_the_text_comes_in(tmp_path: Path, name: str) -> None:
    fields, as_written, field, why = BAD[name]

    report = run_import(archive(tmp_path, picture_file().read(), as_written=as_written, **fields))

    first = notes(report)[0]
    assert (first["file"], first["field"]) == ("files.jsonl", field)
    assert why in first["why"]
    assert not Upload.objects.exists() and not UploadUse.objects.exists() and Post.objects.count() == 1


def test_file_when_its_address_is_taken_here_then_the_one_here_is_opened_to_nobody(client, tmp_path: Path) -> None:
    private = make_upload(owner=make_user("zoe"), file=text_file("plan.txt", "private"))

    report = run_import(archive(tmp_path, picture_file().read(), id=private.key))

    assert [note["file"] for note in notes(report)] == ["files.jsonl", "attached.jsonl"]
    assert not UploadUse.objects.exists()
    assert client.get(private.get_absolute_url()).status_code == 404


def test_face_when_imported_then_only_somebody_of_the_archive_gets_it(tmp_path: Path) -> None:
    zoe = make_user("zoe")
    content = picture_file().read()
    archive(tmp_path, content)
    digest = hashlib.sha256(content).hexdigest()

    faces = [{"member": name, "sha256": digest} for name in ("ada", "zoe")]
    report = run_import(make_archive(tmp_path, pictures=faces))

    assert report.total("bad") == 0
    assert set(User.objects.exclude(avatar="").values_list("username", flat=True)) == {"ada", "zoe-2"}
    zoe.refresh_from_db()
    assert zoe.avatar == ""

"""Files that people send: taken in or refused in words, sent harmlessly, counted, gone when nothing names them."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.events.worker import drain
from accounts.uploads import quotas, services
from accounts.uploads.models import Upload, UploadUse
from tests.factories.people import make_user, viewer
from tests.factories.uploads import make_upload, picture_file, text_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_picture_when_sent_then_ours_is_kept_without_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010E] = "GPS of my house"
    upload = make_upload(file=picture_file("../../My <b>lamp</b>.jpg", size=(3000, 1500), exif=exif))

    assert (upload.kind, upload.extension, upload.width, upload.height) == ("image", "jpg", 2560, 1280)
    assert upload.name == "b-.jpg" or ("<" not in upload.name and "/" not in upload.name)
    for smaller, width in ((False, 2560), (True, 1280)):
        content = default_storage.open(upload.path(smaller=smaller)).read()
        with Image.open(io.BytesIO(content)) as picture:
            assert picture.width == width and not picture.getexif()
        assert b"GPS" not in content
    event = Event.objects.get(name="upload.created")
    assert (event.actor_id, event.target_id) == (upload.owner_id, upload.pk)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.exe", b"MZ", "cannot be attached"),
        ("noname", b"text", "cannot be attached"),
        ("a.svg", b"<svg onload=alert(1)>", "Save it as PNG"),
        ("a.heic", b"ftypheic", "Save it as PNG"),
        ("a.png", b"<html>", "no picture"),
        ("a.pdf", b"<html>%PD", "no PDF file"),
        ("a.docx", b"<html>", "no DOCX file"),
        ("a.txt", b"a\0b", "no TXT file"),
        ("a.txt", b"", "empty"),
    ],
)
def test_file_when_it_cannot_be_attached_then_a_word_says_why_and_nothing_is_kept(name, content, word) -> None:
    with pytest.raises(ValidationError) as refused:
        make_upload(file=SimpleUploadedFile(name, content))

    assert word in refused.value.message_dict["file"][0]
    assert not Upload.objects.exists() and not Event.objects.filter(name="upload.created").exists()
    assert not default_storage.exists("uploads")


def test_file_when_too_large_then_refused_before_it_is_looked_at() -> None:
    class Large(io.BytesIO):
        name, size = "a.zip", 25_000_001

    with pytest.raises(ValidationError, match="25 MB"):
        services.upload_create(viewer=viewer(make_user()), file=Large(b"PK\x03\x04"))  # type: ignore[arg-type]


def test_store_when_full_then_a_word_says_so_and_no_row_stays(monkeypatch) -> None:
    from django.core.files.storage import FileSystemStorage

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(ValidationError, match="no room"):
        make_upload()
    assert not Upload.objects.exists()


def test_nobody_when_sending_then_refused() -> None:
    with pytest.raises(NotAllowed):
        services.upload_create(viewer=viewer(None), file=picture_file())


def test_quota_when_reached_then_a_word_says_so(monkeypatch) -> None:
    monkeypatch.setattr(quotas, "NEW", (1, 2))
    person = make_user(trust_level=0)
    make_upload(owner=person)
    Upload.objects.update(size=999_990)
    with pytest.raises(ValidationError, match="more than 1 MB"):
        make_upload(owner=person)
    Upload.objects.update(size=1)
    make_upload(owner=person)
    with pytest.raises(ValidationError, match="2 files in the last 24 hours"):
        make_upload(owner=person)
    make_upload(owner=make_user(trust_level=0))  # somebody else's do not count


def test_file_when_no_text_names_it_then_its_owners_and_gone_after_a_day(django_capture_on_commit_callbacks) -> None:
    owner, admin = make_user(), make_user(is_superuser=True)
    upload = make_upload(owner=owner, file=text_file())

    for person, status in ((owner, 200), (admin, 404), (make_user(), 404)):
        client = Client()
        client.force_login(person)
        assert client.get(upload.get_absolute_url()).status_code == status
    assert Client().get(upload.get_absolute_url()).status_code == 404

    assert services.uploads_purge() == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.uploads_purge(now=timezone.now() + timedelta(hours=25)) == 1
    assert not Upload.objects.exists() and not default_storage.exists(upload.path())
    assert Event.objects.filter(name="upload.removed", target_id=upload.pk).exists()


def test_file_when_sent_to_a_reader_then_harmless() -> None:
    owner, client = make_user(), Client()
    client.force_login(owner)
    log = make_upload(owner=owner, file=text_file("hub.log", "<script>alert(1)</script>"))
    picture = make_upload(owner=owner)

    answer = client.get(log.get_absolute_url())
    assert answer["Content-Disposition"] == 'attachment; filename="hub.log"'
    assert answer["Content-Type"] == "text/plain; charset=utf-8" and answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and answer["Cache-Control"] == "private, no-cache"
    shown = client.get(picture.get_absolute_url())
    assert shown["Content-Type"] == "image/jpeg" and shown["Content-Disposition"].startswith("inline")
    again = client.get(picture.get_absolute_url(), headers={"If-None-Match": shown["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get(picture.get_absolute_url(), headers={"If-None-Match": shown["ETag"]}).status_code == 404


def test_api_when_a_file_is_sent_then_it_answers_what_to_write_and_takes_it_back() -> None:
    owner, client = make_user(), Client()
    assert client.post("/api/v1/files", {"file": picture_file()}).status_code == 401
    client.force_login(owner)

    answer = client.post("/api/v1/files", {"file": picture_file(), "alt": "A [lamp]"})
    told = answer.json()
    key = told["key"]
    assert answer.status_code == 201 and told["markdown"] == f"![A \\[lamp\\]](/files/{key}/lamp.jpg)"
    assert client.get("/api/v1/files").json()["results"][0]["key"] == key
    assert client.get(f"/api/v1/files/{key}")["Content-Type"] == "image/jpeg"

    assert Client().delete(f"/api/v1/files/{key}").status_code == 401
    stranger = Client()
    stranger.force_login(make_user())
    assert stranger.delete(f"/api/v1/files/{key}").status_code == 404
    assert client.delete(f"/api/v1/files/{key}").status_code == 204
    assert not Upload.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"file": "text"}, {"file": ""}])
def test_api_when_there_is_no_file_then_the_field_is_named(sent) -> None:
    client = Client()
    client.force_login(make_user())
    answer = client.post("/api/v1/files", sent)
    assert answer.status_code == 400 and "file" in answer.json()["errors"]


def test_document_when_delivered_then_its_words_are_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<w:document xmlns:w='w'><w:p><w:t>Lumen manual</w:t></w:p></w:document>")
    upload = make_upload(file=SimpleUploadedFile("manual.docx", packed.getvalue()))
    broken = make_upload(file=SimpleUploadedFile("broken.pdf", b"%PDF-1.7 nothing"))
    drain()

    upload.refresh_from_db()
    broken.refresh_from_db()
    assert "Lumen manual" in upload.text and broken.text == ""


def test_use_when_its_place_is_gone_then_the_file_follows_after_thirty_days() -> None:
    upload = make_upload()
    UploadUse.objects.create(upload=upload, target_type="post", target_id=987_654, created_at=timezone.now())
    Upload.objects.update(expires_at=None)

    assert services.uploads_purge() == 0
    upload.refresh_from_db()
    assert not upload.uses.exists() and upload.expires_at > timezone.now() + timedelta(days=29)
    assert services.uploads_purge(now=timezone.now() + timedelta(days=31)) == 1

"""A disk that is full: what was sent is refused in words, nothing half-written stays, and pages go on."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.events.models import Event
from accounts.uploads.models import Upload
from community.forums.models import Post
from tests.factories.forums import make_topic
from tests.factories.people import make_user
from tests.factories.uploads import text_file

pytestmark = pytest.mark.django_db
LEFT = 10_000  # bytes that still fit: a file begins to be written, and cannot be ended


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with a megabyte, nearly full."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system cannot be mounted here (needs root)")
    try:
        free = shutil.disk_usage(place).free
        (place / "filling").write_bytes(b"x" * (free - LEFT // 4096 * 4096))
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _files(disk: Path) -> list[str]:
    return sorted(path.name for path in disk.rglob("*") if path.is_file() and path.name != "filling")


def _signed_in(person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_file_when_the_disk_is_full_then_is_refused_and_the_text_is_kept_in_the_form(disk, settings):
    settings.MEDIA_ROOT = disk
    topic = make_topic()
    sent = {"body": "See here:", "files": [text_file(text="no carrier " * 2_000)]}

    answer = _signed_in(make_user()).post(f"/t/{topic.pk}/reply/", sent)

    page = answer.content.decode()
    assert answer.status_code == 400 and "there is no room for it" in page and "See here:" in page
    assert not Upload.objects.exists() and Post.objects.count() == 1
    assert not Event.objects.filter(name__startswith="upload.").exists()
    assert _files(disk) == []
    assert Client().get(f"/t/{topic.pk}/", follow=True).status_code == 200


def test_avatar_when_the_disk_is_full_then_the_one_before_stays(disk, settings):
    person = make_user()
    made = io.BytesIO()
    Image.effect_noise((256, 256), 90).save(made, "PNG")  # noise does not become small
    picture = SimpleUploadedFile("me.png", made.getvalue())
    settings.MEDIA_ROOT = disk

    answer = _signed_in(person).post(reverse("accounts:avatar-settings"), {"avatar": picture}, follow=True)

    person.refresh_from_db()
    assert "there is no room for it" in answer.content.decode()
    assert person.avatar == "" and _files(disk) == []


@pytest.mark.django_db(transaction=True)
def test_backup_when_the_disk_is_full_then_says_so_and_leaves_no_archive(disk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"

    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(disk / "community.tar.gz"))

    assert _files(disk) == []

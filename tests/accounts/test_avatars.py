"""Profile pictures: written anew, under a random name, sent harmlessly, gone when replaced or removed."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import services
from accounts.errors import NotAllowed
from accounts.events.models import Event
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db


def upload(kind: str = "JPEG", name: str = "../../me.html", tail: bytes = b"") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(made, kind)
    return SimpleUploadedFile(name, made.getvalue() + tail, content_type="text/html")


@pytest.fixture
def mara(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    user = make_user("mara")
    client.force_login(user)
    return user


def test_picture_when_chosen_then_everybody_sees_ours_and_not_theirs(client, mara, django_capture_on_commit_callbacks):
    assert client.post("/settings/picture/", {"avatar": upload(tail=b"<script>")}).status_code == 302

    mara.refresh_from_db()
    client.logout()
    page = client.get("/u/mara/").content.decode()
    address = f"/media/avatars/{mara.avatar}"
    assert f'src="{address}"' in page and "me.html" not in mara.avatar
    answer = client.get(address)
    content = b"".join(answer.streaming_content)
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == "JPEG" and picture.size == (256, 256)
    assert answer["Content-Type"] == "image/jpeg" and answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "immutable" in answer["Cache-Control"]
    assert b"<script>" not in content and not answer.cookies
    assert Event.objects.get(name="user.updated").data == {"fields": ["avatar"]}


def test_picture_when_replaced_or_removed_then_the_old_one_is_gone(client, mara, django_capture_on_commit_callbacks):
    names = []
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/settings/picture/", {"avatar": upload("PNG")})
        mara.refresh_from_db()
        names.append(mara.avatar)
    assert len(set(names)) == 2 and default_storage.listdir("avatars")[1] == names[1:]
    assert client.get(f"/media/avatars/{names[0]}").status_code == 404

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/settings/picture/", {"remove": "1"})
    assert default_storage.listdir("avatars")[1] == []
    assert client.get(f"/media/avatars/{names[1]}").status_code == 404
    assert "<img class=\"avatar" not in client.get("/u/mara/").content.decode()


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"GIF89a<script>alert(1)</script>", b"", b"\0" * 100])
def test_picture_when_it_is_none_then_the_page_says_so_and_nothing_is_kept(client, mara, content: bytes):
    answer = client.post("/settings/picture/", {"avatar": SimpleUploadedFile("a.png", content)}, follow=True)
    assert "picture" in answer.content.decode().partition("messages")[2]
    mara.refresh_from_db()
    assert mara.avatar == "" and not default_storage.exists("avatars")


def test_picture_when_of_somebody_who_left_then_only_admins_see_it(client, mara):
    services.avatar_set(viewer=viewer(mara), user=mara, file=upload())
    mara.refresh_from_db()
    mara.is_active = False
    mara.save(update_fields=["is_active"])
    client.logout()
    assert client.get(f"/media/avatars/{mara.avatar}").status_code == 404
    client.force_login(make_user(is_superuser=True))
    assert client.get(f"/media/avatars/{mara.avatar}").status_code == 200


def test_picture_when_of_another_then_refused(mara):
    with pytest.raises(NotAllowed):
        services.avatar_set(viewer=viewer(make_user("jonas")), user=mara, file=upload())
    with pytest.raises(NotAllowed):
        services.avatar_remove(viewer=viewer(None), user=mara)


def test_me_when_there_is_a_picture_then_the_api_names_its_address(client, mara, settings):
    assert client.get("/api/v1/me").json()["avatar"] is None
    services.avatar_set(viewer=viewer(mara), user=mara, file=upload())
    mara.refresh_from_db()
    assert client.get("/api/v1/me").json()["avatar"] == f"{settings.SITE_URL}/media/avatars/{mara.avatar}"

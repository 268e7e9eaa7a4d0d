"""Pages, downloads and the API of snippets, as a browser without script and a program see them."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.test import Client

from community.snippets.files import CodeFile
from community.snippets.models import Snippet
from community.snippets.services import snippet_save
from tests.factories.people import make_user, viewer
from tests.factories.snippets import make_snippet
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
FILES = {
    "file-TOTAL_FORMS": "2", "file-INITIAL_FORMS": "0", "file-0-name": "a.py", "file-0-code": "print(1)",
    "file-0-language": "", "file-1-name": "", "file-1-code": "", "file-1-language": "",
}  # fmt: skip
SENT = {"space": "code", "title": "Export it", "body": "Run it.", "label": "1.0", "tags": "energy", "key": "k"} | FILES


def test_flow_when_shared_changed_and_used_then_pages_say_so(client: Client) -> None:
    author, person = make_user(), make_user()
    make_space(slug="code")
    client.force_login(author)
    assert "Share code" in client.get("/s/code/").content.decode()
    more = client.post("/snippets/new/", SENT | {"more": "1"}).content.decode()
    assert 'name="file-2-name"' in more and "print(1)" in more and not Snippet.objects.exists()

    made = client.post("/snippets/new/", SENT)
    snippet = Snippet.objects.get()
    page = client.get(made["Location"]).content.decode()
    assert "a.py" in page and 'class="highlight"' in page and "Version 1.0" in page and "New version" in page
    form = client.get(f"/snippets/{snippet.pk}/edit/").content.decode()
    assert "print(1)" in form
    client.post(f"/snippets/{snippet.pk}/edit/", FILES | {"file-0-code": "print(2)", "label": "1.1", "number": "1"})
    versions = client.get(f"/snippets/{snippet.pk}/versions/").content.decode()
    assert "<del>print(1)</del>" in versions and "<ins>print(2)</ins>" in versions

    client.force_login(person)
    client.post(f"/snippets/{snippet.pk}/use/", {"on": "1"})
    assert "used by 1 person" in client.get(made["Location"]).content.decode()
    assert client.get(f"/snippets/{snippet.pk}/edit/").status_code == 403
    assert "You use it" in client.get("/snippets/?language=python&sort=used").content.decode()


def test_form_when_a_file_is_wrong_then_named_and_kept(client: Client) -> None:
    client.force_login(make_user())
    make_space(slug="code")

    refused = client.post("/snippets/new/", SENT | {"file-0-name": "../a.py"})

    page = refused.content.decode()
    assert refused.status_code == 400 and "File 1 (../a.py)" in page and "print(1)" in page


def test_files_when_taken_then_as_written_and_never_run_as_a_page() -> None:
    author = make_user()
    snippet = make_snippet(author=author, files=[CodeFile("lib/a.html", "<script>x</script>"), CodeFile("b.py", "y")])
    snippet_save(viewer=viewer(author), snippet=snippet, files=[CodeFile("b.py", "z")])
    raw = Client().get(f"/snippets/{snippet.pk}/1/1/")
    packed = Client().get(f"/snippets/{snippet.pk}/1.zip")

    assert raw.content == b"<script>x</script>\n" and raw["Content-Type"] == "text/plain; charset=utf-8"
    assert raw["Content-Disposition"] == 'attachment; filename="a.html"' and raw["X-Content-Type-Options"] == "nosniff"
    with zipfile.ZipFile(BytesIO(packed.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "lib/a.html": b"<script>x</script>\n", "b.py": b"y\n",
        }  # fmt: skip
    for missing in (f"/snippets/{snippet.pk}/3/1/", f"/snippets/{snippet.pk}/1/3/", f"/snippets/{snippet.pk}/9.zip"):
        assert Client().get(missing).status_code == 404


def test_snippet_of_a_closed_space_when_asked_for_then_not_there() -> None:
    hidden = make_snippet(author=make_user(is_agent=True), space=make_space(slug="inside", audience="staff"))
    for path in ("1/1/", "1.zip", "versions/"):
        assert Client().get(f"/snippets/{hidden.pk}/{path}").status_code == 404

    assert hidden.topic.title not in Client().get("/snippets/").content.decode()


def test_api_when_shared_saved_and_used_then_as_the_pages_do() -> None:
    author, person = make_user(), make_user()
    make_space(slug="code")
    api, other = Client(), Client()
    api.force_login(author)
    other.force_login(person)
    sent = {"space": "code", "title": "Export it", "body": "Run it.", "files": [{"name": "a.py", "code": "  x\n"}]}
    made = api.post("/api/v1/snippets", sent, "application/json")
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert made.json()["files"] == [{"name": "a.py", "language": "python", "code": "  x"}]

    version = {"files": [{"name": "a.py", "code": "y"}], "label": "2", "number": 1}
    assert api.post(f"/api/v1/snippets/{pk}/versions", version, "application/json").json()["number"] == 2
    assert api.post(f"/api/v1/snippets/{pk}/versions", version, "application/json").status_code == 409
    assert other.post(f"/api/v1/snippets/{pk}/versions", version, "application/json").status_code == 403
    assert other.post(f"/api/v1/snippets/{pk}/use").json()["used_by"] == 1
    assert other.delete(f"/api/v1/snippets/{pk}/use").json()["used_by"] == 0
    assert [row["id"] for row in other.get("/api/v1/snippets?language=python").json()["results"]] == [pk]
    refused = api.post("/api/v1/snippets", sent | {"files": []}, "application/json")
    assert refused.status_code == 400 and "files" in refused.content.decode()

"""Old addresses: every form leads to what stood there, for those who may see it; for the others there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.models import User
from community.forums.models import Post, Status, Topic
from community.spaces.models import Space
from config.archive.addresses import names_of
from config.models import OldAddress
from tests.factories.archive import article_row, make_archive, reply_row, run_import, thread_row
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_first]
OLD = "https://old.example"


def imported(folder: Path) -> None:
    run_import(make_archive(
        folder,
        spaces=[
            {"slug": "lamps", "name": "Lamps", "audience": "public", "url": f"{OLD}/c/lamps/4"},
            {"slug": "inside", "name": "Inside", "audience": "staff", "url": f"{OLD}/c/inside/5"},
        ],
        sections=[{"index": "kb", "title": "Lamp", "audience": "public"}],
        members=[{"username": "ada", "url": f"{OLD}/users/21/ada"}],
        articles=[article_row()],
        threads=[
            thread_row(
                7, url=f"{OLD}/questions/7/lamp", also=["/forum/viewtopic.php?f=2&t=70", f"{OLD}/t/lamp/700"],
                replies=[
                    reply_row(8, url=f"{OLD}/a/8", also=[f"{OLD}/t/700/2", "/forum/viewtopic.php?p=80#p80"]),
                    reply_row(9, url=f"{OLD}/a/9", is_removed=True),
                ],
            ),
            thread_row(10, category="inside", url=f"{OLD}/questions/10"),
        ],
    ))  # fmt: skip


FORMS = {
    "topic": ["/questions/7", "/questions/7/other-words", "/q/7", "/q/7/21", "/posts/7/edit",
              "/forum/viewtopic.php?t=70", "/forum/viewtopic.php?f=2&t=70&start=20",
              "/t/any-words/700", "/t/lamp-2/700/", "/t/lamp/700?u=ada"],
    "reply": ["/a/8", "/a/8/21", "/questions/7/lamp/8", "/posts/8/revisions", "/t/lamp/700/2",
              "/forum/viewtopic.php?p=80", "/forum/viewtopic.php?f=2&t=70&p=80"],
    "member": ["/users/21", "/users/21/ada", "/users/21/ada?tab=answers"],
    "space": ["/c/lamps/4", "/c/4", "/c/all/lamps/4/l/latest"],
    "article": ["/en-US/kb/reset", "/de/kb/reset"],
}  # fmt: skip


def where(name: str) -> str:
    topic = Topic.objects.get(imported_from="old:topic:7")
    return {
        "topic": topic.get_absolute_url,
        "reply": Post.objects.get(imported_from="old:topic-reply:7/r8").get_absolute_url,
        "member": User.objects.get(username="ada").get_absolute_url,
        "space": Space.objects.get(slug="lamps").get_absolute_url,
        "article": lambda: "/kb/lamp/reset/",
    }[name]()


@pytest.mark.parametrize(("name", "old"), [(name, old) for name, some in FORMS.items() for old in some])
def test_old_address_when_opened_then_leads_to_where_it_is_now(client, tmp_path: Path, name: str, old: str) -> None:
    imported(tmp_path)

    answer = client.get(old)

    assert (answer.status_code, answer.headers.get("Location")) == (301, where(name))


@pytest.mark.parametrize("old", ["/questions/10", "/q/10", "/c/inside/5", "/a/9", "/questions/7/lamp/9x", "/q/99"])
def test_what_is_hidden_when_opened_by_its_old_address_then_is_not_there(client, tmp_path: Path, old: str) -> None:
    imported(tmp_path)

    nothing = client.get("/q/123456789", follow=True)  # Django tries once more with a slash at the end
    answer = client.get(old, follow=True)

    assert (answer.status_code, nothing.status_code) == (404, 404)
    assert len(answer.redirect_chain) == len(nothing.redirect_chain) and "Lamp 10" not in answer.content.decode()


def test_staff_when_they_open_a_private_old_address_then_are_led_there(client, tmp_path: Path) -> None:
    imported(tmp_path)
    client.force_login(make_user("agent", is_agent=True))

    topic = Topic.objects.get(title="Lamp 10 flickers")
    assert client.get("/questions/10").headers["Location"] == topic.get_absolute_url()


def test_removed_topic_when_opened_by_its_old_address_then_is_not_there(client, tmp_path: Path) -> None:
    imported(tmp_path)
    Topic.objects.filter(title="Lamp 7 flickers").update(status=Status.REMOVED)

    assert {client.get(old, follow=True).status_code for old in ("/questions/7", "/a/8")} == {404}


def test_same_path_of_two_hosts_when_opened_then_the_host_decides(client, tmp_path: Path, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for host in ("one", "two"):
        row = thread_row(1, title=f"From host {host}", url=f"https://{host}.example/q/1")
        run_import(make_archive(tmp_path / host, threads=[row]), source=host)

    for host in ("one", "two"):
        now = Topic.objects.get(title=f"From host {host}").get_absolute_url()
        assert client.get("/questions/1/x", headers={"host": f"www.{host}.example:80"}).headers["Location"] == now
    assert client.get("/questions/1/x", headers={"host": "three.example"}, follow=True).status_code == 404


def test_old_address_when_asked_otherwise_than_by_a_page_then_is_left_alone(client, tmp_path: Path) -> None:
    imported(tmp_path)
    run_import(make_archive(tmp_path / "api", threads=[thread_row(5, url=f"{OLD}/api/v1/old")]), source="api")

    assert client.post("/q/7/").status_code in {403, 404}
    assert client.get("/api/v1/old").status_code == 404


def test_dry_run_when_asked_for_then_notes_no_address(tmp_path: Path) -> None:
    run_import(make_archive(tmp_path, threads=[thread_row(1)]), is_dry=True)

    assert not OldAddress.objects.exists()


def test_links_to_other_forms_when_imported_then_lead_to_where_they_are_now(tmp_path: Path) -> None:
    html = f'<p><a href="{OLD}/q/1">there</a> <a href="{OLD}/a/2">it</a> {OLD}/questions/3/x</p>'
    run_import(make_archive(
        tmp_path, spaces=[{"slug": "lamps", "name": "Lamps", "audience": "public"}],
        threads=[
            thread_row(1, url=f"{OLD}/questions/1", replies=[reply_row(2, url=f"{OLD}/a/2")]),
            thread_row(3, url=f"{OLD}/questions/3", category="hidden"),
            thread_row(4, html=html),
        ],
    ))  # fmt: skip

    topic = Topic.objects.get(imported_from="old:topic:1")
    secret = Topic.objects.get(imported_from="old:topic:3")
    reply = topic.posts.get(number=2)
    body = Post.objects.get(imported_from="old:topic:4").body
    assert f"[there]({topic.get_absolute_url()}) [it]({reply.get_absolute_url()})" in body
    assert f"]({secret.get_absolute_url()})" in body and "[Lamp 3" not in body, "private titles stay private"


@pytest.mark.parametrize("url", ["", "/", "http://[", "?t=1", "/viewtopic.php?t=x&" + "&" * 500, "/q/" + "9" * 5_000])
def test_odd_addresses_when_asked_for_then_are_no_fault(client, url: str) -> None:
    assert all(len(name) <= 300 for name in names_of(url))

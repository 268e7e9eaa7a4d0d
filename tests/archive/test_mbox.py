"""import_mbox: threads by what messages answer, quotes without losses, and nobody's address in sight."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b32encode
from pathlib import Path

import pytest
from django.core.management import CommandError

from accounts.models import User
from community.forums.models import Post, Topic
from config.archive.foreign.mbox.letter import decoded, letter_of
from config.archive.foreign.mbox.quotes import markdown_of_mail, trimmed
from tests.archive.foreign import bring, sample


def mail(number: int, who: str, subject: str, text: str, *, answers: str = "", more: str = "") -> bytes:
    head = f"From {who}@lamps.example Thu Aug 22 16:27:2{number} 2002\n"
    head += f"From: {who.title()} Smith <{who}@lamps.example>\n"
    head += f"Date: Thu, 22 Aug 2002 16:27:2{number} +0000\nSubject: {subject}\nMessage-ID: <m{number}@lamps.example>\n"
    head += f"References: {answers}\n" if answers else ""
    return f"{head}{more}\n{text}\n\n".encode()


LIST = b"".join([
    mail(1, "ada", "[lamps] It flickers", "Why?\n\nWrite to ada@lamps.example\nFrom here on it is dark.\n"),
    mail(3, "cy", "RE: It flickers", "Turn it.\n\nOn Thu, Bo Smith wrote:\n> Which lamp?\n",
         answers="<m2@lamps.example>"),
    mail(2, "bo", "Re: [lamps] It flickers", "> Why?\n\nWhich lamp?", answers="<m1@lamps.example>"),
    mail(4, "ada", "Re: It flickers", "A reply to nothing known.", answers="<lost@lamps.example>"),
    mail(5, "bo", "Something else", "Hello", answers="<never@lamps.example>"),
])  # fmt: skip


def listed(folder: Path, content: bytes = LIST) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "lamps.mbox"
    path.write_bytes(content)
    return path


@pytest.mark.django_db
def test_list_when_imported_then_is_threads(client, tmp_path: Path) -> None:
    said = bring("import_mbox", listed(tmp_path), url="https://lists.example/lamps")

    assert "messages: 5 found → 2 threads, 3 replies" in said and "The counts agree" in said
    topic = Topic.objects.get(title="It flickers")
    bodies = list(topic.posts.order_by("number").values_list("author__display_name", "body"))
    assert bodies[1:] == [
        ("Bo Smith", "> Why?\n\nWhich lamp?"), ("Cy Smith", "Turn it."), ("Ada Smith", "A reply to nothing known."),
    ]  # fmt: skip
    assert (topic.author.username, topic.created_at.second) == ("Ada Smith".replace(" ", "-"), 21)
    assert topic.posts.get(number=3).reply_to.number == 2
    digest = hashlib.sha1(b"m2@lamps.example", usedforsecurity=False).digest()
    old = f"/lamps/message/{b32encode(digest).decode()}/"
    assert client.get(old).headers["Location"] == topic.posts.get(number=2).get_absolute_url()


@pytest.mark.django_db
def test_addresses_when_imported_then_are_shown_to_nobody(tmp_path: Path) -> None:
    nameless = mail(6, "di", "Write to di@lamps.example", "x").replace(b"Di Smith", b"")
    bring("import_mbox", listed(tmp_path, LIST + nameless))

    texts = [*Post.objects.values_list("body", "html"), *Topic.objects.values_list("title", "slug")]
    people = User.objects.exclude(imported_from="").values_list("username", "display_name", "imported_from", "about")
    assert "ada@…" in str(texts)
    assert "lamps.example" not in str([*texts, *people])
    assert "di" in User.objects.values_list("username", flat=True)


@pytest.mark.django_db
def test_list_when_imported_again_with_more_then_only_the_new_is_added(tmp_path: Path) -> None:
    bring("import_mbox", listed(tmp_path))
    before = set(Post.objects.values_list("pk", flat=True))

    later = mail(7, "cy", "Re: It flickers", "Later", answers="<m3@lamps.example>")
    said = bring("import_mbox", listed(tmp_path, LIST + later))

    assert "The counts agree" in said
    assert [post.body for post in Post.objects.exclude(pk__in=before)] == ["Later"]
    assert Topic.objects.get(title="It flickers").reply_count == 4


@pytest.mark.django_db
def test_folder_and_gzip_when_imported_then_are_one_list(tmp_path: Path) -> None:
    folder = tmp_path / "lamps"
    folder.mkdir()
    (folder / "2002-08.mbox").write_bytes(LIST)
    (folder / "2002-09.mbox.gz").write_bytes(gzip.compress(LIST + mail(8, "ada", "New", "x")))

    said = bring("import_mbox", folder)

    assert "5 left out (is there twice (one Message-ID))" in said and Topic.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"no mail at all", b"From me to you\n\nhello"])
def test_file_when_it_is_no_mbox_then_says_so(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CommandError, match="holds no message"):
        bring("import_mbox", listed(tmp_path, content))


ODD = {
    "unknown charset": (b"Content-Type: text/plain; charset=x-nothing\n\ncaf\xe9", "café"),
    "latin in UTF-8": (b"Content-Type: text/plain; charset=utf-8\n\ncaf\xe9", "café"),
    "broken base64": (b"Content-Transfer-Encoding: base64\n\n!!!", ""),
    "no header": (b"\nhello", "hello"),
    "HTML alone": (b"Content-Type: text/html\n\n<p>a <b>c</b></p><script>x</script>", "a **c**"),
    "multipart without parts": (b"Content-Type: multipart/mixed; boundary=x\n\nhello", ""),
    "odd subject": (b"Subject: =?x-none?Q?=E9?= \xe9\n\nhello", "hello"),
    "odd date": (b"Date: Thu, 99 Foo 2002 99:99:99 +9999\n\nhello", "hello"),
    "endless parts": (b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 5_000, "a"),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_message_when_read_then_is_no_fault(name: str) -> None:
    raw, text = ODD[name]

    letter = letter_of(raw, b"From x Thu Aug 22 16:27:21 2002", fallback="k")

    assert text in letter.text and letter.at and letter.at.year == 2002 and letter.key == "k"


@pytest.mark.parametrize(("text", "known", "shown"), [
    ("Yes.\n\nOn Monday, Ada wrote:\n> Why?", {"Why?"}, "Yes."),
    ("Yes.\n\nOn Monday, Ada wrote:\n> Why?\n> How?", {"Why?"}, "Yes.\n\nOn Monday, Ada wrote:\n> Why?\n> How?"),
    ("> Why?\n\nBecause.", {"Why?"}, "> Why?\n\nBecause."),
    ("> Why?", {"Why?"}, "> Why?"),
    ("Yes.\n________________________________\nlamps mailing list\nhttp://l.example/mailman/listinfo", set(), "Yes."),
    ("Yes.\n______________________\nmy own words", set(), "Yes.\n______________________\nmy own words"),
])  # fmt: skip
def test_quotes_when_trimmed_then_nothing_is_lost_that_stands_nowhere_else(text: str, known: set, shown: str) -> None:
    assert trimmed(text, known) == shown


def test_plain_lines_when_made_markdown_then_stay_what_they_were() -> None:
    assert markdown_of_mail("a\n> b\n>> c\n# d") == "a\n\n> b\n\n>> c\n\n\\# d"
    assert decoded(b"\x81\x8d", None) == "��"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "threads"), [("mbox/exmh-users.mbox", 24), ("mbox/edge-cases", 13)])
def test_real_list_when_imported_then_counts_agree(name: str, threads: int) -> None:
    said = bring("import_mbox", sample(name))

    assert "The counts agree with the source." in said and Topic.objects.count() == threads
    assert not Post.objects.filter(body__regex=r"[a-z0-9.]+@[a-z0-9]+\.[a-z]").exists()

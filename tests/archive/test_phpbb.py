"""import_phpbb: forums, topics and posts out of an SQL dump; BBCode of three generations; private forums stay so."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError

from community.forums.models import Post, Topic
from community.spaces.models import Space
from config.archive.foreign.phpbb import sql
from config.archive.foreign.phpbb.bbcode import html_of
from config.archive.html import markdown_from_html
from config.archive.problem import RowProblem
from tests.archive.foreign import bring, sample

DUMP = r"""
-- a comment; with a semicolon
/*!40101 SET NAMES utf8mb4 */;
CREATE TABLE `bb_users` (`user_id` int unsigned NOT NULL, `user_type` tinyint(2) NOT NULL, `username` varchar(255),
  `user_email` varchar(100) DEFAULT '', `user_regdate` int(11), PRIMARY KEY (`user_id`), KEY `x` (`user_email`));
INSERT INTO `bb_users` VALUES (1,2,'Anonymous','',0),(2,3,'Ada \'the\' great','ada@lamps.example',1262304000),
(3,0,'Bo;','bo@lamps.example',1262304000);
INSERT INTO `bb_forums` (forum_id, parent_id, forum_type, forum_name, forum_desc) VALUES (1,0,0,'All',''),
(2,1,1,'Lamps','About lamps'),(3,1,1,'Staff','');
INSERT INTO `bb_user_group` (group_id, user_id) VALUES (1, 1);
INSERT INTO `bb_acl_options` (auth_option_id, auth_option) VALUES (20, 'f_read');
INSERT INTO `bb_acl_roles_data` (role_id, auth_option_id, auth_setting) VALUES (15, 20, 1);
INSERT INTO `bb_acl_groups` (group_id, forum_id, auth_option_id, auth_role_id, auth_setting) VALUES
 (1,2,0,15,0),(5,3,0,15,0);
INSERT INTO `bb_topics` (topic_id, forum_id, topic_title, topic_poster, topic_time, topic_views, topic_status,
 topic_type, topic_visibility, topic_first_post_id) VALUES (7,2,'It flickers',2,1262304001,70,1,1,1,70),
 (8,3,'Not for everyone',2,1262304001,1,0,0,1,80),(9,2,'Moved',2,1262304001,1,2,0,1,0);
INSERT INTO `bb_posts` (post_id, topic_id, forum_id, poster_id, post_time, post_username, post_subject, post_text,
 bbcode_uid, post_visibility, post_edit_time, post_edit_user) VALUES
(70,7,2,2,1262304001,'','It flickers','<r><B><s>[b]</s>Why<e>[/b]</e></B>?<br/>
 See <URL url="x"><s>[url=https://forum.example/viewtopic.php?p=71]</s>this<e>[/url]</e></URL></r>','',1,0,0),
(71,7,2,3,1262304002,'','Re: It flickers','[quote=&quot;Ada&quot;:1a2b]Why?[/quote:1a2b]
Turn it; [b:1a2b]now[/b:1a2b] <!-- s:) --><img src=\"x\"><!-- s:) -->','1a2b',1,1262304009,3),
(72,7,2,1,1262304003,'Guest','Another','spam','',2,0,0),
(80,8,3,2,1262304001,'','Not for everyone','Secret','',1,0,0),(99,999,2,2,1262304001,'','x','lost','',1,0,0);
"""


def dump(folder: Path, text: str = DUMP) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "forum.sql"
    path.write_text(text)
    return path


@pytest.mark.django_db
def test_forum_when_imported_then_is_what_it_was(client, tmp_path: Path) -> None:
    said = bring("import_phpbb", dump(tmp_path), url="https://forum.example")

    assert "The counts agree" in said and "1 left out (only points to where it was moved)" in said
    topic = Topic.objects.get(title="It flickers")
    reply = topic.posts.get(number=2)
    assert (topic.author.display_name, topic.view_count, topic.is_closed, topic.is_pinned) == (
        "Ada 'the' great", 70, True, True,
    )  # fmt: skip
    assert topic.posts.get(number=1).body == f"**Why**?\n See [this]({reply.get_absolute_url()})".replace("\n ", "\n")
    assert reply.body == "> **Ada:**\n>\n> Why?\n\nTurn it; **now** :)"
    assert (reply.author.display_name, reply.edited_by.display_name, topic.reply_count) == ("Bo;", "Bo;", 1)
    assert topic.posts.get(number=3).status == "removed"
    for old, now in {
        "/viewtopic.php?f=2&t=7": topic, "/viewtopic.php?p=71": reply, "/viewforum.php?f=2": topic.space,
        "/memberlist.php?mode=viewprofile&u=3": reply.author,
    }.items():  # fmt: skip
        assert client.get(old).headers["Location"] == now.get_absolute_url()


@pytest.mark.django_db
def test_forum_that_guests_may_not_read_when_imported_then_is_for_staff(client, tmp_path: Path) -> None:
    bring("import_phpbb", dump(tmp_path))

    assert dict(Space.objects.values_list("name", "audience")) == {"Lamps": "public", "Staff": "staff"}
    assert client.get("/viewtopic.php?t=8", follow=True).status_code == 404


@pytest.mark.django_db
def test_dump_when_imported_then_names_no_address(tmp_path: Path) -> None:
    bring("import_phpbb", dump(tmp_path))
    before = Post.objects.count()

    assert "0 rows written" in bring("import_phpbb", dump(tmp_path)) and Post.objects.count() == before
    for path in (tmp_path / "data").rglob("*"):
        assert not path.is_file() or b"@lamps.example" not in path.read_bytes()


BBCODE = {
    "[list=1][*]a[*]b[/list]": "1. a\n2. b", "[code]<b> [i]x[/i][/code]": "```\n<b> [i]x[/i]\n```",
    "[url=javascript:alert(1)]x[/url]": "x", "[img]javascript:alert(1)[/img]": "javascript:alert(1)",
    "[img]https://a.example/b.png[/img]": "[Image](https://a.example/b.png)", "[size=200]big[/size]": "big",
    "a [foo]b[/foo]": "a [foo]b[/foo]", "<script>x</script> &lt;i&gt;": "\\<script>x\\</script> \\<i>",
    "[email]ada@lamps.example[/email]": "ada@…", "[b]open": "**open**",
}  # fmt: skip


@pytest.mark.parametrize("source", BBCODE)
def test_bbcode_when_converted_then_means_the_same(source: str) -> None:
    assert markdown_from_html(html_of(source)) == BBCODE[source]


@pytest.mark.parametrize("source", [
    "[b]" * 3_900, "[quote]" * 20_000, "[list][*]" * 1_900, "[url=" * 3_900, "]" * 60_000,
], ids=range(5))  # fmt: skip
def test_bbcode_when_it_is_hostile_then_is_still_text(source: str) -> None:
    assert isinstance(markdown_from_html(html_of(source)[:400_000]), str)


@pytest.mark.parametrize("text", [
    "INSERT INTO bb_posts (a) VALUES (1", "INSERT INTO bb_posts (a) VALUES (1), (SELECT 2);", "'never closed",
    "INSERT INTO bb_posts (a, b) VALUES (1);", "INSERT INTO bb_posts (a) VALUES (LOAD_FILE('/etc/passwd'));",
])  # fmt: skip
def test_statement_when_it_cannot_be_read_then_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RowProblem):
        list(sql.rows(dump(tmp_path, text), lambda table: True, lambda *_: None))


@pytest.mark.django_db
def test_file_when_it_is_no_dump_then_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no rows of a table of posts"):
        bring("import_phpbb", dump(tmp_path, "SELECT 1;"))


@pytest.mark.django_db
def test_real_forum_when_imported_then_counts_agree() -> None:
    said = bring("import_phpbb", sample("phpbb/phpbb33_export.sql"), dry_run=True)

    assert "The counts agree with the source." in said and "topics: 453 found → 453 threads" in said

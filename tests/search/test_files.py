"""Words of attachments lead to the post, for those who read it; with the post they come and go."""

from __future__ import annotations

import pytest

from accounts.models import Audience
from accounts.uploads.markup import markdown_for
from accounts.viewer import system_viewer
from community.forums.services import content_set_status, post_edit, topic_move
from community.spaces.services import member_add
from search.models import Entry
from tests.factories.forums import make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.factories.uploads import make_upload, text_file
from tests.search.conftest import titles


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_attachment_when_searched_by_its_words_then_leads_to_the_post(find):
    author, space = make_user(), make_space()
    log = make_upload(owner=author, file=text_file("hub.log", "kernel: quetzalcoatl overflow"))
    topic = make_topic(space=space, author=author, body=markdown_for(log))

    found = find("quetzalcoatl")
    card = found.items[0].card
    assert (card.kind, card.title, card.url) == ("attachment", "hub.log", topic.posts.get().get_absolute_url())
    assert f"in “{topic.title}”" in card.facts
    assert titles(find("quetzalcoatl", kind=["attachment"])) == ["hub.log"]

    assert Entry.objects.filter(kind="attachment", is_deleted=False).exists()
    post_edit(viewer=viewer(author), post=topic.posts.get(), body="No log any more.")
    assert find("quetzalcoatl").total == 0
    assert not Entry.objects.filter(kind="attachment", is_deleted=False).exists()


def test_attachment_when_its_topic_moves_or_is_removed_then_others_find_it_no_more(find):
    author, space, lab = make_user(), make_space(), make_space(audience=Audience.GROUPS)
    member_add(viewer=system_viewer(), space=lab, user=author)
    log = make_upload(owner=author, file=text_file("hub.log", "kernel: quetzalcoatl overflow"))
    topic = make_topic(space=space, author=author, body=markdown_for(log))
    assert find("quetzalcoatl").total == 1

    topic_move(viewer=system_viewer(), topic=topic, space=lab)
    assert find("quetzalcoatl").total == 0
    assert find("quetzalcoatl", viewer=viewer(author)).total == 1

    content_set_status(actor_id=None, target=topic, status="removed")
    assert find("quetzalcoatl", viewer=viewer(author)).total == 0

"""Files of wiki pages and of cases follow the same one rule as those of posts."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Audience
from accounts.uploads.markup import markdown_for
from accounts.uploads.models import Upload
from accounts.viewer import system_viewer, viewer_for
from knowledge.services import wiki_page_update
from tests.community.forums.test_attachments import seen
from tests.factories.cases import make_agent, make_case, make_message
from tests.factories.knowledge import make_section, make_wiki_page
from tests.factories.people import make_user, viewer
from tests.factories.uploads import make_upload, text_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_wiki_page_when_it_names_a_file_then_its_readers_have_it() -> None:
    writer = make_user(is_agent=True)
    section = make_section(index="wiki", audience=Audience.STAFF)
    first, second = (make_upload(owner=writer, file=text_file()) for _time in range(2))
    page = make_wiki_page(section, viewer=viewer(writer), body=markdown_for(first))
    wiki_page_update(viewer=viewer(writer), page=page, title=page.title, body=markdown_for(second))

    staff, customer, nobody = viewer(make_user(is_moderator=True)), viewer(make_user()), viewer_for(None)
    assert [seen(person, second) for person in (staff, system_viewer(), customer, nobody)] == [True, True, False, False]
    assert not seen(staff, first)

    page.unpublish()
    assert not seen(staff, second)


def test_case_when_a_message_names_a_file_then_a_note_keeps_it_from_the_customer() -> None:
    agent, customer = make_agent(), make_user()
    aloud, internal = (make_upload(owner=agent, file=text_file()) for _time in range(2))
    case = make_case(agent=agent, customer=customer, body=markdown_for(aloud))
    make_message(case, author=agent, body=markdown_for(internal), is_internal=True)

    desk, other = viewer(make_agent()), viewer(make_user(is_moderator=True))
    assert [seen(person, aloud) for person in (desk, viewer(customer), other)] == [True, True, False]
    assert [seen(person, internal) for person in (desk, viewer(customer), other)] == [True, False, False]


def test_case_when_the_customer_sends_a_file_with_the_form_then_the_desk_reads_it() -> None:
    customer = make_user()
    case = make_case(customer=customer)
    client = Client()
    client.force_login(customer)

    answer = client.post(case.get_absolute_url(), {"body": "The log:", "key": "k", "files": [text_file()]})

    assert answer.status_code == 302
    assert seen(viewer(make_agent()), Upload.objects.get()) and not seen(viewer(make_user()), Upload.objects.get())

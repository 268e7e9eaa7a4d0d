"""Of several wrong fields all are told at once: nobody mends one to be sent back for the next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.text import all_of
from accounts.viewer import Viewer
from community.calendar.services import event_create
from community.cases.services import case_create
from community.direct.services import conversation_start
from community.forums.models import Topic
from community.forums.services import topic_create
from community.forums.services.polls import PollInput, clean_poll
from community.ideas.services import idea_create
from community.snippets.services import snippet_create
from community.spaces.models import Space
from community.spaces.services import space_create
from knowledge.services import wiki_page_create
from tests.factories.calendar import a_plan
from tests.factories.cases import make_agent
from tests.factories.knowledge import make_section
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
LONG = "tag " * 60


def _topic(by: Viewer, space: Space) -> None:
    topic_create(viewer=by, space=space, kind="question", title="", body="", tags=[LONG])


def _idea(by: Viewer, space: Space) -> None:
    idea_create(viewer=by, space=space, title="", body="")


def _event(by: Viewer, space: Space) -> None:
    event_create(viewer=by, space=space, title="", body=" ", plan=a_plan(zone="Mars/Base"))


def _snippet(by: Viewer, space: Space) -> None:
    snippet_create(viewer=by, space=space, title="", body="", files=[], label="v" * 41)


def _message(by: Viewer, _space: Space) -> None:
    conversation_start(viewer=by, to=[], subject="", body="")


def _case(by: Viewer, _space: Space) -> None:
    case_create(viewer=by, subject="", priority="soon", body="\0")


def _wiki_page(by: Viewer, _space: Space) -> None:
    wiki_page_create(viewer=by, section=make_section(index="wiki"), title="", body="Fine.", comment="c" * 201)


def _poll(_by: Viewer, _space: Space) -> None:
    clean_poll(PollInput("", ["Only one"]))


def _new_space(by: Viewer, _space: Space) -> None:
    space_create(viewer=by, name="", icon="No icon!", position=-1)


@pytest.mark.parametrize(
    ("write", "fields"),
    [
        (_topic, {"title", "body", "tags"}),
        (_idea, {"title", "body"}),
        (_event, {"title", "body", "zone"}),
        (_snippet, {"title", "body", "files", "label"}),
        (_message, {"to", "subject", "body"}),
        (_case, {"subject", "priority", "body"}),
        (_wiki_page, {"title", "comment"}),
        (_poll, {"question", "options"}),
        (_new_space, {"name", "icon", "position"}),
    ],
    ids=["topic", "idea", "event", "snippet", "message", "case", "wiki page", "poll", "space"],
)
def test_service_when_several_fields_are_wrong_then_each_is_named_and_nothing_is_stored(
    write: Callable[[Viewer, Space], None], fields: set[str]
) -> None:
    space = make_space()  # before the viewer, whose tokens name the spaces that exist
    by = viewer(make_agent(is_superuser=True))

    with pytest.raises(ValidationError) as refused:
        write(by, space)

    assert set(refused.value.message_dict) == fields
    assert not Topic.objects.exists()


def test_checks_when_two_speak_of_one_field_then_both_are_told() -> None:
    def wrong(field: str, told: str) -> None:
        raise ValidationError({field: told})

    def nameless() -> None:
        raise ValidationError("No field was named.")

    with pytest.raises(ValidationError) as refused:
        all_of({"a": lambda: wrong("a", "One."), "b": lambda: wrong("a", "Two."), "c": nameless, "d": lambda: 4})

    assert refused.value.message_dict == {"a": ["One.", "Two."], "c": ["No field was named."]}
    assert all_of({"a": lambda: 1, "b": lambda: None}) == {"a": 1, "b": None}


def test_space_when_its_name_gives_no_address_then_only_the_address_is_asked_for() -> None:
    admin = viewer(make_user(is_superuser=True))

    with pytest.raises(ValidationError) as unreadable:
        space_create(viewer=admin, name="問い合わせ")
    with pytest.raises(ValidationError) as nameless:
        space_create(viewer=admin, name="")

    assert list(unreadable.value.message_dict) == ["slug"]
    assert list(nameless.value.message_dict) == ["name"]


def test_form_when_a_library_says_that_a_field_is_empty_then_it_tells_what_to_do() -> None:
    page = Client().post("/accounts/signup/", {}).content.decode()

    assert "Fill this in." in page
    assert "This field is required." not in page

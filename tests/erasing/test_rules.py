"""A column that names people, or a text that may, which nobody thought of fails here on the day it is born."""

from __future__ import annotations

from django.apps import apps

from accounts.erasing import rules
from accounts.models import User
from tests.leaks.fields import _MADE, _UNUSED, REASONS
from tests.leaks.test_fields import text_fields

CODES = {"language"}  # whatever the model: one of a few words of the code's own
# Texts in which the names of members are not looked for, and why.
EXCUSED = {
    "accounts.User": {
        "*": "the row goes as a whole; of others, a name is their own",
        "username": "another's own name", "display_name": "another's own name", "email": "another's own",
    },
    "account.EmailAddress": {"*": "another's own; the person's rows go"},
    "accounts.OutboundEmail": {"*": "rows that name them go as a whole"},
    "accounts.Organisation": {"*": "a company's name"},
    "auth.Group": {"*": "named by staff"},
    "forums.Tag": {"*": "a word of the community's"},
    "search.EntryTag": {"*": "the tags again"},
    "search.EntryProduct": {"*": "the products again"},
    "search.Entry": {"*": "made anew from what it is of"},
    "search.TitleWord": {"*": "made anew from the titles"},
    "search.TextWord": {"*": "made anew from the texts"},
    "spaces.Space": {
        "slug": "an address that the space's managers chose", "tags_allowed": "words of the community's",
    },
    "spaces.SpaceAddress": {"*": "an address that the space's managers chose"},
    "spaces.SpaceInvitation": {"email": "rows with their address go as a whole"},
    "cases.Case": {"number": "made by the code"},
    "config.OldAddress": {"*": "rows that lead to them go as a whole"},
    "external.ExternalSource": {"*": "another site's"},
    "external.ExternalRecord": {"*": "another site's words: gone here when they are gone there"},
    "wagtailcore.Page": {
        "slug": "an address that editors chose", "seo_title": "not used here", "search_description": "not used here",
    },
    "wagtaildocs.Document": {"file": "editors' files"},
    "uploads.Upload": {"key": "made by the code"},
    "events.Heartbeat": {"*": "processes and their counts"},
    "events.Event": {"name": "made by the code", "target_type": "made by the code", "request_id": "made by the code"},
    "events.Delivery": {"subscriber": "made by the code"},
    "search.EngineHold": {"*": "an engine's own words"},
    "sessions.Session": {"*": "the person's go as a whole"},
    "admin.LogEntry": {"object_id": "made by the code"},
    "notifications.Notification": {"*": "made by the code, but for `data`, which has a rule"},
    "forums.ReadBefore": {"*": "made by the code"},
    "forums.TopicActRow": {"*": "has a rule"},
    "mfa.Authenticator": {"*": "another's own; the person's rows go"},
    "account.EmailConfirmation": {"*": "the person's go with their address"},
    "accounts.ApiToken": {"prefix": "made by the code"},
}


def test_columns_that_point_at_people_when_listed_then_each_has_a_rule() -> None:
    every = {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.is_relation and field.related_model is User
    }
    ruled = {(link.label, link.field) for link in rules.links()}

    assert every - ruled == set(), "say what erasing a person does to it (register_link, accounts/erasing/rules.py)"
    assert ruled - every == set(), "these columns are there no more"


def test_fields_of_text_when_listed_then_names_are_looked_for_or_there_is_a_reason_why_not() -> None:
    ruled = {(text.label, field) for text in rules.texts() for field in text.fields}
    made = {(label, field) for label, of in REASONS.items() for field, why in of.items() if why in (_MADE, _UNUSED)}
    excused = made | {(label, field) for label, of in EXCUSED.items() for field in of}
    every = text_fields()
    bare = {
        (label, field) for label, field in every - ruled - excused if (label, "*") not in excused and field not in CODES
    }

    assert bare == set(), "say how names in it are erased (register_text), or why there are none (here)"
    assert ruled - every == set(), "these fields are there no more"


def test_rules_when_rooms_are_loaded_then_every_label_is_a_model() -> None:
    for one in (*rules.links(), *rules.texts(), *rules.words()):
        assert one.model._meta.label == one.label

"""Every field of what is exported is exported, or left out for a reason that is written here."""

from __future__ import annotations

import pytest
from django.db import models

from accounts.ignoring.models import Ignore
from accounts.models import User
from accounts.uploads.models import Upload, UploadUse
from community.calendar.models import Attendance, CalendarEvent
from community.direct.models import Conversation, ConversationMember, Message
from community.forums.models import (
    Bookmark,
    Mute,
    Poll,
    PollOption,
    PollVote,
    Post,
    PostMove,
    PostReaction,
    PostRevision,
    PostVote,
    Topic,
    TopicFollow,
    TopicTimer,
)
from community.ideas.models import Idea, IdeaStatusChange, IdeaVote
from community.snippets.models import Snippet, SnippetFile, SnippetUse, SnippetVersion
from community.spaces.models import Space, SpaceMembership, SpaceRequest, SpaceRule
from knowledge.models import ArticlePage, SectionPage, WikiPage
from search.models import Pin, RelevanceVersion, SavedSearch, Synonyms

NUMBER = "a number of this database; ids and links go out as texts and are made anew"
COUNTED = "counted anew from what is imported"
RENDERED = "rendered anew from the source"
MADE = "made anew from the text"
ORIGIN = "where it came from; its old addresses go out instead"
ACCOUNT = "belongs to the account, not to the community: nobody moves house with rights or passwords"
PASSING = "true for minutes or an hour only"
MOMENT = "set anew"
STAFF = "the audit log of the old house tells who of its staff did it"
WAGTAIL = "kept by Wagtail about its own editing; a page goes out as it is published"

# What goes out; the other fields must be named below.
EXPORTED = {
    Space: "name slug purpose language colour icon kinds position audience audience_groups audience_organisations "
    "parent is_archived template templates default_order tags_allowed tags_least joining",
    SpaceRule: "space act audience audience_groups audience_organisations",
    SpaceMembership: "space user role joined_at",
    SpaceRequest: "space user note created_at declined_at",
    User: "username display_name headline about date_joined avatar",
    Upload: "key name owner created_at",
    UploadUse: "upload target_type target_id is_current",
    Bookmark: "post user remind_at created_at",
    Ignore: "owner person level until created_at",
    Mute: "user space tag created_at",
    Conversation: "subject groups started_by created_at",
    ConversationMember: "conversation user is_invited is_archived read_to",
    Message: "conversation number author body status created_at",
    SavedSearch: "user name query is_telling",
    Synonyms: "words meant",
    Pin: "text kind object_id",
    RelevanceVersion: "weights",
    Topic: "space kind title tags status is_closed is_pinned is_archived is_unlisted slow_seconds notice duplicate_of "
    "merged_into solution solved_at solved_by needs_info_since author created_at updated_at bumped_at view_count "
    "vote_count",
    Post: "topic number reply_to body status is_whisper is_wiki is_locked author created_at edited_at edited_by "
    "vote_count",
    PostRevision: "post version body title replaced_by replaced_at",
    PostVote: "post user",
    TopicFollow: "topic user is_muted",
    TopicTimer: "topic act due_at set_by",
    Poll: "post question most results is_public closes_at",
    PollOption: "poll position text",
    PollVote: "option user created_at",
    PostReaction: "post user name created_at",
    PostMove: "post from_topic from_number",
    Idea: "topic status merged_into status_changed_at vote_count",
    IdeaVote: "idea user",
    CalendarEvent: "topic starts_at ends_at zone place join_url join_minutes sequence changed_at cancelled_at",
    Attendance: "event user answer",
    Snippet: "topic",
    SnippetVersion: "snippet number label note saved_by saved_at",
    SnippetFile: "version position name language code",
    SnippetUse: "snippet user",
    IdeaStatusChange: "idea before after note changed_by changed_at",
    SectionPage: "title intro language audience audience_groups audience_organisations",
    ArticlePage: "title slug body summary product tags language owner last_published_at",
    WikiPage: "title slug body owner last_published_at",
}
LEFT_OUT = {
    Space: {"id": NUMBER, "created_at": MOMENT, "topic_count": COUNTED, "last_activity_at": COUNTED,
            "narrowed": "follows from the rules"},
    SpaceRule: {"id": NUMBER},
    SpaceMembership: {"id": NUMBER},
    SpaceRequest: {"id": NUMBER},
    User: {"id": NUMBER, "about_html": RENDERED, "imported_from": ORIGIN, "session_round": PASSING, **dict.fromkeys(
        ("password", "last_login", "is_superuser", "is_staff", "is_active", "email", "organisation", "is_moderator",
         "is_agent", "is_manager", "trust_level", "groups", "user_permissions"), ACCOUNT)},
    Upload: {"id": NUMBER, "expires_at": PASSING, **dict.fromkeys(
        ("kind", "extension", "size", "width", "height", "has_smaller", "text"), "found anew in its bytes")},
    UploadUse: {"id": NUMBER, "created_at": MOMENT},
    Bookmark: {"id": NUMBER},
    Ignore: {"id": NUMBER},
    Mute: {"id": NUMBER},
    Conversation: {"id": NUMBER, "last_posted_at": COUNTED, "last_number": COUNTED},
    ConversationMember: {"id": NUMBER},
    Message: {"id": NUMBER, "html": RENDERED, "idempotency_key": PASSING},
    Synonyms: {"id": NUMBER, "changed_by": STAFF, "changed_at": MOMENT},
    Pin: {"id": NUMBER, "key": MADE, "pinned_by": STAFF, "created_at": MOMENT},
    RelevanceVersion: {"id": NUMBER, "saved_by": STAFF, "saved_at": MOMENT},
    SavedSearch: {"id": NUMBER, "key": MADE, "known": PASSING, "looked_at": MOMENT, "created_at": MOMENT},
    Topic: {"id": NUMBER, "slug": "follows the title", "imported_from": ORIGIN, "taken_by": PASSING,
            "taken_until": PASSING, "nudged_at": "an asker may be asked once more in the new house", **dict.fromkeys(
                ("last_poster", "last_posted_at", "reply_count", "last_post_number", "last_shown_number"), COUNTED)},
    Post: {"id": NUMBER, "html": RENDERED, "version": COUNTED, "imported_votes": COUNTED, "imported_from": ORIGIN,
           "idempotency_key": PASSING, "reactions": COUNTED, "has_poll": COUNTED},
    Poll: {"id": NUMBER, "voter_count": COUNTED},
    PollOption: {"id": NUMBER, "vote_count": COUNTED},
    PollVote: {"id": NUMBER},
    PostReaction: {"id": NUMBER},
    PostMove: {"id": NUMBER, "act": PASSING},
    PostRevision: {"id": NUMBER},
    PostVote: {"id": NUMBER, "created_at": MOMENT},
    TopicFollow: {"id": NUMBER, "created_at": MOMENT},
    TopicTimer: {"id": NUMBER},
    Idea: {"imported_votes": COUNTED},
    IdeaVote: {"id": NUMBER, "created_at": MOMENT},
    CalendarEvent: {"reminded_at": "nobody is reminded of what has begun",
                    **dict.fromkeys(("going_count", "maybe_count"), COUNTED)},
    Snippet: dict.fromkeys(("language", "number", "use_count", "changed_at"), COUNTED),
    SnippetVersion: {"id": NUMBER},
    SnippetFile: {"id": NUMBER, "html": RENDERED},
    SnippetUse: {"id": NUMBER, "created_at": MOMENT},
    Attendance: {"id": NUMBER, "answered_at": MOMENT},
    IdeaStatusChange: {"id": NUMBER, "html": RENDERED},
    ArticlePage: {"html": RENDERED, "imported_from": ORIGIN},
    WikiPage: {"html": RENDERED, "imported_from": ORIGIN},
    SectionPage: {},
}  # fmt: skip


@pytest.mark.parametrize("model", EXPORTED, ids=lambda model: model.__name__)
def test_field_of_an_exported_model_when_it_is_not_exported_then_the_reason_is_known(model: type[models.Model]) -> None:
    exported, left = set(EXPORTED[model].split()), LEFT_OUT[model]
    fields = {field.name for field in model._meta.get_fields() if getattr(field, "concrete", False)}
    if issubclass(model, SectionPage | ArticlePage | WikiPage):
        of_wagtail = {field.name for field in model.page_ptr.field.related_model._meta.get_fields()} | {"page_ptr"}
        left = dict.fromkeys(of_wagtail - exported, WAGTAIL) | left

    assert not exported & left.keys(), "both exported and left out"
    assert fields - exported - left.keys() == set(), "export it (config/archive), or say here why not"
    assert exported <= fields and (left.keys() <= fields or issubclass(model, SectionPage | ArticlePage | WikiPage))

"""The loaded community: enough of everything, private where it says so, and no link that leads nowhere."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.utils import timezone

from accounts.events.models import Event
from accounts.models import User
from accounts.viewer import ANONYMOUS, viewer_for
from community.cases.models import Case, CaseMessage
from community.forums.models import Post, Status, Topic
from community.ideas.models import Idea, IdeaStatus
from community.insights.period import period_named
from community.insights.searching import search_report
from community.moderation.models import ReviewItem
from community.notifications.selectors import unread_count
from community.reputation.models import Standing
from community.spaces.models import Space
from config.demo.load import load
from knowledge.models import ArticlePage, SectionPage, WikiPage
from search.models import DirtyMark, Pin, Synonyms

pytestmark = pytest.mark.sqlite_first
ACCOUNTS = ("customer", "expert", "moderator", "agent", "manager", "admin")


def account(role: str) -> User:
    return User.objects.get(email=f"{role}@demo.example")


def test_numbers_meet_what_the_issue_asks(demo):
    talks = Topic.objects.exclude(kind="idea")
    questions = talks.filter(kind="question")

    assert talks.count() >= 60
    assert questions.solved().count() >= 25
    assert questions.unsolved().exclude(reply_count=0).count() >= 8
    assert questions.unanswered().count() >= 3
    assert talks.filter(kind="discussion").count() >= 8
    assert talks.filter(kind="announcement").count() >= 4
    assert ArticlePage.objects.live().count() >= 25
    assert WikiPage.objects.live().count() >= 10
    assert Idea.objects.count() >= 20
    assert set(Idea.objects.values_list("status", flat=True)) == set(IdeaStatus.values)
    assert User.objects.count() >= 30
    assert Space.objects.filter(audience__in=["groups", "organisations"]).count() == 2
    assert SectionPage.objects.exclude(audience="public").count() >= 1
    assert ReviewItem.objects.open().count() >= 4
    assert ReviewItem.objects.exclude(state="open").count() >= 2
    assert Case.objects.count() >= 5
    assert Case.objects.exclude(topics=None).count() >= 5
    assert CaseMessage.objects.filter(is_internal=True).exists()
    assert Case.objects.values("status").distinct().count() == 5


@pytest.mark.parametrize("role", ACCOUNTS)
def test_demo_accounts_where_debug_is_on_sign_in(demo, role):
    client = Client()

    assert authenticate(email=f"{role}@demo.example", password="demo") == account(role)
    assert client.login(email=f"{role}@demo.example", password="demo")


@pytest.mark.parametrize("role", ["customer", "expert", "moderator", "agent"])
def test_bell_of_the_demo_accounts_is_not_empty(demo, role):
    assert unread_count(viewer_for(account(role))) >= 1


def test_counters_are_what_they_count(demo):
    for topic in Topic.objects.all():
        aloud = topic.posts.filter(status=Status.PUBLISHED, is_whisper=False)
        assert topic.reply_count == aloud.exclude(number=1).count(), topic
        assert topic.last_post_number == topic.posts.count(), topic
    for post in Post.objects.filter(vote_count__gt=0):
        assert post.vote_count == post.votes.count(), post
    for idea in Idea.objects.all():
        assert idea.vote_count == idea.votes.count(), idea


def test_private_spaces_are_for_their_people_only(demo):
    def slugs(user: User | None) -> set[str]:
        viewer = viewer_for(user) if user else viewer_for(None)
        return set(Space.objects.visible_to(viewer).values_list("slug", flat=True))

    assert not {"partners", "fjordblick"} & slugs(None)
    assert {"partners", "fjordblick"} & slugs(account("customer")) == {"fjordblick"}
    assert {"partners", "fjordblick"} & slugs(account("expert")) == {"partners"}


def test_staff_section_is_shut_for_customers(demo):
    handbook = SectionPage.objects.get(slug="handbook")

    assert handbook.token not in viewer_for(account("customer")).tokens | viewer_for(None).tokens | ANONYMOUS.tokens
    assert handbook.token in viewer_for(account("agent")).tokens


def test_everything_loaded_is_indexed(demo):
    assert not DirtyMark.objects.exists()


def test_members_with_points_are_there(demo):
    assert Standing.objects.get(user=account("expert")).solutions >= 5


def test_links_inside_the_content_lead_somewhere(demo):
    client = Client()
    client.force_login(account("admin"))
    htmls = [
        *Post.objects.values_list("html", flat=True), *CaseMessage.objects.values_list("html", flat=True),
        *ArticlePage.objects.values_list("html", flat=True), *WikiPage.objects.values_list("html", flat=True),
    ]
    links = {link for html in htmls for link in re.findall(r'href="(/[^"#]*)', html)}

    assert len(links) >= 45
    for html in htmls:
        assert "[[topic:" not in html and "[[article:" not in html and "[[wiki:" not in html
    for link in sorted(links):
        assert client.get(link).status_code == 200, link


def test_loading_again_changes_nothing(demo):
    before = (Event.objects.count(), Post.objects.count(), WikiPage.objects.count(), User.objects.count())
    started = timezone.now()

    assert list(load()) == []

    assert (Event.objects.count(), Post.objects.count(), WikiPage.objects.count(), User.objects.count()) == before
    assert (timezone.now() - started).total_seconds() < 2


def test_search_insights_tell_what_was_found_and_what_was_looked_for_in_vain(demo):
    found = search_report(period_named("90"))

    assert found.searches >= 200
    assert 0 < found.empty_share < found.unsuccessful_share < 60
    assert found.click_rank and found.click_rank < 3
    assert {"warranty", "wlan"} <= {line.text for line in found.lines[:3]}
    assert Synonyms.objects.count() == Pin.objects.count() == 1

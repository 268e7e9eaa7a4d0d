"""Who may read: the row filter, the predicate and the tokens say the same, for every section, article and wiki page."""

from __future__ import annotations

import random
from itertools import product

import pytest

from accounts.models import Audience
from accounts.viewer import Viewer, system_viewer, viewer_for
from knowledge import policies
from knowledge.models import ArticlePage, SectionPage, WikiPage
from knowledge.services import article_unpublish, section_set_audience
from tests.factories.knowledge import make_article, make_section, make_wiki_page
from tests.factories.people import make_group, make_organisation, make_user, viewer

pytestmark = pytest.mark.django_db


def everyone(groups, organisations) -> list[Viewer]:
    """Nobody, and people with every mixture of role, group and company."""
    people = []
    roles = [{}, {"is_agent": True}, {"is_moderator": True}, {"is_manager": True}, {"is_superuser": True}]
    for role, group, organisation in product(roles, [None, *groups], [None, *organisations]):
        people.append(make_user(groups=(group,) if group else (), organisation=organisation, **role))
    people.append(make_user(is_active=False, is_agent=True))
    return [viewer_for(None), *(viewer(person) for person in people)]


def agrees(one: Viewer, model, thing) -> bool:
    """Whether the three say the same; returns what they say."""
    by_rows = model.objects.visible_to(one).filter(pk=thing.pk).exists()
    by_predicate = policies.can_see(one, thing)
    by_tokens = not policies.audience(thing).isdisjoint(one.tokens)
    assert by_rows == by_predicate == by_tokens, (one, thing, by_rows, by_predicate, by_tokens)
    return by_rows


def test_reading_rule_told_three_ways_is_one_rule():
    chance = random.Random(7)
    groups = [make_group(), make_group()]
    organisations = [make_organisation(), make_organisation()]
    things: list[tuple] = []
    for index, audience in product(["kb", "wiki"], Audience.values):
        section = make_section(
            index=index, audience=audience, groups=[chance.choice(groups).pk],
            organisations=[chance.choice(organisations).pk],
        )
        make = make_article if index == "kb" else make_wiki_page
        model = ArticlePage if index == "kb" else WikiPage
        things += [(SectionPage, section), (model, make(section))]
    hidden = make_article(make_section())
    things.append((ArticlePage, article_unpublish(viewer=system_viewer(), article=hidden)))

    seen = {(one.user_id, thing.pk): agrees(one, model, thing)
            for one in everyone(groups, organisations) for model, thing in things}

    assert True in seen.values()
    assert not any(sees for (_user, pk), sees in seen.items() if pk == hidden.pk)


def test_group_section_is_closed_to_staff_outside_the_group():
    section = make_section(audience="groups", groups=[make_group().pk])
    article = make_article(section)

    agent = viewer(make_user(is_agent=True))

    assert not ArticlePage.objects.visible_to(agent).filter(pk=article.pk).exists()


def test_section_set_audience_takes_effect_at_once_for_all_in_it(client):
    section = make_section()
    article = make_article(section)
    assert client.get(article.get_absolute_url()).status_code == 200

    section_set_audience(viewer=system_viewer(), section=section, audience="staff")

    assert client.get(article.get_absolute_url()).status_code == 404
    assert client.get(section.get_absolute_url()).status_code == 404
    assert article.title not in client.get("/kb/").content.decode()


def test_unpublished_section_hides_all_in_it(client):
    section = make_section()
    article = make_article(section)

    SectionPage.objects.get(pk=section.pk).unpublish()

    assert client.get(article.get_absolute_url()).status_code == 404
    assert not policies.can_see(viewer(make_user(is_superuser=True)), article)


def test_moved_article_takes_on_the_audience_of_its_new_place(client):
    article = make_article(make_section())
    private = make_section(audience="staff")

    ArticlePage.objects.get(pk=article.pk).move(SectionPage.objects.get(pk=private.pk), pos="last-child")
    moved = ArticlePage.objects.get(pk=article.pk)

    assert client.get(moved.get_absolute_url()).status_code == 404
    assert policies.audience(moved) == {private.token}


def test_publishing_an_old_draft_of_a_section_keeps_its_audience():
    section = make_section()
    draft = SectionPage.objects.get(pk=section.pk)
    draft.intro = "New words"
    revision = draft.save_revision()
    group = make_group()
    section_set_audience(viewer=system_viewer(), section=section, audience="groups", groups=[group.pk])

    revision.publish()

    published = SectionPage.objects.get(pk=section.pk)
    assert (published.intro, published.audience) == ("New words", "groups")
    assert list(published.audience_groups.all()) == [group]

"""GET /api/v1/articles"""

from __future__ import annotations

import pytest

from tests.factories.knowledge import make_article, make_section
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def test_articles_lists_what_the_viewer_may_read(client):
    public = make_article(make_section("Networks"), title="Channels", tags=["wifi"], product="Hub 2")
    make_article(make_section(audience="staff"))

    answer = client.get("/api/v1/articles").json()

    assert answer["total"] == 1
    row = answer["results"][0]
    assert (row["id"], row["section"], row["title"], row["tags"]) == (public.pk, "networks", "Channels", ["wifi"])
    assert row["url"] == "http://127.0.0.1:8000/kb/networks/channels/"
    assert client.get("/api/v1/articles", {"section": "networks"}).json()["total"] == 1
    assert client.get("/api/v1/articles", {"section": "other"}).json()["total"] == 0
    assert list(client.get("/api/v1/articles", {"section": "other\0"}).json()["errors"]) == ["section"]


def test_article_is_given_with_its_text_and_a_hidden_one_is_404(client):
    article = make_article(body="Some **words**.")
    private = make_article(make_section(audience="staff"))

    answer = client.get(f"/api/v1/articles/{article.pk}").json()

    assert (answer["body"], answer["html"].strip()) == ("Some **words**.", "<p>Some <strong>words</strong>.</p>")
    for pk in (private.pk, 999_999, private.get_parent().pk):
        refused = client.get(f"/api/v1/articles/{pk}")
        assert refused.status_code == 404 and refused["Content-Type"] == "application/problem+json"
    client.force_login(make_user(is_agent=True))
    assert client.get(f"/api/v1/articles/{private.pk}").status_code == 200


def test_articles_with_a_bad_page_names_the_field(client):
    answer = client.get("/api/v1/articles", {"page": "x"})

    assert answer.status_code == 400 and "page" in answer.json()["errors"]

"""After a test with real commits nothing is left of it, and all that the migrations wrote stands again."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from wagtail.models import Collection, Page

from accounts.events import worker
from accounts.models import User
from search import engines, indexer
from tests import emptying
from tests.factories.cases import make_case
from tests.factories.ideas import make_idea
from tests.factories.knowledge import make_article, make_wiki_page
from tests.factories.people import make_user
from tests.faults.town import until

pytestmark = pytest.mark.django_db(transaction=True)
# Virtual tables, whose rows go with those that they index.
INDEXES_OF_SQLITE = {"search_text", "search_own", "wagtailsearch_indexentry_fts"}


def all_tables() -> list[str]:
    if connection.vendor == "postgresql":
        return connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA table_list")
        told = [row[:3] for row in cursor.fetchall()]
    return [name for schema, name, kind in told if schema == "main" and kind != "shadow" and name[:6] != "sqlite"]


def counted() -> dict[str, int]:
    """Rows of each table."""
    rows = {}
    with connection.cursor() as cursor:
        for name in set(all_tables()) - emptying.KEPT:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")
            rows[name] = cursor.fetchone()[0]
    return rows


@pytest.fixture
def database_alone(settings) -> Iterator[None]:
    """Only the database is told what is to be found: what stands in another index no rollback takes back."""
    settings.ELASTICSEARCH_URL = ""
    engines.engine.cache_clear()
    indexer.forget()
    yield
    engines.engine.cache_clear()
    indexer.forget()


def end_of_a_test() -> None:
    TransactionTestCase("__init__")._fixture_teardown()


def test_tables_when_listed_then_all_that_the_database_has_are_emptied() -> None:
    left_out = set(all_tables()) - set(emptying.Emptying().tables)

    assert left_out <= emptying.KEPT | INDEXES_OF_SQLITE


@pytest.mark.parametrize("time", ["once", "again"])
def test_rows_of_a_test_when_it_ends_then_none_is_left(time: str, database_alone: None) -> None:
    before = counted()
    assert User.objects.count() == 0
    make_wiki_page(), make_article(), make_idea(), make_case()
    worker.drain()
    grown = {name for name, count in counted().items() if count > before[name]}
    assert len(grown) > 20
    assert grown & {"search_words", "search_text"}

    end_of_a_test()

    assert counted() == before


def test_rows_of_migrations_when_a_test_changed_them_then_they_stand_again() -> None:
    def standing() -> list[object]:
        tables = (Group, Permission, ContentType, Collection, Page, Group.permissions.through)
        return [list(table.objects.order_by("pk").values_list()) for table in tables]

    before = standing()
    Group.objects.update(name="Others")
    Permission.objects.filter(pk=Permission.objects.first().pk).delete()
    ContentType.objects.create(app_label="nowhere", model="nothing")
    Collection.objects.all().delete()
    Page.objects.filter(depth=1).update(title="Elsewhere")
    assert all(now != then for now, then in zip(standing()[:5], before[:5], strict=True))

    end_of_a_test()

    assert standing() == before


def test_numbers_when_a_test_began_them_anew_then_none_is_given_twice() -> None:
    before = counted()
    call_command("flush", interactive=False, verbosity=0)  # begins the numbers anew, and makes fewer rows

    end_of_a_test()

    assert counted() == before
    groups = [Group.objects.create(name=f"Group {number}") for number in range(3)]
    make_wiki_page(), make_article(), make_article()
    assert Group.objects.count() == before["auth_group"] + len(groups)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_writer_that_has_not_committed_when_a_test_ends_is_waited_for() -> None:
    written, may_commit, problems = threading.Event(), threading.Event(), []

    def straggle() -> None:
        try:
            with transaction.atomic():
                make_user()
                written.set()
                may_commit.wait(60)
        except Exception as problem:
            problems.append(problem)
        finally:
            written.set()
            connection.close()

    def end() -> None:
        try:
            end_of_a_test()
        finally:
            connection.close()

    straggler, ending = threading.Thread(target=straggle), threading.Thread(target=end)
    straggler.start()
    written.wait(60)
    ending.start()
    until(lambda: waits_for_a_table() or not ending.is_alive(), 60, lambda: "the end of the test waits")
    may_commit.set()
    straggler.join()
    ending.join()

    assert problems == []
    assert User.objects.count() == 0


def waits_for_a_table() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return cursor.fetchone()[0]

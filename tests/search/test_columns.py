"""What the database's engine keeps in a process is what the database holds, whatever was written, undone or taken."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from search.engines import engine
from search.parser import parse
from search.query import SearchQuery, plain_query
from search.sources import Document

pytestmark = [pytest.mark.django_db]
START = datetime(2024, 1, 1, tzinfo=UTC)
KIND = "column-test"


class Undone(Exception):
    """Takes a transaction back."""


def document(pk: int, **said) -> Document:
    at = START + timedelta(days=pk)
    given = {
        "title": f"Lamp {pk}", "body": "It blinks.", "audience": ("public",), "tags": ("light",), "container": "s1",
        "container_name": "Space 1", "state": "open", "author": "mara", "created_at": at, "updated_at": at,
    }
    return Document(id=pk, **(given | said))


def write(*documents: Document, gone=()) -> None:
    from search import clock

    engine("database").write(KIND, documents, gone, version=clock.tick())


def found(text: str = "lamp", *tokens: str, **data) -> tuple[list[int], dict]:
    """The ids in order and the counts, as the engine has them."""
    query = parse(text, data=data) if data else plain_query(text)
    told = engine("database").search(query, frozenset(tokens or {"public"}), kinds=[KIND], window=50)
    return [hit.id for hits in told.hits.values() for hit in hits], {"total": told.total, **told.facets}


def shown(columns) -> tuple:
    """A state by its meaning: numbers of texts and places may differ, and what is taken away counts nothing."""
    entries = {}
    for place in columns.living.nonzero()[0].tolist():
        texts = [columns.names[name].texts[columns.values[name][place]] for name in ("kind", "state", "author")]
        numbers = [int(columns.values[name][place]) for name in ("created_at", "helpful", "length")]
        entries[int(columns.ids[place])] = (*texts, *numbers)
    lists = {
        name: sorted(
            (int(columns.ids[place]), columns.names[name].texts[code])
            for place, code in zip(pairs.places.tolist(), pairs.codes.tolist(), strict=True)
        )
        for name, pairs in columns.lists.items()
    }
    return entries, lists


def test_state_after_any_writes_is_what_reading_everything_gives():
    from search.engines import columns
    from search.engines.database import dialect
    from search.models import Entry

    source = dialect().source()
    pick = random.Random(3)
    for _ in range(60):
        pks = pick.sample(range(1, 15), pick.randint(1, 4))
        tags = tuple(pick.sample(["light", "sound", "cable"], pick.randint(0, 3)))
        try:
            with transaction.atomic():
                act = pick.randrange(5)
                if act == 0:
                    write(gone=pks)
                elif act == 1:
                    Entry.objects.filter(object_id__in=pks).delete()
                else:
                    state = pick.choice(["open", "solved"])
                    write(*(document(pk, tags=tags, state=state, audience=pick.choice([("public",), ("staff",)]),
                                     author=pick.choice(["mara", "jonas"]), helpful=pick.randint(0, 5)) for pk in pks))
                if pick.random() < 0.5:
                    columns.current(source)
                if pick.random() < 0.3:
                    raise Undone
        except Undone:
            pass
        assert shown(columns.current(source)) == shown(columns.fresh(source))


def test_hidden_document_is_gone_from_hits_and_counts_at_once_and_back_for_those_who_may():
    write(document(1), document(2, tags=("cable",), author="jonas", state="solved"))
    assert found()[0] == [2, 1]

    write(document(2, tags=("cable",), author="jonas", state="solved", audience=("staff",)))
    ids, counts = found()

    assert ids == [1]
    assert (counts["total"], counts["tag"], counts["author"], counts["state"]) == (
        1, {"light": 1}, {"mara": 1}, {"open": 1},
    )
    assert sorted(found("lamp", "public", "staff")[0]) == [1, 2]


def test_what_was_undone_is_not_found_though_it_was_searched_meanwhile():
    write(document(1))
    with pytest.raises(Undone), transaction.atomic():
        write(document(2), document(1, audience=("staff",), title="Nothing"))
        assert found()[0] == [2]
        raise Undone
    # The same places in the log of changes are taken anew, by something else.
    write(document(3))
    write(document(4))

    assert found()[0] == [4, 3, 1]


def test_word_that_was_taken_out_finds_nothing_the_moment_it_is_written():
    write(document(1), document(2))
    assert found("blinks")[0] == [2, 1]

    write(document(1, body="It hums."))

    assert (found("blinks")[0], found("hums")[0]) == ([2], [1])


def test_more_changes_than_the_log_keeps_are_read_all(monkeypatch):
    from search.engines import columns

    write(document(1))
    found()
    monkeypatch.setattr(columns, "MOST_CHANGED", 3)
    write(*(document(pk) for pk in range(2, 41)))

    assert len(found()[0]) == 40


def test_log_of_changes_stays_short():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps none")
    from search.engines.sqlite_schema import KEPT_CHANGES

    write(document(1))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE search_entry SET helpful = helpful + 1")
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
            " INSERT INTO search_change (stamp, entry_id) SELECT randomblob(12), 0 FROM n"
        )
    write(document(2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM search_change")
        assert cursor.fetchone()[0] <= KEPT_CHANGES

    assert found()[0] == [2, 1]


def test_facets_count_without_their_own_choice_and_the_span_of_time():
    now = datetime.now(UTC)
    write(
        document(1, created_at=now - timedelta(hours=1), state="solved"),
        document(2, created_at=now - timedelta(days=3), author="jonas", tags=("light", "cable")),
        document(3, created_at=now - timedelta(days=20), container="s2", container_name="Space 2", products=("Hub",)),
    )
    ids, counts = found("lamp", state=["open"])

    assert sorted(ids) == [2, 3]
    assert counts["state"] == {"open": 2, "solved": 1}
    assert counts["date"] == {"week": 1, "month": 2, "year": 2}
    assert (counts["tag"], counts["product"]) == ({"light": 2, "cable": 1}, {"Hub": 1})
    assert counts["space"] == {"s1": 1, "s2": 1}
    assert sorted(found("lamp", date=["week"])[0]) == [1, 2]
    assert found("lamp", author=["JONAS"])[0] == [2]
    assert found("", tag=["cable"], sort=["newest"])[0] == [2]


def test_of_more_matches_than_are_looked_at_closely_the_title_comes_first(monkeypatch):
    from search.engines import ranking

    monkeypatch.setattr(ranking, "CLOSE", 3)
    write(*(document(pk, title="Something else", body=f"One lamp and {'more ' * pk}") for pk in range(1, 20)))
    write(document(50, title="The lamp", body="long " * 20), document(51, title="Else", body="lamp lamp lamp " * 3))
    told = engine("database").search(plain_query("lamp"), frozenset({"public"}), kinds=[KIND], window=2)

    assert told.hits[KIND][0].id == 50
    assert (len(told.hits[KIND]), told.total) == (2, 21)


def test_order_of_those_looked_at_is_by_how_often_a_word_is_said():
    write(document(1, title="Else", body="lamp"), document(2, title="Else", body="lamp lamp lamp"))

    assert found()[0] == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_search_of_a_known_state_costs_few_statements(django_assert_num_queries):
    write(document(1), document(2))
    found()
    with django_assert_num_queries(5):  # was anything changed, how often it is said, is it still so, the hits, lists
        found()


def postgres_only() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's writers follow each other")


@pytest.fixture
def second():
    """Another connection, as another process has one."""
    postgres_only()
    other = connections.create_connection("default")
    yield other
    other.close()


@pytest.mark.django_db(transaction=True)
def test_change_that_is_committed_after_a_later_one_is_found(second):
    write(document(1), document(2))
    assert found()[0] == [2, 1]
    with second.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE search_entry SET container = 's9' WHERE object_id = 1 AND kind = %s", [KIND])
        write(document(3))
        assert found()[1]["space"] == {"s1": 3}
        cursor.execute("COMMIT")

    assert found()[1]["space"] == {"s1": 2, "s9": 1}


@pytest.mark.django_db(transaction=True)
def test_state_with_what_is_not_committed_is_kept_for_nobody():
    postgres_only()
    from search.engines import columns
    from search.engines.database import dialect

    write(document(1))
    assert found()[0] == [1]
    with transaction.atomic():
        write(document(2), document(1, audience=("staff",)))
        assert found()[0] == [2]
        assert len(shown(columns._latest[dialect().source().name])[0]) == 1

    assert found()[0] == [2]


def emptied() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE search_entry CASCADE")
        else:
            for table in (*(f"search_entry{name}" for name in ("token", "tag", "product")), "search_entry"):
                cursor.execute(f"DELETE FROM {table}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("take", [emptied, lambda: engine("database").clear(KIND)], ids=["emptied", "cleared"])
def test_entries_that_are_all_taken_away_at_once_are_gone_from_words_and_filters(take):
    write(document(1), document(2))
    assert found("", sort=["newest"])[1]["total"] == 2
    take()
    assert (found()[0], found("", sort=["newest"])[1]["total"]) == ([], 0)
    write(document(3))

    assert found()[0] == [3]


def test_words_of_what_is_taken_away_are_kept_nowhere():
    table = "search_words" if connection.vendor == "postgresql" else "search_own"
    write(document(1, language="de"), document(2, language="de"))
    write(gone=[1])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        assert cursor.fetchone()[0] == 1


def test_query_without_words_finds_by_filters_alone():
    write(document(1), document(2, state="solved"))
    told = engine("database").search(SearchQuery(states=("solved",)), frozenset({"public"}), kinds=[KIND], window=5)

    assert [hit.id for hit in told.hits[KIND]] == [2]

"""The Elasticsearch cluster as the operator needs it: whether it answers, and which index stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from elasticsearch import ApiError, AuthenticationException, AuthorizationException, ConnectionTimeout, Elasticsearch

from search.engines.connection import SEARCH_SECONDS, connect
from search.sources import sources

REFUSED: Final = (AuthenticationException, AuthorizationException)


def look() -> tuple[str, bool, str]:
    """What is wrong (or nothing), whether that keeps searches away, and the version.

    Raises ApiError or TransportError where the cluster does not answer at all.
    """
    client = connect()
    try:
        version = f"Elasticsearch {client.info()['version']['number']}"
        colour = client.cluster.health()["status"]
        stops = [f"the cluster is {colour}"] if colour == "red" else []
        stops += _closed_or_missing(client)
        waits = list(_read_only(client))
    except ConnectionTimeout:
        return f"does not answer within {SEARCH_SECONDS:.0f} s", True, ""
    except REFUSED as error:
        return f"refuses our user or key ({error.status_code})", True, ""
    finally:
        client.close()
    return "; ".join([*stops, *waits][:5]), bool(stops), version


def _closed_or_missing(client: Elasticsearch) -> Iterator[str]:
    """Kinds that no search can read, each with the reason."""
    behind = _behind_aliases(client)
    every = f"{settings.SEARCH_INDEX_PREFIX}-*"
    rows = client.cat.indices(index=every, h="index,status,health", format="json", expand_wildcards="all")
    states = {row["index"]: (row["status"], row["health"]) for row in rows.body if isinstance(row, dict)}
    for source in sources():
        alias = f"{settings.SEARCH_INDEX_PREFIX}-{source.kind}"
        indexes = behind.get(alias, [])
        if not indexes:
            yield f"{alias} is no alias" if alias in states else f"{alias} is missing"
        for name in indexes:
            status, health = states.get(name, ("", ""))
            if status == "close":
                yield f"{name} is closed"
            elif health == "red":
                yield f"{name} is red"


def _behind_aliases(client: Elasticsearch) -> dict[str, list[str]]:
    """The indexes behind each of our aliases."""
    try:
        said = client.indices.get_alias(name=f"{settings.SEARCH_INDEX_PREFIX}-*").body
    except ApiError as error:
        if error.status_code != 404:
            raise
        return {}
    found: dict[str, list[str]] = {}
    for index, holds in said.items():
        for alias in holds["aliases"]:
            found.setdefault(alias, []).append(index)
    return found


def _read_only(client: Elasticsearch) -> Iterator[str]:
    """Indexes that take no writes: indexing waits."""
    said = client.indices.get_settings(
        index=f"{settings.SEARCH_INDEX_PREFIX}-*", name="index.blocks*", flat_settings=True, expand_wildcards="all"
    )
    for index, holds in said.body.items():
        blocks = sorted(name.rpartition(".")[2] for name, on in holds["settings"].items() if on == "true")
        if blocks:
            yield f"{index} takes no writes ({', '.join(blocks)})"

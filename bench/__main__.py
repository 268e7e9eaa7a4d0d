"""`python -m bench seed` once, then `python -m bench run`; see README.md."""

from __future__ import annotations

import argparse
import os
from contextlib import nullcontext
from pathlib import Path

from bench import cpu, place
from tests.services.process import Server, free_port


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("command", choices=["seed", "run", "search", "findable", "large", "imports"])
    parser.add_argument("act", nargs="?", choices=["seed", "run"], default="run", help="large: make it, or ask it")
    parser.add_argument("--topics", type=int, default=100_000, help="large: how many are made")
    parser.add_argument("--posts", type=int, default=1_000_000, help="large: how many are made")
    parser.add_argument("--rows", type=int, nargs="+", default=[50_000, 200_000], help="imports: of the dumps")
    parser.add_argument("--sources", nargs="+", default=["stackexchange"], help="imports: discourse, phpbb, mbox too")
    parser.add_argument("--count", type=int, default=200, help="large: how often each page is asked")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each page is loaded")
    parser.add_argument("--only", default="", help="only pages whose name holds this")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--gzip", action="store_true", help="ask for compressed pages, as browsers do")
    parser.add_argument("--no-elasticsearch", action="store_true", help="search by the database")
    parser.add_argument("--nothing-kept", action="store_true", help="build every page for nobody anew, too")
    parser.add_argument("--samples", type=int, default=20, help="replies for the time of delivery; 0 leaves it out")
    parser.add_argument("--documents", type=int, default=2_000, help="search: how many are written")
    parser.add_argument("--queries", type=int, default=200, help="search: how many are asked")
    parser.add_argument("--rate", type=float, default=50.0, help="findable: posts a second")
    parser.add_argument("--postgresql", action="store_true", help="search: its database engine, not SQLite's")
    parser.add_argument("--engine", choices=["elasticsearch", "database"], default="database", help="search: which one")
    given = parser.parse_args()
    if given.command == "search":
        return search_alone(given)
    if given.command == "large":
        return large(given)
    if given.command == "imports":
        return imported(given)
    if given.command == "findable":
        return until_found(given)
    with place.database() as (server, url):
        env = place.environment(url, free_port())
        if given.no_elasticsearch:
            env["ELASTICSEARCH_URL"] = ""
        if given.nothing_kept:
            env["KEPT_PAGE_SECONDS"] = "0"
        place.enter(env)
        prepare()
        if given.command == "run":
            from bench import fresh

            fresh.bring_up_to_date()
            run(given, env, server)


def large(given: argparse.Namespace) -> None:
    """A community of 100,000 topics in a database of its own: made once, then asked at one client."""
    from django.core.management import call_command

    with place.database(name="large") as (server, url):
        env = {**place.environment(url, free_port()), "SEARCH_INDEX_PREFIX": "benchlarge", "ELASTICSEARCH_URL": ""}
        place.enter(env)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if given.act == "seed":
            from bench.large.seed import seed

            return seed(topics=given.topics, posts=given.posts)
        from bench.large.run import run

        run(env, server, count=given.count, only=given.only)


def imported(given: argparse.Namespace) -> None:
    """Dumps of growing size into an empty database of their own, without Elasticsearch."""
    with place.database(name="imports") as (_server, url):
        env = {**place.environment(url, free_port()), "ELASTICSEARCH_URL": "", "REDIS_URL": ""}
        place.enter(env)
        from django.core.management import call_command

        from bench.imports.run import run

        call_command("migrate", verbosity=0)
        run(env, given.sources, given.rows)


def search_alone(given: argparse.Namespace) -> None:
    """One engine by itself, on a file or database of its own; Elasticsearch is the environment's, or a new node."""
    with place.search_node() if given.engine == "elasticsearch" else nullcontext("") as url:
        os.environ["ELASTICSEARCH_URL"] = url
        if not given.postgresql:
            return search_in(f"sqlite:///{new_file()}", given)
        with place.database(name="search") as (_server, database_url):
            search_in(database_url, given)


def until_found(given: argparse.Namespace) -> None:
    """Posts on the bench's PostgreSQL and Elasticsearch, with a worker."""
    with place.search_node() as url, place.database() as (_server, database_url):
        env = {**place.environment(database_url, free_port()), "ELASTICSEARCH_URL": url}
        place.enter(env)
        prepare()
        from bench import findable

        findable.run(given, env)


def new_file() -> Path:
    """Where a SQLite file of its own is made."""
    place.FOLDER.mkdir(parents=True, exist_ok=True)
    file = place.FOLDER / "search.sqlite3"
    for left in place.FOLDER.glob("search.sqlite3*"):
        left.unlink()
    return file


def search_in(database_url: str, given: argparse.Namespace) -> None:
    from django.core.management import call_command

    place.enter({**place.environment(database_url, free_port()), "REDIS_URL": ""})
    call_command("migrate", verbosity=0)
    from bench import search

    search.run(given.engine, documents=given.documents, queries=given.queries)


def prepare() -> None:
    """Tables, static files and rows, made once."""
    from django.core.management import call_command

    from bench.seed import is_seeded, seed

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not is_seeded():
        seed()


def run(given: argparse.Namespace, env: dict[str, str], server: Server) -> None:
    """Load every page as nobody and as members, then look with a browser; print a table and write JSON."""
    from bench import browser, fresh, measure, people, report, scenes, site

    loads, pace, results, told = [cpu.load()], cpu.pace(), [], {}
    visitors = people.sign_in(9)
    with site.running(env, int(env["SITE_URL"].rpartition(":")[2]), server.process.pid) as running:
        wanted = [scene for scene in scenes.scenes() if given.only in scene.name]
        if any(scene.name == "search" for scene in wanted):
            fresh.warm_search(running, connections=4)
        for scene in wanted:
            for who in ("signed in",) if scene.is_reply else ("anonymous", "signed in"):
                for count in given.connections:
                    crowd = visitors[:count] if who == "signed in" else [people.Visitor()] * count
                    result = measure.measure(running, scene, crowd, who=who, seconds=given.seconds, gzip=given.gzip)
                    results.append(result)
                    print(report.table(results).splitlines()[-1], flush=True)
        if given.samples:
            told = look(browser, running, scenes.scenes()[1].paths[0], visitors, given.samples)
    loads.append(cpu.load())
    print("\n" + report.table(results))
    print(f"\nLoad of the machine: {loads[0]:.1f} before, {loads[1]:.1f} after.", end=" ")
    print(f"Pace: {pace:.0f} ms before, {cpu.pace():.0f} after.")
    for name, taken in told.get("delivery", {}).items():
        print(f"A reply reaches the {name}: {report.quantiles(taken)}")
    if told:
        print(f"A cold topic page: {told['cold']}")
    report.save(Path(place.FOLDER) / "last.json", results, told, loads)


def look(browser, running, path: str, visitors: list, samples: int) -> dict:  # type: ignore[no-untyped-def]
    """The browser's part; nothing where there is no Chromium."""
    writer, reader = visitors[0], visitors[-1]
    topics = browser.followed(reader)
    with browser.chromium() as found:
        if found is None:
            return {}
        cold = browser.cold_bytes(found, running, path)
        return {"cold": cold, "delivery": browser.delivery(found, running, writer, reader, topics, samples=samples)}


if __name__ == "__main__":
    main()

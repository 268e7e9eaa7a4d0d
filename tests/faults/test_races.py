"""Many identical requests at the same moment, by HTTP to real processes: one row, right counters, no 500 (D8)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from community.forums.models import Post, Topic
from community.forums.services.recount import recount_all
from community.ideas.models import Idea
from community.ideas.services import recount_ideas
from community.spaces.models import Space
from tests.faults.caller import Answer
from tests.faults.races import RACES, Race
from tests.faults.town import Town

pytestmark = pytest.mark.django_db(transaction=True)


def rush(call: Callable[[int], Answer], ports: list[int], times: int) -> list[Answer | Exception]:
    """Send the call so many times at the same moment, over all ports; gives answers and failures in no order."""
    barrier, results = threading.Barrier(times), []

    def run(port: int) -> None:
        barrier.wait()
        try:
            results.append(call(port))
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run, args=(ports[n % len(ports)],)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def counters() -> list[object]:
    """Every counter that a recount would rebuild."""
    return [
        list(Topic.objects.order_by("pk").values_list("pk", "reply_count", "last_post_number", "vote_count")),
        list(Post.objects.order_by("pk").values_list("pk", "vote_count")),
        list(Space.objects.order_by("pk").values_list("pk", "topic_count")),
        list(Idea.objects.order_by("pk").values_list("pk", "vote_count")),
    ]


def problems(race: Race, ports: list[int], times: int) -> list[str]:
    """What is wrong after the race; nothing, when all is well."""
    answers = rush(race.call, ports, times)
    statuses = Counter(answer.status if isinstance(answer, Answer) else repr(answer) for answer in answers)
    found = [f"answered {dict(statuses)}"] if set(statuses) - race.statuses else []
    if race.one_wins and sum(statuses[status] for status in (200, 201, 302)) != 1:
        found.append(f"not one winner: {dict(statuses)}")
    if (facts := race.facts()) != race.expected:
        found.append(f"{facts} instead of {race.expected}")
    return found


def recounted() -> list[object]:
    """The same counters, rebuilt."""
    recount_all()
    recount_ideas()
    return counters()


def test_eight_at_once_when_it_is_one_thing_then_it_is_done_once(tmp_path: Path) -> None:
    with Town(tmp_path, webs=1, workers=0) as town:
        found = {name: wrong for name, make in RACES.items() if (wrong := problems(make(), town.ports, 8))}
        assert found == {}, town.said()
    assert counters() == recounted()


@pytest.mark.long
@pytest.mark.parametrize("name", RACES)
def test_fifty_at_once_when_it_is_one_thing_then_it_is_done_once(tmp_path: Path, name: str) -> None:
    with Town(tmp_path, workers=0) as town:
        assert problems(RACES[name](), town.ports, 50) == [], town.said()
    assert counters() == recounted()

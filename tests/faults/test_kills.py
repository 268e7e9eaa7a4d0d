"""kill -9 of web and worker between a write and its last effect: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.faults import audit
from tests.faults.ledger import Ledger, Scene
from tests.faults.town import Town

pytestmark = pytest.mark.django_db(transaction=True)

POINTS = {
    "the post is written, not committed": "web community.forums.services.follows:follow_automatically:after",
    "the event is recorded, not committed": "web accounts.events.services:record:after",
    "the idea is made, its vote is not": "web community.ideas.services:idea_of:after",
    "the reply is committed, not answered": "web community.forums.serializers:show_post:before",
    "the topic is committed, not answered": "web community.forums.serializers:show_topic:before",
    "the message is committed, not answered": "web community.cases.api:_message:before",
    "all is committed, the worker is not woken": "web accounts.events.wake:worker:before",
    "errands are claimed": "worker accounts.events.dispatch:_claim:after",
    "an errand begins": "worker accounts.events.dispatch:_deliver:before",
    "people are about to be told": "worker community.notifications.services:notify:before",
    "people are told, not committed": "worker community.notifications.services:notify:after",
    "rows are numbered, not published": "worker community.notifications.services:_publish:before",
    "people are told, the hint is not sent": "worker community.notifications.live.hub:send_all:before",
    "an errand is ticked off": "worker accounts.events.dispatch:_deliver:after",
    "the case has its line, not committed": "worker community.cases.services.messages:system_line_add:after",
    "standings are counted, not committed": "worker community.reputation.services:recount_standings:after",
    "marks are claimed": "worker search.indexer:_claim:after",
    "the version is drawn": "worker search.clock:tick:after",
    "rows are read for the index": "worker search.indexer:_read:after",
    "the database's index is written, not ticked off": "worker search.engines.database:DatabaseEngine.write:after",
    "the bulk is about to go": "worker search.engines.elasticsearch:ElasticsearchEngine._send:before",
    "the bulk is taken, not ticked off": "worker search.engines.elasticsearch:ElasticsearchEngine._send:after",
    "one kind of a batch is indexed": "worker search.indexer:_index:after",
    "the marks are about to be ticked off": "worker search.indexer:_settle:before",
    "mails are claimed": "worker accounts.mail:_claim:after",
    "the mail is sent, not marked": "worker accounts.mail:_hand_over:after",
    "the mail is marked": "worker accounts.mail:_send:after",
}
FEW = [
    "the reply is committed, not answered", "people are about to be told", "the bulk is about to go",
    "the mail is sent, not marked",
]  # fmt: skip
# What a point needs to be come by; everything else is come by with any write.
NEEDS = {
    "the idea is made, its vote is not": ["idea"], "the topic is committed, not answered": ["topic"],
    "the message is committed, not answered": ["message"], "the case has its line, not committed": ["accept"],
    "standings are counted, not committed": ["accept", "vote"], "mails are claimed": ["sign_up"],
    "the mail is sent, not marked": ["sign_up"], "the mail is marked": ["sign_up"],
}  # fmt: skip
ANY = ["reply", "topic", "vote", "message", "idea", "flag", "idea_vote", "accept"]
SECONDS_TO_DIE = 300


def storm(folder: Path, letters, names: list[str], *, webs: int, workers: int, skip_leases: bool) -> None:
    """Kill at each of these points in turn while writes go on, then look at all that should be there."""
    handler, mail_port = letters
    names = [name for name in names if settings.ELASTICSEARCH_URL or "elasticsearch" not in POINTS[name]]
    scene = Scene.make()
    with Town(folder, webs=webs, workers=workers, points=POINTS, EMAIL_URL=f"smtp://127.0.0.1:{mail_port}") as town:
        ledger = Ledger(scene, town.ports)
        ledger.write("reply")
        for name in names:
            town.arm(name)
            _write_until_dead(town, ledger, name)
        for kind in ANY:
            ledger.write(kind)
        audit.settle(300, skip_leases=skip_leases)
        assert audit.problems(ledger) == [], f"{dict(ledger.statuses)}\n{town.said()}"
        assert handler.problems(most=2) == []
        assert len(town.deaths) >= len(names), "the kills did not happen"
        assert town.tracebacks() == []


def _write_until_dead(town: Town, ledger: Ledger, name: str) -> None:
    kinds = NEEDS.get(name, ANY)
    most = 2 if kinds == ["sign_up"] else 8  # signing up is limited by address
    until, turn = time.monotonic() + SECONDS_TO_DIE, 0
    while town.is_armed(name):
        assert time.monotonic() < until, f"nobody came by: {name}\n{audit.waiting()}\n{town.said()}"
        if turn < most:
            ledger.write(kinds[turn % len(kinds)])
        else:
            time.sleep(0.1)  # it is on its way, or its worker is just starting again
        turn += 1


def test_few_kills_when_writes_go_on_then_nothing_is_lost_and_nothing_is_doubled(tmp_path: Path, letters) -> None:
    storm(tmp_path, letters, FEW, webs=1, workers=1, skip_leases=True)


@pytest.mark.long
def test_kills_at_every_point_when_writes_go_on_then_nothing_is_lost_and_nothing_is_doubled(
    tmp_path: Path, letters
) -> None:
    """Leases end by themselves here, so this also shows that what a dead worker held is free again within a minute."""
    assert len(POINTS) >= 20
    storm(tmp_path, letters, list(POINTS), webs=2, workers=2, skip_leases=False)

"""After the trouble: is every acknowledged write there once, did every effect come, are counters and indexes right?"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count
from django.utils import timezone

from accounts.events.models import Delivery
from accounts.models import OutboundEmail
from community.cases.models import CaseMessage
from community.forums.models import Post, PostVote, Topic
from community.forums.services.recount import recount_all
from community.ideas.models import IdeaVote
from community.ideas.services import recount_ideas
from community.moderation.models import Flag
from community.notifications.models import Inbox, Notification
from community.reputation.services import recount_standings
from community.spaces.models import Space
from search.models import DirtyMark, EngineHold
from tests.faults.ledger import Ledger


def waiting() -> dict[str, int]:
    """What is still on its way."""
    found = {
        "deliveries": Delivery.objects.filter(state="waiting").count(), "marks": DirtyMark.objects.count(),
        "mails": OutboundEmail.objects.filter(state="waiting").count(),
    }  # fmt: skip
    return {name: number for name, number in found.items() if number}


def settle(seconds: float, *, skip_leases: bool = False) -> None:
    """Wait until nothing is on its way; raises TimeoutError. `skip_leases` lets the time of leases pass at once."""
    end = time.monotonic() + seconds
    while waiting():
        if time.monotonic() > end:
            raise TimeoutError(f"Still on its way after {seconds} s: {waiting()}; {problems_of_the_queue()}")
        if skip_leases:
            _pass_time()
        time.sleep(0.5)


def _pass_time() -> None:
    now = timezone.now()
    Delivery.objects.filter(state="waiting", next_attempt_at__gt=now).update(next_attempt_at=now)
    DirtyMark.objects.filter(state="waiting", next_attempt_at__gt=now).update(next_attempt_at=now)
    OutboundEmail.objects.filter(state="waiting", next_attempt_at__gt=now).update(next_attempt_at=now)
    EngineHold.objects.update(until=now)


def problems_of_the_queue() -> list[str]:
    parked = [f"parked {row.subscriber}: {row.last_error}" for row in Delivery.objects.exclude(state="done")[:5]]
    parked += [f"mark {row}: {row.last_error}" for row in DirtyMark.objects.all()[:5]]
    unsent = OutboundEmail.objects.exclude(state="sent")[:5]
    return parked + [f"mail {row.pk} {row.state}: {row.last_error}" for row in unsent]


def problems(ledger: Ledger) -> list[str]:
    """Everything that is not as it should be; call it when all has settled."""
    found = [f"answered {fault}" for fault in ledger.faults]
    found += _rows(ledger) + _effects(ledger) + _bells() + problems_of_the_queue() + _counters()
    return found + _index(time.monotonic() + 30)


def _index(until: float) -> list[str]:
    """Once nothing waits, the worker's next round lets indexes that were made anew answer; till then they hold
    nothing for who asks."""
    while True:
        try:
            call_command("search_reconcile", check=True)
        except CommandError as error:
            if time.monotonic() > until:
                return [f"search: {error}"]
            time.sleep(0.5)
        else:
            return []


def _once(kind: str, expected: Counter[object], found: Counter[object]) -> list[str]:
    wrong = {key: found[key] for key in expected if found[key] != 1} | {
        key: number for key, number in found.items() if key not in expected
    }
    return [f"{kind}: {wrong}"] if wrong else []


def _rows(ledger: Ledger) -> list[str]:
    """Each acknowledged write is one row; and there is none that nobody was told of, for every write was repeated."""
    bodies, titles = Post.objects.values_list("body", flat=True), Topic.objects.values_list("title", flat=True)
    messages = CaseMessage.objects.values_list("body", flat=True)
    voted = _pairs(ledger, "idea_vote", "idea")
    voted[ledger.scene.idea.topic.author_id, ledger.scene.idea.pk] = 1
    return [
        *_once("topic", _words(ledger, "topic", "accept"), _found("Why w", titles)),
        *_once("reply", _words(ledger, "reply"), _found("Try w", bodies)),
        *_once("idea", _words(ledger, "idea"), _found("Let me w", titles)),
        *_once("message", _words(ledger, "message"), _found("We look at w", messages)),
        *_once("vote", _pairs(ledger, "vote"), Counter(PostVote.objects.values_list("user_id", "post_id"))),
        *_once("idea vote", voted, Counter(IdeaVote.objects.values_list("user_id", "idea_id"))),
        *_once("flag", _pairs(ledger, "flag"), Counter(Flag.objects.values_list("reporter_id", "item__target_id"))),
        *[
            f"not solved: {entry}" for entry in ledger.of("accept")
            if not Topic.objects.filter(pk=entry.on, solution__number=2).exists()
        ],
    ]  # fmt: skip


def _words(ledger: Ledger, *kinds: str) -> Counter[object]:
    return Counter(entry.word for kind in kinds for entry in ledger.of(kind))


def _pairs(ledger: Ledger, *kinds: str) -> Counter[object]:
    """Who did it to what. The same person may have said it twice; it counts once."""
    return Counter({(entry.by, entry.on) for kind in kinds for entry in ledger.of(kind)})


def _found(begin: str, texts: Iterable[str]) -> Counter[object]:
    """The ledger's words in texts that begin like this, the word being the last letter's."""
    start = len(begin) - 1
    return Counter(re.split(r"\W", text[start:])[0] for text in texts if text.startswith(begin))


def _effects(ledger: Ledger) -> list[str]:
    """Who had to hear of it heard once; a solved thread shows once in its case; mail was queued once and has gone."""
    scene = ledger.scene
    told = Counter(Notification.objects.values_list("user_id", "kind", "target_id"))
    wrong = []
    for post in Post.objects.filter(body__startswith="Try w"):
        wrong += [f"bell of {post}"] if told[scene.topic.author_id, "reply", post.pk] != 1 else []
    answers = Notification.objects.filter(user=scene.case.customer, kind="case.answered").count()
    if answers != len(ledger.of("message")):
        wrong.append(f"{answers} bells for {len(ledger.of('message'))} answers in the case")
    for entry in ledger.of("accept"):
        post = Post.objects.get(topic=entry.on, number=2)
        if told[post.author_id, "solution", post.pk] != 1:
            wrong.append(f"bell of the solution of {entry.word}")
        if CaseMessage.objects.filter(case=scene.case, is_system=True, body__contains=entry.word).count() != 1:
            wrong.append(f"line in the case of {entry.word}")
    for entry in ledger.of("sign_up"):
        mails = OutboundEmail.objects.filter(recipient__startswith=f"{entry.word}@")
        states = list(mails.values_list("state", flat=True))
        wrong += [f"mail of {entry.word}: {states}"] if states != ["sent"] else []
    return wrong


def _bells() -> list[str]:
    """Numbers are dense: 1 to the newest of each person."""
    rows = Notification.objects.values("user_id").annotate(n=Count("pk")).values_list("user_id", "n")
    counted = dict(rows.order_by())
    boxes = [(box, counted.get(box.pk, 0)) for box in Inbox.objects.all()]
    return [f"inbox {box}: {rows} rows" for box, rows in boxes if rows != box.last_number]


def _counters() -> list[str]:
    def counters() -> list[object]:
        return [
            list(Topic.objects.order_by("pk").values_list("pk", "reply_count", "last_post_number", "vote_count")),
            list(Post.objects.order_by("pk").values_list("pk", "vote_count")),
            list(Space.objects.order_by("pk").values_list("pk", "topic_count")),
        ]

    before = counters()
    recount_all()
    wrong = [] if before == counters() else ["a recount changes counters of forums"]
    if recount_ideas():
        wrong.append("a recount changes counters of ideas")
    if recount_standings():
        wrong.append("a recount changes standings")
    return wrong

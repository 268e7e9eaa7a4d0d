"""Writes over HTTP, each repeated until it is acknowledged; and afterwards, whether all of them are there, once."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from accounts.models import User
from community.cases.models import Case
from community.forums.models import Topic
from community.ideas.models import Idea
from tests.factories.cases import make_agent, make_case
from tests.factories.forums import make_topic
from tests.factories.ideas import make_idea
from tests.factories.people import make_user
from tests.factories.spaces import make_space
from tests.faults.caller import Answer, Caller

TRUSTED = 4
VOTERS = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One acknowledged write: its word is in what was written, and in nothing else; `on` is the row it is about."""

    kind: str
    word: str
    by: int
    on: int = 0


@dataclass(slots=True)
class Scene:
    """Who writes, and what about. Made through the services before the trouble begins."""

    asker: Caller
    helper: Caller
    agent: Caller
    voters: list[Caller]
    space: str
    topic: Topic
    idea: Idea
    case: Case

    @classmethod
    def make(cls) -> Scene:
        space = make_space()
        asker, helper, customer = make_user(trust_level=TRUSTED), make_user(trust_level=TRUSTED), make_user()
        agent = make_agent(trust_level=TRUSTED)
        voters = [Caller(make_user(trust_level=TRUSTED)) for _ in range(VOTERS)]
        return cls(
            asker=Caller(asker), helper=Caller(helper), agent=Caller(agent), voters=voters, space=space.slug,
            topic=make_topic(space=space, author=asker), idea=make_idea(space=space),
            case=make_case(agent=agent, customer=customer),
        )  # fmt: skip


@dataclass(slots=True)
class Ledger:
    """`ports` are the web processes; a write goes to the next one in turn until somebody acknowledges it."""

    scene: Scene
    ports: list[int]
    patience: float = 300.0
    entries: list[Entry] = field(default_factory=list)
    statuses: Counter[object] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _numbers: count = field(default_factory=lambda: count(1))
    _turns: count = field(default_factory=count)

    def write(self, kind: str) -> Entry:
        """One write of a kind; raises TimeoutError when nobody acknowledges it in time."""
        number = next(self._numbers)
        entry = getattr(self, f"_{kind}")(f"w{kind.replace('_', '')}{number}x", number)
        self.entries.append(entry)
        return entry

    def keep_writing(self, kinds: list[str], *, stop: threading.Event, every: float) -> threading.Thread:
        """Write those kinds in turn from a thread of its own until told to stop."""

        def run() -> None:
            while not stop.wait(every):
                self.write(kinds[next(self._turns) % len(kinds)])

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def of(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind]

    def _sent(self, call: Callable[[int], Answer], *right: int) -> Answer:
        """Call until one of the `right` statuses comes; what is away or restarts is asked again, a 500 is kept."""
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            port = self.ports[next(self._turns) % len(self.ports)]
            try:
                answer = call(port)
            except (OSError, http.client.HTTPException) as error:
                self.statuses[type(error).__name__] += 1
                time.sleep(0.1)
                continue
            self.statuses[answer.status] += 1
            if answer.status in right:
                return answer
            if answer.status == 503 and "retry-after" in answer.headers:
                time.sleep(0.3)
                continue
            if answer.status == 429:
                time.sleep(6)  # too many from one address within a minute, as it should be
                continue
            self.faults.append(f"{answer.status}: {answer.text[:300]}")
            time.sleep(0.3)
        raise TimeoutError(f"Nobody acknowledged a write: {dict(self.statuses)} {self.faults[-1:]}")

    def _topic(self, word: str, number: int) -> Entry:
        body = {"space": self.scene.space, "kind": "question", "title": f"Why {word} happens", "body": "Every night."}
        caller = self.scene.asker
        made = self._sent(lambda port: caller.api(port, "POST", "topics", body, key=word), 201).json
        return Entry("topic", word, caller.user.pk, made["id"])

    def _reply(self, word: str, number: int) -> Entry:
        caller, topic = self.scene.helper, self.scene.topic.pk
        if number % 2:
            self._sent(
                lambda port: caller.api(port, "POST", f"topics/{topic}/posts", {"body": f"Try {word}."}, key=word), 201
            )
        else:
            self._sent(lambda port: caller.form(port, f"/t/{topic}/reply/", body=f"Try {word}.", key=word), 302)
        return Entry("reply", word, caller.user.pk, topic)

    def _vote(self, word: str, number: int) -> Entry:
        caller = self.scene.voters[number % VOTERS]
        post = self._some_reply(number)
        self._sent(lambda port: caller.api(port, "POST", f"posts/{post}/vote"), 200)
        return Entry("vote", word, caller.user.pk, post)

    def _flag(self, word: str, number: int) -> Entry:
        caller = self.scene.voters[number % VOTERS]
        post, body = self._some_reply(number), {"reason": "spam", "note": word}
        # 400: “You flagged this before”, which is what a repeat hears of a flag that was kept.
        self._sent(lambda port: caller.api(port, "POST", "flags", {**body, "target": f"post:{post}"}), 201, 400, 403)
        return Entry("flag", word, caller.user.pk, post)

    def _idea(self, word: str, number: int) -> Entry:
        caller, body = self.scene.asker, {"space": self.scene.space, "title": f"Let me {word}", "body": "Please."}
        made = self._sent(lambda port: caller.api(port, "POST", "ideas", body, key=word), 201).json
        return Entry("idea", word, caller.user.pk, made["id"])

    def _idea_vote(self, word: str, number: int) -> Entry:
        caller, idea = self.scene.voters[number % VOTERS], self.scene.idea.pk
        self._sent(lambda port: caller.api(port, "POST", f"ideas/{idea}/vote"), 200)
        return Entry("idea_vote", word, caller.user.pk, idea)

    def _message(self, word: str, number: int) -> Entry:
        caller, case = self.scene.agent, self.scene.case
        body = {"body": f"We look at {word}."}
        self._sent(lambda port: caller.api(port, "POST", f"cases/{case.number}/messages", body, key=word), 201)
        return Entry("message", word, caller.user.pk, case.pk)

    def _accept(self, word: str, number: int) -> Entry:
        """A question of its own, linked to the case, answered and solved: the longest chain of effects."""
        asker, helper, case = self.scene.asker, self.scene.helper, self.scene.case
        topic = self._topic(word, number).on
        self._sent(
            lambda port: self.scene.agent.api(port, "POST", f"cases/{case.number}/links", {"topic": topic}), 201
        )
        self._sent(
            lambda port: helper.api(port, "POST", f"topics/{topic}/posts", {"body": "So."}, key=f"{word}-a"), 201
        )
        self._sent(lambda port: asker.api(port, "POST", f"topics/{topic}/solution", {"post": 2}), 200)
        return Entry("accept", word, asker.user.pk, topic)

    def _sign_up(self, word: str, number: int) -> Entry:
        fields = {
            "display_name": word, "username": word, "email": f"{word}@people.example", "password1": "a long passphrase",
        }  # fmt: skip

        def sign_up(port: int) -> Answer:
            # Whoever was cut off meets “there is such an account” when they try again, and their mail is on its way.
            if User.objects.filter(username=word).exists():
                return Answer(302, {}, "")
            return Caller().form(port, "/accounts/signup/", **fields)

        self._sent(sign_up, 302)
        return Entry("sign_up", word, 0)

    def _some_reply(self, number: int) -> int:
        """A reply of the helper: there is one as soon as the first was acknowledged."""
        posts = self.scene.topic.posts.filter(number__gt=1).order_by("number").values_list("pk", flat=True)
        found = list(posts)
        return found[number % len(found)]

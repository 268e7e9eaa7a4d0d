"""What somebody may not see answers as what does not exist: by id, by address, as a filter, and whatever is tried."""

from __future__ import annotations

import hashlib
import json
import re
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.leaks.acts import ACTS
from tests.leaks.browse import Visitor, different, masked
from tests.leaks.missing import without
from tests.leaks.table import PAGES
from tests.leaks.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_first]
OUTSIDERS = ("anonymous", "member", "ex")
# Addresses of things, against those of lists and of oneself.
THINGS = sorted(
    name for name in PAGES
    if name.partition(":")[0]
    in {"forums", "ideas", "knowledge", "cases", "moderation", "api", "spaces", "uploads", "direct"}
)  # fmt: skip
QUIET = {"sessions.Session", "search.SearchLog"}
OWN_TIMES = {"last_used_at", "last_login"}


def hidden_from_all(world: World) -> World:
    """What is hidden from every outsider: the places of chosen groups, what was removed in the open, cases."""
    part = world.only("groups", "public removed", "public pending", "public whisper")
    part.reviews, part.decisions = dict(world.reviews), dict(world.decisions)
    part.ideas = {key: idea for key, idea in part.ideas.items() if "merged" not in key}  # those are in the open
    return part


def plain(answer: bytes, path: str) -> bytes:
    """The answer without the address that was asked for, which comes back as where to go after signing in, and without
    the name of the draft that was asked for."""
    draft = path.rpartition("/drafts/")[2]
    for asked in (path, quote(path), quote(path, safe=""), f'"{draft}"'):
        answer = answer.replace(asked.encode(), b"asked")
    return answer


def asked(visitor: Visitor, path: str) -> tuple[bytes, int]:
    """The answer, and how many statements it took."""
    with CaptureQueriesContext(connection) as told:
        answer = visitor.get(path)
    return plain(masked(answer), path), len(told)


@pytest.mark.parametrize("name", OUTSIDERS)
def test_hidden_thing_when_asked_for_then_answers_as_one_that_does_not_exist(world, name):
    part, visitor, wrong = hidden_from_all(world), Visitor(world, name), []
    nothing = without(part)
    for line in THINGS:
        pairs = zip(PAGES[line](part), PAGES[line](nothing), strict=False)
        for hidden, missing in dict(pairs).items():
            if hidden == missing:
                continue
            (one, first), (two, second) = (asked(visitor, path) for path in (hidden, missing))
            if first != second:  # unless something was kept meanwhile, a clock would tell them apart
                (_one, first), (_two, second) = (asked(visitor, path) for path in (hidden, missing))
            if first != second:
                wrong.append(f"GET {hidden}: {first} statements, and {second} where nothing is")
            if one != two:
                wrong.append(f"GET {hidden}: {different(two, one)}")
    assert not wrong, "\n".join(wrong)


FILTERS = [
    "/ideas/?space={space}", "/search/?q=lanterns&space={space}", "/search/?q=in:{space} lanterns",
    "/search/?q=lanterns&tag={tag}", "/search/?q=tag:{tag}", "/search/?q={tag}", "/search/suggest/?q={tag}",
    "/tags/{tag}/", "/people/?q={tag}", "/people/?q={mail}", "/ask/similar/?title={title} {title}",
    "/ideas/similar/?title={title} {title}", "/support/?q={title}", "/support/?organisation={organisation}",
    "/ideas/?q={title}", "/api/v1/topics?space={space}", "/api/v1/topics?tag={tag}", "/api/v1/ideas?space={space}",
    "/api/v1/ideas?q={title}", "/api/v1/search?q=lanterns&space={space}", "/api/v1/search?q={title}",
    "/api/v1/search?q=lanterns&tag={tag}", "/api/v1/suggest?q={title}", "/api/v1/suggest?q={tag}",
    "/api/v1/articles?q={title}",
    "/api/v1/cases?q={title}", "/search/?q={title}&kind=case", "/search/?q={group}", "/search/?q={organisationname}",
]  # fmt: skip


@pytest.mark.parametrize("name", (*OUTSIDERS, "key-writes"))
def test_hidden_value_when_it_is_a_filter_then_answers_as_a_value_that_does_not_exist(world, name):
    hidden = {
        "space": "groups-space", "tag": "zqgroupstag", "title": "zqgroupstitle", "mail": "zqmailrival",
        "organisation": "umbra-works", "group": "zqgroupinsiders", "organisationname": "zqorganisationumbra",
    }  # fmt: skip
    missing = {key: value[:-3] + "xyj" for key, value in hidden.items()}
    wrong = []
    for template in FILTERS:
        answers = []
        for values in (hidden, missing):
            visitor = Visitor(world, name)
            if visitor.opens(template):
                text = masked(visitor.get(template.format(**values)))
                for key, value in values.items():
                    text = text.replace(value.encode(), key.encode()).replace(value.title().encode(), key.encode())
                answers.append(re.sub(rb"(?i)" + b"|".join(v.encode() for v in values.values()), b"asked", text))
        if len(set(answers)) > 1:
            wrong.append(f"{template}: {different(answers[1], answers[0])}")
    assert not wrong, "\n".join(wrong)


def rows() -> dict[str, str]:
    """A sum over every table, so that a changed row anywhere shows."""
    sums = {}
    for model in apps.get_models():
        if model._meta.managed and model._meta.label not in QUIET:
            fields = [f.attname for f in model._meta.local_concrete_fields if f.name not in OWN_TIMES]
            values = json.dumps(sorted(map(str, model._default_manager.values_list(*fields))), cls=DjangoJSONEncoder)
            sums[model._meta.label] = hashlib.md5(values.encode(), usedforsecurity=False).hexdigest()
    return sums


@pytest.mark.parametrize("name", (*OUTSIDERS, "customer", "key-writes", "key-of-agent"))
def test_act_on_a_hidden_thing_when_tried_then_it_is_not_found_and_no_row_changes(world, name):
    part, visitor, wrong = hidden_from_all(world), Visitor(world, name), []
    part.cases = {key: case for key, case in world.cases.items() if key != name}
    before = rows()
    for line in sorted(ACTS):
        methods = ("post", "patch", "delete") if line.startswith("api:") else ("post",)
        for path in filter(visitor.opens, PAGES[line](part)):
            for method in methods:
                answer = visitor.post(path, {"body": "x", "title": "xxxxx", "on": "1"}, method=method)
                to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]
                refused = {401, 403, 404, 405} if name == "anonymous" else {404, 405}
                if answer.status_code not in refused and not to_sign_in:
                    wrong.append(f"{answer.status_code} {method} {path}")
    after = rows()
    wrong += [f"{table} changed" for table, value in after.items() if before[table] != value]
    assert not wrong, "\n".join(wrong)

"""Cases and what is said in them."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import User
from community.cases.models import Case, CaseMessage
from community.cases.services import case_create, message_add
from tests.factories.people import make_user, viewer

_numbers = count(1)


def make_agent(**fields: Any) -> User:
    return make_user(is_agent=True, **fields)


def make_case(*, agent: User | None = None, customer: User | None = None, **fields: Any) -> Case:
    """A new case of a customer, opened by an agent."""
    fields.setdefault("subject", f"Hub {next(_numbers)} does not answer")
    if customer is None and "topic" not in fields:
        customer = make_user()
    return case_create(viewer=viewer(agent or make_agent()), customer=customer, **fields)


def make_message(
    case: Case, *, author: User | None = None, body: str = "We look into it.", **fields: Any
) -> CaseMessage:
    return message_add(viewer=viewer(author or make_agent()), case=case, body=body, **fields)

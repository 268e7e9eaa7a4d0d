"""Worlds of other seeds: every address as everybody, and the rule told four ways."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.leaks.conftest import built
from tests.leaks.test_tellings import disagreements
from tests.leaks.test_walk import missing, walk

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.mark.parametrize("seed", [1, 2])
def test_whole_walk_when_every_address_is_opened_then_each_word_is_met_by_those_who_may_and_nobody_else(seed):
    with transaction.atomic():
        whole = built(seed=seed, extra=2)
        wrong, met = walk(whole, tuple(whole.personas), whole)
        transaction.set_rollback(True)

    wrong += missing(whole, met, set(whole.secrets))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("seed", range(10, 16))
def test_rule_when_told_four_ways_over_other_worlds_then_all_agree(seed):
    with transaction.atomic():
        wrong = disagreements(built(seed=seed, extra=4))
        transaction.set_rollback(True)

    assert wrong == []

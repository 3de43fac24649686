"""Random sequences of actions by random actors never break an invariant.

JXCLOUD_PROPERTY_SEEDS="7,8" and JXCLOUD_PROPERTY_STEPS=2000 run other or longer sequences; a failure names its seed
and tells the steps that led to it.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.clock import Clock
from workflow.enums import Status
from workflow.models import Application, Event

from .invariants import Watcher
from .machine import Machine

pytestmark = pytest.mark.django_db
SEEDS = [int(seed) for seed in os.environ.get("JXCLOUD_PROPERTY_SEEDS", "1,2,3,4,5,6").split(",")]
STEPS = int(os.environ.get("JXCLOUD_PROPERTY_STEPS", "120"))
TOLD = 40
"""Last steps that a failure tells."""


@pytest.mark.parametrize("seed", SEEDS)
def test_no_sequence_of_actions_breaks_an_invariant(seed: int, clock: Clock) -> None:
    machine = Machine(seed, clock.stop_at)
    watcher = Watcher(machine)
    story: list[str] = []
    try:
        for _ in range(STEPS):
            story.append(machine.step())
            watcher.check()
    except Exception as error:
        told = "\n".join(story[-TOLD:])
        raise AssertionError(f"seed {seed}, step {len(story)}:\n{told}\n→ {error!r}") from error
    kinds = Counter(Application.objects.filter(status=Status.APPROVED).values_list("kind", flat=True))
    print(f"seed {seed}: {dict(kinds)} approved, {Event.objects.count()} events, {machine.today}")
    # A machine that is refused everything would prove nothing.
    assert kinds.total() >= STEPS // 100, "\n".join(story)

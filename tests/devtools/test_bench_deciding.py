"""The stage `deciding` approves with the minute and without it, and takes everything back."""

from __future__ import annotations

import pytest

from devtools.bench.data import generate
from devtools.bench.deciding import deciding
from workflow.models import Application, BulkAct, Event

pytestmark = pytest.mark.django_db


def test_an_approval_with_the_minute_is_rehearsed_once_and_a_list_is_not() -> None:
    generate(300)
    before = (Application.objects.filter(is_open=True).count(), Event.objects.count())
    steps = {step.name: step.statements for step in deciding((1, 3))}
    assert list(steps) == [f"{size} {step}" for size in (1, 3) for step in ("at once", "pressed", "a minute later")]
    assert steps["1 pressed"] > steps["1 at once"], "the rehearsal tells every reason against it"
    assert steps["3 pressed"] < steps["3 at once"]
    assert steps["3 at once"] == steps["1 at once"], "many cost the statements of one"
    assert before == (Application.objects.filter(is_open=True).count(), Event.objects.count())
    assert not BulkAct.objects.exists()


def test_more_than_there_are_is_told() -> None:
    generate(60)
    with pytest.raises(RuntimeError, match="generate more people"):
        deciding((61,))
    *_, at_once, _, _ = deciding()
    assert at_once.name in {f"{size} at once" for size in range(2, 61)}, "where no number is asked for, all are taken"

"""Fixtures of the workflow's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clock import Clock
from workflow.business import register, unregister

from .browsing import NOW, Inspection, InspectionWorld


@pytest.fixture
def frozen(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def inspection(db: None) -> Iterator[InspectionWorld]:
    """A case of a business that asks for evidence and originals."""
    register(Inspection)
    yield InspectionWorld()
    unregister(Inspection.kind)

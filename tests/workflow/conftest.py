from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from workflow.business import register, unregister

from .browsing import NOW, Inspection, InspectionWorld


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for place in ("services.acting.utc_now", "services.filing.utc_now", "views.inbox.now"):
        monkeypatch.setattr(f"workflow.{place}", lambda: NOW)


@pytest.fixture
def inspection(db: None) -> Iterator[InspectionWorld]:
    """A case of a business that asks for evidence and originals."""
    register(Inspection)
    yield InspectionWorld()
    unregister(Inspection.kind)

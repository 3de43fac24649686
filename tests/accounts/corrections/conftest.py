from __future__ import annotations

import pytest

from tests.accounts.kiosk.machine import Machine


@pytest.fixture
def machine(db: None) -> Machine:
    return Machine()

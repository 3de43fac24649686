from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("e2e")


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """`page.goto("/login/")` opens a page of the portal as it runs with this test's database."""
    return live_server.url

"""Holds that no page of the workflow shows a word of code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.raw_keys import pattern, raw_keys, watched


@pytest.fixture(autouse=True)
def no_raw_keys() -> Iterator[None]:
    """Whatever page a test of this folder opens, of any business in any state, shows no word of code."""
    found: list[str] = []
    with watched(lambda address, page: found.extend(f"{address}: {one}" for one in raw_keys(page, pattern()))):
        yield
    assert found == []

"""Many certificates are drawn at once by the threads of a fresh worker."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from certificates.ecert import seal
from common.printing.fonts import outline_font

NAME = "江西省住房和城乡建设厅"


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads change places as often as the interpreter lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("eager_threads")
def test_the_first_seals_of_a_process_may_be_drawn_at_once() -> None:
    expected = seal.outlines(NAME)
    for _ in range(5):
        seal.outlines.cache_clear()
        outline_font.cache_clear()
        with ThreadPoolExecutor(8) as threads:
            assert set(threads.map(seal.outlines, [NAME] * 8)) == {expected}

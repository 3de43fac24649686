"""The browser: this machine's own Chromium, in Chinese, without sounds from outside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, expect

from common.web.http import Partner
from tests import face_pictures as test_faces
from tests.alone import turn
from tests.clock import Clock
from tests.row_order import SEED, RowOrder, patched
from tests.softhsm import SoftHsm

PATIENCE = 60_000
"""Milliseconds. A busy machine with one processor answers late; a page that is wrong stays wrong, so a long wait hides nothing."""
expect.set_options(timeout=PATIENCE)

hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A busy machine is slow in finding examples too, which says nothing about the rule that is tried.
hypothesis_settings.load_profile("patient")

CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    # Chromium's own sandbox needs rights that root in a container lacks; only our own pages are opened.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        reason = f"no browser on this machine: none of {', '.join(CHROMIUM)} found"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright keeps an event loop running in the main thread, where tests also use the database: they take turns.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {**browser_type_launch_args, "executable_path": program, "args": list(QUIET)}


@pytest.fixture(scope="session")
def browser(browser: Browser) -> Browser:
    """Every page waits for what it was told to wait for."""

    def set_limits(context: BrowserContext) -> None:
        context.set_default_timeout(PATIENCE)

    browser.on("context", set_limits)
    return browser


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session")
def base_url() -> str:
    """Replaces the fixture of pytest-base-url, which pytest 9 warns about."""
    return ""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test marked `alone` waits until no other process runs a test, and they wait until it has ended.

    The set-up and the end of what a module shares belong to the turn: a demonstration that starts loads the machine more
    than its tests do. The time limit of a test begins after its wait.
    """
    with turn(settings.VAR, alone=item.get_closest_marker("alone") is not None):
        return (yield)


_row_orders: list[RowOrder] = []
"""Of the running test; empty between tests."""


@pytest.fixture(scope="session", autouse=True)
def mixed_rows() -> Iterator[None]:
    """Every query of this process goes through `tests/row_order.py`."""
    with pytest.MonkeyPatch.context() as patch:
        for name, method in patched(_row_orders).items():
            patch.setattr(QuerySet, name, method)
        yield


@pytest.fixture(autouse=True)
def row_order(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rows that a query does not order come mixed, in an order that depends on the test and the seed."""
    _row_orders.append(RowOrder(request.node.nodeid))
    yield
    _row_orders.pop()


@pytest.fixture(autouse=True)
def partners_are_asked_again() -> None:
    """Failures of one test's servers do not count in the next, which may have the same address."""
    for partner in Partner.known:
        partner.forget()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        report.sections.append(("rows without an order", f"mixed by JXCLOUD_ROW_ORDER={SEED}"))
    return report


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Stops the clock where the test says, and lets it run again afterwards."""
    clock = Clock()
    yield clock
    clock.run()


@pytest.fixture
def fresh_windows() -> Iterator[None]:
    """Limits count in windows of the clock, of minutes or hours. The test begins with one, and not by chance at the end of
    one: its clock is put forward to the next full hour and goes on.
    """
    hour = datetime.now(UTC).replace(minute=0, second=1, microsecond=0) + timedelta(hours=1)
    with time_machine.travel(hour, tick=True):
        yield


@pytest.fixture
def count_queries(db: None) -> Callable[[Callable[[], object]], int]:
    """How many queries a call takes: lists and batches are compared at two sizes."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    return count


@pytest.fixture(scope="session")
def face_pictures() -> test_faces.FacePictures:
    return test_faces.face_pictures()


@pytest.fixture(scope="session")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    return SoftHsm.create(tmp_path_factory.mktemp("hsm"))

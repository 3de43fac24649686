"""Children with limits, and the slots that count them."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from common.limited import client, scope
from common.limited.client import Exceeded, Failed, Kind, Limits, UsedUp, run_in_child
from common.limited.scope import SHARE_FOR_WAITING, request_scope
from common.limited.slots import Busy, Slots
from common.web.middleware import LimitedWorkMiddleware
from tests.waiting import wait_until

SLOTS = Slots("test", count=2, for_one_source=1)
ROOT = Path(__file__).parents[3]


def kind(name: str, *, wall: float = 60.0) -> Kind:
    limits = Limits(cpu_seconds=1, memory=600_000_000)
    return Kind(f"tests.common.limited.limited_tasks:{name}", limits, SLOTS, wall)


@pytest.fixture(scope="module")
def own_server() -> Iterator[client._Server]:
    server = client._Server()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def children(own_server: client._Server, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> client._Server:
    settings.LIMITED_WORK = ("tests.common.limited.limited_tasks",)
    settings.LIMITED_WORK_SECONDS = 1.5
    monkeypatch.setattr(client, "_server", own_server)
    own_server.start(wait=True)
    return own_server


def test_an_answer_comes_back_with_its_bytes_from_a_process_of_its_own() -> None:
    big = os.urandom(3_000_000)
    first, pieces = run_in_child(kind("echo"), {"say": "安全"}, [big, b""])
    second, _ = run_in_child(kind("echo"), {"say": ""}, [])
    assert first["said"] == "安全"
    assert pieces == [big, b""]
    assert len({first["pid"], second["pid"], os.getpid()}) == 3


@pytest.mark.parametrize("name", ["spin", "hoard", "give_up"])
def test_what_takes_too_much_is_ended(name: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Exceeded):
        run_in_child(kind(name), {})
    assert time.monotonic() - begun < 60


def test_what_takes_too_long_without_computing_is_our_own_fault() -> None:
    with request_scope("a"), pytest.raises(Failed):
        run_in_child(kind("sleep"), {})


def test_a_request_waits_no_longer_than_two_seconds_in_all() -> None:
    with request_scope("a") as request:
        for _ in range(3):
            with pytest.raises((Failed, Exceeded)) as last:
                run_in_child(kind("sleep"), {})
    assert last.type is UsedUp, "it was not even begun"
    assert request.seconds_left <= 0


def test_a_child_opens_no_file_and_knows_no_secret() -> None:
    assert run_in_child(kind("open_file"), {})[0] == {"error": errno.EMFILE}
    assert set(run_in_child(kind("secrets"), {})[0]["names"]) <= {"LANG", "PATH", "PYTHONDONTWRITEBYTECODE", "LC_CTYPE"}


def test_an_error_of_our_own_is_told_apart_and_says_nothing_of_the_file(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Failed):
        run_in_child(kind("fail"), {})
    assert "secret text" not in capfd.readouterr().err


def test_the_process_that_forks_is_started_again(children: client._Server) -> None:
    assert children._process is not None
    children._process.send_signal(signal.SIGKILL)
    children._process.wait()
    assert run_in_child(kind("echo"), {"say": "again"})[0]["said"] == "again"


def test_no_child_is_left_behind(children: client._Server) -> None:
    with request_scope("a"), pytest.raises(Failed):
        run_in_child(kind("sleep", wall=0.2), {})
    assert children._process is not None
    task = Path(f"/proc/{children._process.pid}/task/{children._process.pid}/children")
    wait_until(lambda: not task.read_text().split())


# --- slots ---


def test_slots_are_counted_in_all_and_by_source() -> None:
    first = SLOTS.take("a")
    with pytest.raises(Busy) as own:
        SLOTS.take("a")
    second = SLOTS.take("b")
    with pytest.raises(Busy) as others:
        SLOTS.take("c")
    assert (own.value.own, others.value.own) == (True, False)
    first.release()
    SLOTS.take("c").release()
    second.release()
    SLOTS.take("a").release()


def test_a_slot_ends_with_its_process_however_that_ends(settings: Settings) -> None:
    script = (
        "import os, sys, time, fcntl\n"
        "for number in range(2):\n"
        " file = os.open(f'{sys.argv[1]}/test.{number}', os.O_RDWR | os.O_CREAT)\n"
        " fcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('taken', flush=True)\n"
        "time.sleep(600)\n"
    )
    SLOTS.take("a").release()
    with subprocess.Popen([sys.executable, "-c", script, str(settings.SLOTS_ROOT)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Busy):
            SLOTS.take("a")
        other.kill()
    SLOTS.take("a").release()


def test_who_has_logged_in_waits_a_moment_for_a_slot(settings: Settings) -> None:
    settings.LIMITED_WORK_SECONDS = 40.0
    slots = Slots("waiting", count=1, for_one_source=1)
    taken = slots.take("a")
    begun = time.monotonic()
    with request_scope("b") as stranger, pytest.raises(Busy):
        stranger.hold(slots)
    assert time.monotonic() - begun < SHARE_FOR_WAITING * 40.0
    settings.LIMITED_WORK_SECONDS = 0.4
    begun = time.monotonic()
    with request_scope("b", lambda: True) as known, pytest.raises(Busy):
        known.hold(slots)
    assert time.monotonic() - begun >= 0.2
    settings.LIMITED_WORK_SECONDS = 40.0
    release = threading.Timer(0.2, taken.release)
    release.start()
    with request_scope("b", lambda: True) as known:
        known.hold(slots)
        assert known.seconds_left < 40.0
    release.join()


def test_a_request_keeps_its_slot_until_it_ends(settings: Settings) -> None:
    settings.LIMITED_WORK_SECONDS = 40.0
    with request_scope("a"):
        run_in_child(kind("echo"), {"say": ""})
        with request_scope("a"), pytest.raises(Busy):
            run_in_child(kind("echo"), {"say": ""})
        run_in_child(kind("echo"), {"say": ""})
    with request_scope("a"):
        run_in_child(kind("echo"), {"say": ""})


def test_one_process_waits_for_few_children() -> None:
    """So that other threads of it stay free, whatever is sent."""
    others = [Slots(f"test{number}", count=1, for_one_source=1) for number in range(scope.IN_ONE_PROCESS + 1)]
    scopes = [scope.Scope("a") for _ in others]
    for each, slots in zip(scopes[:-1], others[:-1], strict=True):
        each.hold(slots)
    with pytest.raises(Busy):
        scopes[-1].hold(others[-1])
    for each in scopes:
        each.release()
    scopes[-1].hold(others[-1])
    scopes[-1].release()


@pytest.mark.parametrize(("path", "kind_of_answer"), [("/person/photo/?a=1", "text/html"), ("/api/kiosk/v1/", "json")])
@pytest.mark.parametrize(("own", "status"), [(True, 429), (False, 503)])
@pytest.mark.django_db
def test_who_finds_no_slot_is_told_to_try_again(path: str, kind_of_answer: str, own: bool, status: int) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise AssertionError("not called")

    answer = LimitedWorkMiddleware(view).process_exception(RequestFactory().post(path), Busy(own=own))
    assert answer is not None
    assert answer.status_code == status
    assert answer["Retry-After"] == "5"
    assert kind_of_answer in answer["Content-Type"]
    if kind_of_answer == "text/html":
        assert "再试一次" in answer.text
        assert 'href="/person/photo/?a=1"' in answer.text

"""Slow partners hold few threads, and for few seconds: tried on real servers on this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client

from accounts.verification.http import PROVIDER
from certificates.ecert.timestamp import AUTHORITY
from common.web.bounded import Answer, HttpFailed
from common.web.http import Partner, PartnerAway, PartnerBusy
from enterprises.business_registry.client import REGISTRY
from enterprises.ca_login.cakey.ocsp import RESPONDER
from tests.factories import make_enterprise, make_operator

LONG = 120.0
"""Seconds: much longer than pages take that wait for nobody."""


@contextmanager
def silent_server() -> Iterator[str]:
    """Takes connections and never answers, as a stopped process does."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


class Switchable:
    """Answers 200, or 503 while it is broken; counts the questions."""

    def __init__(self) -> None:
        self.is_broken, self.asked = True, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                self.asked += 1
                status = b"503 Broken" if self.is_broken else b"200 OK"
                connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def server() -> Iterator[Switchable]:
    server = Switchable()
    yield server
    server.close()


@pytest.fixture
def partner() -> Iterator[Partner]:
    partner = Partner("test", places=2, failures=3, pause=LONG)
    yield partner
    Partner.known.remove(partner)


def ask(partner: Partner, url: str, timeout: float = 60) -> Answer:
    return partner.get(url, timeout=timeout, most=1000)


def ask_after_the_pause(partner: Partner, url: str) -> Answer:
    for address, until in partner._closed_until.items():
        assert 0 < until - time.monotonic() <= LONG
        partner._closed_until[address] = time.monotonic()
    return ask(partner, url)


def failure(partner: Partner, url: str, timeout: float = 60) -> tuple[type[HttpFailed], float]:
    started = time.monotonic()
    with pytest.raises(HttpFailed) as caught:
        ask(partner, url, timeout)
    return caught.type, time.monotonic() - started


def test_operations_7_two_wait_and_all_others_are_answered_at_once(partner: Partner) -> None:
    with ThreadPoolExecutor(8) as pool, silent_server() as url:
        waiting = [pool.submit(failure, partner, url, LONG) for _ in range(2)]
        while partner._places._value:
            time.sleep(0.05)
        answers = list(pool.map(lambda _: failure(partner, url, LONG), range(6)))
        assert not any(one.done() for one in waiting)
    assert [kind for kind, _ in answers] == [PartnerBusy] * 6
    assert max(seconds for _, seconds in answers) < LONG
    assert [one.result()[0] for one in waiting] == [HttpFailed] * 2
    with silent_server() as url:  # the places are free again
        kind, waited = failure(partner, url, 0.5)
    assert kind is HttpFailed
    assert waited >= 0.4


def test_operations_7_a_broken_partner_is_left_alone_and_tried_once(partner: Partner, server: Switchable) -> None:
    assert [ask(partner, server.url).status for _ in range(3)] == [503] * 3
    assert [failure(partner, server.url)[0] for _ in range(5)] == [PartnerAway] * 5
    assert server.asked == 3
    assert ask_after_the_pause(partner, server.url).status == 503  # the trial fails: closed again
    assert failure(partner, server.url)[0] is PartnerAway
    server.is_broken = False
    assert ask_after_the_pause(partner, server.url).status == 200
    assert [ask(partner, server.url).status for _ in range(3)] == [200] * 3
    assert server.asked == 8


def test_operations_7_one_address_says_nothing_about_another(partner: Partner, server: Switchable) -> None:
    with silent_server() as url:
        for _ in range(3):
            failure(partner, url, 0.1)
        assert failure(partner, url, 0.1)[0] is PartnerAway
    server.is_broken = False
    assert ask(partner, server.url).status == 200


def test_operations_7_every_partner_has_its_own_places() -> None:
    assert {partner.name for partner in Partner.known} >= {
        partner.name for partner in (REGISTRY, PROVIDER, AUTHORITY, RESPONDER)
    }
    assert len({id(partner) for partner in (REGISTRY, PROVIDER, AUTHORITY, RESPONDER)}) == 4


@pytest.mark.django_db
def test_operations_7_a_stopped_registry_holds_no_other_page(client: Client, settings: Any) -> None:
    client.force_login(make_operator(make_enterprise()), backend="django.contrib.auth.backends.ModelBackend")
    with ThreadPoolExecutor(2) as pool, silent_server() as url:  # as it goes, nobody waits for it any longer
        waiting = [pool.submit(failure, REGISTRY, url, LONG) for _ in range(2)]
        while REGISTRY._places._value:
            time.sleep(0.05)
        settings.REGISTRY_URL, settings.REGISTRY_KEY = url, "key"
        page = client.post("/enterprise/profile/sync/", follow=True).text
        assert "工商登记系统应答很慢" in page
        assert "请一分钟后再试" in page
        assert client.get("/healthz").status_code == 200
        assert client.get("/enterprise/profile/").status_code == 200
        assert not any(one.done() for one in waiting)

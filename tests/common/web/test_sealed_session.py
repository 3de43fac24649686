"""Values that a session keeps between two pages."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.utils import timezone

from common.encryption import encrypt_text
from common.web.sealed_session import SealedValue
from tests.clock import clock_at

VALUE = SealedValue("test_value", lifetime=timedelta(minutes=10))


@pytest.fixture
def request_with_session() -> HttpRequest:
    request = HttpRequest()
    request.session = SessionStore()
    return request


def test_a_value_is_encrypted_and_stays_until_it_is_taken(request_with_session: HttpRequest) -> None:
    VALUE.put(request_with_session, {"number": "360102199001011234"})
    assert "360102199001011234" not in json.dumps(dict(request_with_session.session.items()))
    assert VALUE.peek(request_with_session) == {"number": "360102199001011234"}
    assert VALUE.is_kept(request_with_session)
    assert VALUE.take(request_with_session) == {"number": "360102199001011234"}
    assert VALUE.take(request_with_session) is None


@pytest.mark.parametrize("shift", [timedelta(minutes=10, seconds=1), timedelta(seconds=-1)], ids=["over", "future"])
def test_a_value_counts_only_within_its_lifetime(request_with_session: HttpRequest, shift: timedelta) -> None:
    VALUE.put(request_with_session, "kept")
    with clock_at(timezone.now() + shift):
        assert VALUE.peek(request_with_session) is None
    assert VALUE.key not in request_with_session.session


def test_another_content_gets_no_more_time(request_with_session: HttpRequest) -> None:
    VALUE.put(request_with_session, "first")
    with clock_at(timezone.now() + timedelta(minutes=9)):
        VALUE.replace(request_with_session, "second")
        assert VALUE.peek(request_with_session) == "second"
    with clock_at(timezone.now() + timedelta(minutes=11)):
        VALUE.replace(request_with_session, "third")
        assert VALUE.peek(request_with_session) is None


def test_a_value_of_another_making_is_dropped(request_with_session: HttpRequest) -> None:
    for made_before in (
        {"password": "x", "at": 1.0},
        [1, 2],
        encrypt_text(json.dumps({"at": timezone.now().timestamp()})),
    ):
        request_with_session.session[VALUE.key] = made_before
        assert VALUE.peek(request_with_session) is None
        assert VALUE.key not in request_with_session.session


@pytest.mark.parametrize("content", ["garbage", "[]", "{}", "1"])
def test_what_cannot_be_read_is_dropped(request_with_session: HttpRequest, content: str) -> None:
    sealed = content if content == "garbage" else encrypt_text(content)
    request_with_session.session[VALUE.key] = sealed
    assert VALUE.peek(request_with_session) is None
    assert VALUE.key not in request_with_session.session

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

from .story import DESK, Enter

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("e2e")


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """`page.goto("/login/")` opens a page of the portal as it runs with this test's database."""
    return live_server.url


@pytest.fixture
def enter(browser: Browser, base_url: str, browser_context_args: dict[str, Any]) -> Iterator[Enter]:
    """A browser of one user each; CA keys and second factors of the login are tested with the logins."""
    contexts: list[BrowserContext] = []

    def open_for(user: User, *, javascript: bool = True, width: int = DESK) -> Page:
        request = HttpRequest()
        request.session = SessionStore()
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        request.session.save()
        context = browser.new_context(
            **{**browser_context_args, "base_url": base_url},
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
        )
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": str(request.session.session_key), "url": base_url}])
        contexts.append(context)
        return context.new_page()

    yield open_for
    for context in contexts:
        context.close()

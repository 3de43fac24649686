"""Compares the public pages with their own templates, which the same handler and middleware draw without a database.

A template gets the very context that its page had, so that a ratio of 0.5 means that reading costs as much as drawing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.test.signals import template_rendered
from django.test.utils import setup_test_environment, teardown_test_environment
from django.urls import include, path

from administration.models import RequestCount
from certificates.models import CertificateVersion

from .measure import client_of, recorded
from .pages import NOBODY, PERSON

ROUNDS, EACH = 8, 10
MILLISECONDS = 1000


@dataclass(frozen=True)
class Rate:
    """The unit is milliseconds of CPU of this process for one request, the least of `ROUNDS` rounds."""

    name: str
    queries: int
    page_ms: float
    template_ms: float

    @property
    def ratio(self) -> float:
        return round(self.template_ms / self.page_ms, 2)

    def as_row(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio}


_kept: dict[str, Any] = {}


def draw(request: HttpRequest) -> HttpResponse:
    return render(request, _kept["template"], _kept["context"])


urlpatterns = [path("bench/template/", draw), path("", include("jxcloud.urls"))]


def rates() -> list[Rate]:
    """The limits of how often one address may ask are taken back after each round."""
    version = CertificateVersion.objects.select_related("certificate").order_by("pk")[5]
    wanted = {"number": version.certificate.number, "name": version.name}
    guest, person = client_of(NOBODY), client_of(PERSON)
    with override_settings(ROOT_URLCONF=__name__):
        return [
            _rate("QR page", guest, lambda: guest.get(f"/v/{version.token}/")),
            _rate("lookup", guest, lambda: guest.post("/lookup/", wanted)),
            _rate("home of a person", person, lambda: person.get("/person/")),
            _rate("certificates of a person", person, lambda: person.get("/person/certificates/")),
        ]


def _rate(name: str, client: Client, ask: Callable[[], Any]) -> Rate:
    ask()
    _kept.update(_drawn(ask))
    _, statements = recorded(ask)
    page, template = [], []
    for _ in range(ROUNDS):
        page.append(_spent(ask))
        RequestCount.objects.all().delete()
        template.append(_spent(lambda: client.get("/bench/template/")))
    return Rate(name, len(statements), round(min(page), 2), round(min(template), 2))


def _spent(ask: Callable[[], Any]) -> float:
    started = time.process_time()
    for _ in range(EACH):
        answer = ask()
    spent = time.process_time() - started
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} instead of a page")
    return spent * MILLISECONDS / EACH


def _drawn(ask: Callable[[], Any]) -> dict[str, Any]:
    """Answers the page's template and what its view gave it."""
    seen: list[tuple[str, dict[str, Any]]] = []

    def keep(sender: Any, template: Any, context: Any, **_: Any) -> None:
        seen.append((template.name, context.flatten()))

    setup_test_environment(debug=False)
    template_rendered.connect(keep)
    try:
        ask()
    finally:
        template_rendered.disconnect(keep)
        teardown_test_environment()
    name, context = seen[0]
    return {"template": name, "context": context}

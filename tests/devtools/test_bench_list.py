"""The bench leaves out no page that lists rows."""

from __future__ import annotations

from django.contrib import admin
from django.urls import resolve

from devtools.bench.pages import NOT_MEASURED, PAGES, REGISTRIES
from portal.admin_site import load_registries
from tests.guards.test_addresses import ALL


def test_every_address_is_measured_or_named_with_a_reason() -> None:
    named = [route for routes in NOT_MEASURED.values() for route in routes]
    assert sorted(named) == sorted(set(named))
    measured = {resolve(page.address.partition("?")[0]).route for page in PAGES}
    opened = {
        route
        for route, pattern in ALL.items()
        if "<" not in route and not getattr(pattern.callback, "post_only", False)
    }
    assert opened - measured == set(named)


def test_every_registry_is_measured() -> None:
    load_registries()
    assert sorted(f"{model._meta.app_label}/{model._meta.model_name}" for model in admin.site._registry) == list(
        REGISTRIES
    )

"""Gives every page its navigation."""

from __future__ import annotations

from django.http import HttpRequest

from .navigation.rendering import Navigation, navigation_of


def navigation(request: HttpRequest) -> dict[str, Navigation]:
    """Gives base.html `navigation`: the menu to which this page belongs, and who is logged in."""
    return {"navigation": navigation_of(request)}

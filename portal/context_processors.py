"""The navigation, for every page."""

from __future__ import annotations

from django.http import HttpRequest

from .navigation.rendering import Navigation


def navigation(request: HttpRequest) -> dict[str, Navigation]:
    """`navigation` for base.html: the menu of the door that this page is behind, and who is logged in."""
    return {"navigation": Navigation(request)}

"""Builds the whole demonstration: every registered builder runs once, in its order, on one context."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from .builders import BUILDERS, discover_builders
from .context import DemoContext


def build_demo() -> DemoContext:
    """Fills an empty database; `var/demo.json` lists the logins."""
    discover_builders()
    now = timezone.now()
    context = DemoContext(today=timezone.localdate(now), now=now)
    for builder in BUILDERS:
        builder(context)
    context.write_logins(settings.VAR / "demo.json")
    return context

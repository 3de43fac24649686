"""Counts the statistics of the demonstration, which otherwise would be empty until the first night."""

from __future__ import annotations

from portal.statistics.services import refresh

from .builders import demo_builder
from .context import DemoContext


@demo_builder("statistics", order=119)
def build(context: DemoContext) -> None:
    refresh(now=context.now)

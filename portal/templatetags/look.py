"""Declares template tags for the look of Django's admin."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from common.findings import Finding, blocking

register = template.Library()


@register.filter
def blocking_count(findings: Iterable[Finding]) -> int:
    return len(blocking(findings))

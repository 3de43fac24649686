"""Declares the template tag that leads from a guide to the page on which its business can be tried."""

from __future__ import annotations

from django import template
from django.urls import reverse

from portal.home.beforehand.kinds import kind_of

register = template.Library()


@register.simple_tag
def can_be_tried(kind: str) -> str:
    """Answers "" where the questions of this business are not asked beforehand."""
    return reverse("beforehand_kind", args=[kind]) if kind_of(kind) is not None else ""

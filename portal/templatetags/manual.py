"""Declares the template tag that leads from a business to its chapter of the manual."""

from __future__ import annotations

from django import template

from portal.home.manual.chapters import Chapter, chapter_of_business

register = template.Library()


@register.simple_tag
def manual_chapter(kind: str) -> Chapter | None:
    return chapter_of_business(kind)

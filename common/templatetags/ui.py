"""Declares the filters and tags of every page: `{% load ui %}`."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from common import dates
from common.findings import Cure, Finding
from common.forms import MISSING, missing
from common.text import masking
from common.web.addresses import speakable_path

register = template.Library()


@register.filter
def chinese_date(day: date | None) -> str:
    return dates.chinese_date(day) if day else ""


@register.filter
def chinese_datetime(moment: datetime | None) -> str:
    return dates.chinese_datetime(moment) if moment else ""


@register.filter
def mask_name(name: str | None) -> str:
    return masking.mask_name(name or "")


@register.filter
def mask_id(id_number: str | None) -> str:
    return masking.mask_id_number(id_number or "")


@register.filter
def mask_phone(phone: str | None) -> str:
    return masking.mask_phone(phone or "")


def cure_address(cure: Cure) -> str | None:
    """Answers None if the page or the business is unknown here."""
    if not (cure.business or cure.url_name):
        return None
    try:
        name, kwargs = ("workflow:start", {"kind": cure.business}) if cure.business else (cure.url_name, cure.kwargs)
        address = reverse(name, kwargs=dict(kwargs))
    except NoReverseMatch:
        return None  # a guard test resolves every cure; a reader still gets the words
    return f"{address}?{urlencode(cure.query)}" if cure.query else address


@register.simple_tag
def hotline() -> str:
    """Answers the telephone number that the foot of every page names."""
    number: str = settings.SERVICE_HOTLINE
    return number


@register.simple_tag(takes_context=True)
def feedback_address(context: template.Context) -> str:
    """Answers where the reader says something about this page; its path goes along, and its query never.

    The form itself is about the page from which the reader came.
    """
    address, request = reverse("feedback"), getattr(context, "request", None)
    if request is None:
        return address
    is_form = request.path_info == address
    path, match = (request.GET.get("page", ""), None) if is_form else (request.path_info, request.resolver_match)
    page = speakable_path(path, match)
    return f"{address}?{urlencode({'page': page})}" if page else address


@register.simple_tag
def cure(what: Cure | None, css_class: str = "cure", about: str = "") -> str | SafeString:
    """Writes a link, or only the words where there is no such page; nothing for None: `{% cure finding.cure %}`.

    `about` tells links of the same words apart for those who hear them: the name of the row.
    """
    if not what:
        return ""
    address = cure_address(what)
    if address is None:
        return format_html('<span class="{}">{}</span>', css_class, what.label)
    heard = format_html('<span class="visually-hidden">：{}</span>', about) if about else ""
    return format_html('<a class="{}" href="{}">{}{}</a>', css_class, address, what.label, heard)


_NAMES_OF_READERS = {"person": ("本人",), "operator": ("企业", "本企业")}
"""A rule names whose turn it is without knowing who will read it."""


@register.simple_tag(takes_context=True)
def whose_turn(context: template.Context, finding: Finding) -> str:
    """Answers who has to act, and nothing where the reader is the one whom the sentence asks already."""
    if finding.met or not finding.turn:
        return ""
    user = getattr(getattr(context, "request", None), "user", None)
    is_reader = finding.turn in _NAMES_OF_READERS.get(getattr(user, "sphere", ""), ())
    return "" if is_reader else f"由{finding.turn}办理。"


@register.filter
def said_of(error: str, field: BoundField) -> str:
    """Names the field in the sentence of one that was left empty."""
    return missing(field) if error == MISSING else error


@register.simple_tag
def error_line(field: BoundField, error: str) -> str:
    """Answers the line of the summary: the label stands before it unless the sentence names the field, or it is a tick."""
    said, label = said_of(error, field), str(field.label)
    is_tick = isinstance(field.field.widget, CheckboxInput)
    asks_for_it = said.startswith("请") and label in said
    return said if said != error or is_tick or asks_for_it else f"{Truncator(label).chars(20)}：{said}"

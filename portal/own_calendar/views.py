"""Sends a person's days as a calendar file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from accounts.access.decorators import person_required
from accounts.access.requests import person_of
from common.text.icalendar import CONTENT_TYPE, calendar_file
from common.web.downloads import content_to_save

from .selectors import days_of


@person_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    content = calendar_file("安管人员证书", days_of(person_of(request).pk, today=localdate()), now=now())
    return content_to_save(content, name="安管人员证书日历.ics", content_type=CONTENT_TYPE)

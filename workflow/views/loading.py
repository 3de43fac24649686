"""Loading with access in one place, and what several pages do alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse

from accounts.enums import Sphere
from common.findings import Finding, Refused
from common.web.paging import KeysetPage, paginate
from workflow.actors import Actor
from workflow.business import Business, UnknownBusiness, business_of
from workflow.enums import Party
from workflow.models import Application, Event
from workflow.permissions import DUTY_OF_DESK, desks_of, holds, holds_but_for_four_eyes, is_filer, visible
from workflow.selectors.content import attachments_of, files_of, form_rows, private_rows
from workflow.selectors.lists import PARTIES, Row, rows_of

NO_DESK = "办件只供办理人员查阅，需要“{}”中的一项职责，您的账号没有。需要时请联系本单位的系统管理员。".format(
    "、".join(duty.label for duty in DUTY_OF_DESK.values())
)
ACTING = (Sphere.PERSON, Sphere.OPERATOR, Sphere.STAFF)
"""Who has to do with applications; administrators have not."""


def business_or_404(kind: str) -> Business:
    try:
        return business_of(kind)
    except UnknownBusiness as error:
        raise Http404("没有这项业务") from error


def address_of(business: Business) -> str:
    """Where it is started; "" where that page is not served here."""
    if business.start_on_web:
        return reverse("workflow:start", args=[business.kind])
    if not business.start_url_name:
        return ""
    try:
        return reverse(business.start_url_name)
    except NoReverseMatch:  # its page belongs to an app that is not served here
        return ""


def load_visible(actor: Actor, number: str) -> Application:
    """Foreign and unknown applications are answered alike. Of an office only those open cases who decide on some."""
    if actor.party == Party.OFFICE and not desks_of(actor):
        raise PermissionDenied(NO_DESK)
    return get_object_or_404(Application.objects.filter(visible(actor)).select_related(*PARTIES), number=number)


def page_of_rows(
    request: HttpRequest, queryset: Any, actor: Actor, *, order: tuple[str, ...]
) -> tuple[KeysetPage[Application], list[Row]]:
    page = paginate(queryset, order=order, cursor=request.GET.get("cursor"))
    return page, rows_of(page.items, actor)


def content_context(application: Application, actor: Actor) -> dict[str, Any]:
    """What every page about one application shows of its content."""
    business = business_of(application.kind)
    (row,) = rows_of([application], actor)
    own = is_filer(actor, application)
    return {
        "application": application,
        "business": business,
        "row": row,
        "form_rows": [pair for pair in form_rows(application, shows_private=own) if not _is_said(pair[0], row)],
        # Offices read them in full on a page of their own, which notes it.
        "has_masked": actor.party == Party.OFFICE and bool(private_rows(application, shows_private=False)),
        "extra": business.content(application),
        "files": files_of(business, attachments_of(application)),
        "content_template": business.content_template,
    }


def _is_said(label: str, row: Row) -> bool:
    """A business that describes its own values (合同期) does not need them once more (合同期起)."""
    return any(label.startswith(said) for said, _ in row.about)


def for_reader(findings: Iterable[Finding], actor: Actor) -> list[Finding]:
    """Most cures lead to the applicant's own pages: others read what is missing and whose turn it is, without the link."""
    if actor.party == Party.PERSON:
        return list(findings)
    return [finding if _is_of_offices(finding, actor) else replace(finding, cure=None) for finding in findings]


def _is_of_offices(finding: Finding, actor: Actor) -> bool:
    return actor.party == Party.OFFICE and finding.cure is not None and finding.cure.url_name == "workflow:review"


def told_by(application: Application) -> str:
    """Who acted last, for somebody who came too late."""
    last = Event.objects.filter(application=application).order_by("-pk").first()
    if last is None:
        return "这件业务的状态已经改变。"
    who = " ".join(filter(None, [last.acting_for, last.actor_name])) or "系统"
    return f"这件业务刚刚由{who}处理（{last.get_action_display()}），您的操作没有生效。"


def too_late_or(refused: Refused, fresh: Application, actor: Actor) -> list[Finding]:
    """The reasons; if somebody else was faster, who that was instead of a remark about queues."""
    if holds_but_for_four_eyes(actor, fresh):
        return for_reader(refused.findings, actor)
    if not holds(actor, fresh) and any(finding.code == "workflow.not_now" for finding in refused.findings):
        return [Finding("workflow.conflict", told_by(fresh))]
    return for_reader(refused.findings, actor)

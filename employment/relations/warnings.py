"""Says before an employment ends what is under way at the enterprise, for the page on which it is ended."""

from __future__ import annotations

from collections.abc import Callable

from common.findings import Finding, Level
from common.registry import Registry
from employment.models import Employment
from workflow.business import business_of
from workflow.enums import OFFICE_DESKS
from workflow.models import Application

Warn = Callable[[Employment], list[Finding]]
WARNINGS: Registry[Warn] = Registry("warning before the end of an employment")
"""Apps that depend on this one add what they know."""


def warnings_of(employment: Employment) -> list[Finding]:
    return [*_open_applications(employment), *(finding for warn in WARNINGS for finding in warn(employment))]


def _open_applications(employment: Employment) -> list[Finding]:
    rows = Application.objects.filter(
        is_open=True, person=employment.person_id, enterprise=employment.enterprise_id
    ).order_by("pk")
    return [_finding(application) for application in rows]


def _finding(application: Application) -> Finding:
    where = "主管部门正在办理" if application.desk in OFFICE_DESKS else application.get_desk_display()
    return Finding(
        "employment.open_application",
        f"{business_of(application.kind).title} {application.number}还没有办完",
        f"现在的环节：{where}。解除后会再核对聘用关系，不符合条件的不能通过；可以等办完后再解除。",
        Level.ADVISORY,
    )

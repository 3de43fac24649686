"""Says before an employment ends what is under way at the enterprise: what ends with it, what stays, what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from common.findings import Cure, Finding, Level
from common.registry import Registry
from employment.models import Employment, EmploymentItem
from workflow.business import business_of
from workflow.checks import Case, Facts
from workflow.enums import OFFICE_DESKS, Party
from workflow.models import Application

Found = dict[int, list[Finding]]
Warn = Callable[[Sequence[Employment]], Found]
WARNINGS: Registry[Warn] = Registry("warning before the end of an employment")
"""Apps that depend on this one add what they know; each answers by employment, in a constant number of queries."""


def warnings_of(employment: Employment) -> list[Finding]:
    return warnings_for([employment])[employment.pk]


def warnings_for(employments: Sequence[Employment]) -> Found:
    found = _open_applications(employments)
    for warn in WARNINGS:
        for pk, findings in warn(employments).items():
            found[pk] += findings
    return found


def what_is_under_way(case: Case, facts: Facts) -> list[Finding]:
    """Whoever asks for the end and whoever agrees to it read the same as the enterprise that ends it by itself."""
    known = facts(_warnings_of_cases)
    return [finding for pk in case.subjects for finding in known.get(pk, [])]


def _warnings_of_cases(cases: Sequence[Case]) -> Found:
    wanted = {pk for case in cases for pk in case.subjects}
    return warnings_for(list(Employment.objects.filter(pk__in=wanted).order_by("pk")))


def _open_applications(employments: Sequence[Employment]) -> Found:
    """Leaves out the requests to end these employments; proposals to change them are told."""
    found: Found = {row.pk: [] for row in employments}
    parties = {(row.person_id, row.enterprise_id): row.pk for row in employments}
    rows = Application.objects.filter(
        is_open=True, person__in={person for person, _ in parties}, enterprise__in={one for _, one in parties}
    )
    items = EmploymentItem.objects.filter(is_open=True, employment__in=found)
    about = dict(items.values_list("application_id", "employment_id"))
    for application in rows.order_by("pk"):
        pk = parties.get((application.person_id or 0, application.enterprise_id or 0))
        if pk is None:
            continue
        if application.pk not in about:
            found[pk].append(_goes_on(application))
        elif application.filed_by == Party.ENTERPRISE:
            found[pk].append(_ends(application))
    return found


def _goes_on(application: Application) -> Finding:
    where = "主管部门正在办理" if application.desk in OFFICE_DESKS else application.get_desk_display()
    return Finding(
        "employment.open_application",
        f"{_title(application)}还没有办完",
        f"现在的环节：{where}。解除后申请不会自动撤回，但会再核对聘用关系，不符合条件的不能通过；可以等办完后再解除，或先撤回申请。",
        Level.ADVISORY,
        cure=_look_at(application),
    )


def _ends(application: Application) -> Finding:
    words = "解除后，这次续签、变更随之终止。"
    return Finding(
        "employment.open_renewal",
        f"{_title(application)}等待本人确认",
        words,
        Level.ADVISORY,
        cure=_look_at(application),
    )


def _title(application: Application) -> str:
    return f"{business_of(application.kind).title} {application.number}"


def _look_at(application: Application) -> Cure:
    return Cure("查看办件", url_name="workflow:detail", kwargs={"number": application.number})

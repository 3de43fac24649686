"""Public guides, written by the declarations themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.access import public
from administration.parameters import ParameterBook

from ..business import Business, Escalate, Lapse, Step, businesses, condition_of
from ..enums import Party
from ..selectors.progress import clock_text, step_label
from .common import business_or_404


@public
@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    sections: dict[str, list[Business]] = {}
    for business in businesses():
        sections.setdefault(business.section, []).append(business)
    return render(request, "workflow/guides.html", {"sections": list(sections.items())})


@public
@require_safe
def guide(request: HttpRequest, kind: str) -> HttpResponse:
    business = business_or_404(kind)
    parameters = ParameterBook.load()
    conditions = dict.fromkeys(filter(None, map(condition_of, business.checks)))
    context = {
        "business": business,
        "filed_by": "、".join(Party(party).label for party in Party if party in business.filed_by),
        "steps": [_step(business, step, parameters) for step in business.steps],
        "conditions": list(conditions),
        "files": business.attachments,
    }
    return render(request, "workflow/guide.html", context)


def _step(business: Business, step: Step, parameters: ParameterBook) -> dict[str, Any]:
    remarks = []
    if step.applies is not None:
        remarks.append("部分申请由这个环节办理")
    if step.skip is not None:
        remarks.append("不适用时自动跳过")
    if step.second_verification:
        remarks.append("在手机端验证身份后办理")
    if step.originals:
        remarks.append("携带身份证和证书原件到现场核验")
    if isinstance(step.silent, Lapse):
        remarks.append("逾期没有处理的，办理终止")
    elif isinstance(step.silent, Escalate):
        remarks.append("逾期没有处理的，转下一环节核实")
    clock = clock_text(business, step, parameters, localdate())
    return {"label": step_label(step), "clock": clock, "remarks": "；".join(remarks)}

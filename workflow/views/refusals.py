"""Words refusals as the reader at hand may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from common.findings import Finding, Refused
from workflow.actors import Actor
from workflow.enums import CHANGE_NOTHING, INSIDE_OFFICES, Desk, Party
from workflow.models import Application
from workflow.permissions import holds, holds_but_for_four_eyes
from workflow.selectors.events import last_event
from workflow.selectors.lists import is_at_filer


def for_reader(findings: Iterable[Finding], actor: Actor) -> list[Finding]:
    """Most cures lead to the applicant's own pages, so others read what is missing and whose turn it is, without the
    link.
    """
    if actor.party == Party.PERSON:
        return list(findings)
    return [finding if _is_of_offices(finding, actor) else replace(finding, cure=None) for finding in findings]


def _is_of_offices(finding: Finding, actor: Actor) -> bool:
    return actor.party == Party.OFFICE and finding.cure is not None and finding.cure.url_name == "workflow:review"


def told_by(application: Application, *, ignoring: Collection[str] = ()) -> str:
    """Tells somebody who came too late who acted last."""
    last = last_event(application, ignoring=[*CHANGE_NOTHING, *ignoring])
    if last is None:
        return "这件业务的状态已经改变。"
    who = " ".join(filter(None, [last.acting_for, last.actor_name])) or "系统"
    return f"这件业务刚刚由{who}处理（{last.get_action_display()}），您的操作没有生效。"


def where_now(application: Application) -> str:
    """Tells a former office where a case is now, by what it may know: another office by its name, others by their part."""
    number = application.number
    if not application.is_open:
        return f"{number} 已不在本部门，结果：{application.get_status_display()}。"
    office = application.holder_office
    part = "申请人" if is_at_filer(application) else Desk(application.desk).label
    return f"{number} 已不在本部门办理，现在由{office.name if office else part}办理。"


def too_late_or(refused: Refused, fresh: Application, actor: Actor) -> list[Finding]:
    """Answers the reasons; if somebody else was faster, it names them instead of a remark about queues."""
    if holds_but_for_four_eyes(actor, fresh):
        return for_reader(refused.findings, actor)
    if not holds(actor, fresh) and any(finding.code == "workflow.not_now" for finding in refused.findings):
        said = told_by(fresh, ignoring=() if actor.party == Party.OFFICE else INSIDE_OFFICES)
        return [Finding("workflow.conflict", said)]
    return for_reader(refused.findings, actor)

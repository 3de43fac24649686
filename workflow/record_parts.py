"""Declares how applications and bars follow when two records of one person are merged, and end with a death."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.deaths.steps import DEATH_STEPS, DeathStep
from accounts.merging.parts import CONFLICTS, declare_part
from accounts.models import Person
from common.dates import chinese_date
from common.findings import Finding

from .business import business_of
from .enums import Party
from .models import Application, Bar, Event
from .services.death import close_open, enterprises_of_open, name_closed, name_open


def _application(row: Application) -> str:
    return f"{business_of(row.kind).title} {row.number}，{row.get_status_display()}"


def _bar(row: Bar) -> str:
    return f"{row.get_scope_display()}，{chinese_date(row.starts_on)} 至 {chinese_date(row.ends_on)}{'（已解除）' if row.lifted_at else ''}"


def _acted_since(ids: Collection[int], since: datetime) -> dict[int, str]:
    """Whoever acted on an application after the merge has built on it; what the system did by itself does not count."""
    events = Event.objects.filter(application__in=ids, at__gt=since, actor__isnull=False).order_by("pk")
    rows = events.values_list("application_id", "application__number")
    return {pk: f"{number} 合并后又有人办理" for pk, number in rows}


def _both_open(kept: Person, gone: Person) -> list[Finding]:
    rows = list(Application.objects.filter(person__in=[kept, gone], is_open=True).order_by("pk"))
    if len({row.person_id for row in rows}) < 2:
        return []
    names = "、".join(f"{business_of(row.kind).title} {row.number}" for row in rows)
    detail = f"{names}。合并后同一人的办件会互相冲突：请先办结，或由申请方撤回其中一份登记的办件。"
    filers = {"本人" if row.filed_by == Party.PERSON else "企业" for row in rows}
    return [Finding("merge.both_open", "两份登记都有在办的业务", detail, turn="、".join(sorted(filers)))]


declare_part("workflow.Application.person", "办件", order=20, name=_application, built_on=_acted_since)
declare_part("workflow.Application.holder_person", "等待本人办理的办件", order=21)
declare_part("workflow.Bar.person", "限制", order=25, name=_bar)
CONFLICTS.register("workflow.both_open", _both_open)
DEATH_STEPS.register("applications", DeathStep(name_open, close_open, name_closed, enterprises_of_open), order=10)

"""Declares how employments follow when two records of one person are merged, and end with a death."""

from __future__ import annotations

from accounts.deaths.steps import DEATH_STEPS, DeathStep
from accounts.merging.parts import CONFLICTS, declare_part
from accounts.models import Person
from common.findings import Finding

from .ending.death import employers, end_active, name_active, restore_ended
from .models import Employment


def _employment(row: Employment) -> str:
    return f"{row.enterprise.name}，{row.post_labels}，{'在聘' if row.is_active else row.get_end_reason_display()}"


def _both_employed(kept: Person, gone: Person) -> list[Finding]:
    rows = Employment.objects.active().filter(person__in=[kept, gone]).select_related("enterprise").order_by("pk")
    names = [row.enterprise.name for row in rows]
    if len(names) < 2:
        return []
    detail = (
        f"分别在{'和'.join(names)}。一个人同时只能有一个聘用关系：请核实本人现在的单位，由另一家企业解除，"
        "企业不解除的，由主管部门凭材料解除，然后再合并。"
    )
    return [Finding("merge.both_employed", "两份登记都有在聘的单位", detail, turn="企业")]


declare_part("employment.Employment.person", "聘用关系", order=22, name=_employment, related=("enterprise",))
CONFLICTS.register("employment.both_employed", _both_employed)
DEATH_STEPS.register("employments", DeathStep(name_active, end_active, restore_ended, employers), order=20)

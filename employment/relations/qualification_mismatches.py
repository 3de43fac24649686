"""Finds qualifications of employees that are registered at another enterprise than their employer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from common.findings import Finding, Level
from employment.models import Employment
from enterprises.models import Qualification
from enterprises.register.selectors import qualifications_in_force


def registered_elsewhere(employments: Sequence[Employment], *, on: date) -> dict[int, list[Finding]]:
    """Maps an employment to its advisories, in one query; the employments must come with their persons."""
    known = qualifications_in_force({row.person.id_number_index for row in employments}, on=on)
    return {
        row.pk: [
            _finding(one)
            for one in known.get(row.person.id_number_index, [])
            if one.enterprise_id is not None and one.enterprise_id != row.enterprise_id
        ]
        for row in employments
    }


def _finding(one: Qualification) -> Finding:
    place = one.enterprise.name if one.enterprise else ""
    specialty = f"（{one.specialty}）" if one.specialty else ""
    return Finding(
        "qualification.elsewhere",
        f"{one.get_kind_display()}{specialty}的注册单位是{place}",
        f"编号{one.number}，与现在的聘用单位不一致，会影响证书使用和企业业务办理。请在原注册系统办理变更注册，数据更新后这里自动消失。",
        Level.ADVISORY,
        turn="本人",
        facts={"number": one.number},
    )

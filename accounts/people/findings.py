"""Words the findings about a person that several apps give."""

from __future__ import annotations

from dataclasses import replace

from accounts.models import Person
from common.dates import chinese_date
from common.findings import Cure, Finding

POINTS = Cure("查看登记地点", "accounts:registration_points")
NOT_REGISTERED = Finding(
    "person.not_registered",
    "未完成实名制登记",
    "请本人携带身份证原件，到就近的住房城乡建设主管部门或行政审批局登记身份证和人像信息。",
    turn="本人",
    cure=POINTS,
)
UNKNOWN_NUMBER = replace(
    NOT_REGISTERED,
    message="该人员未完成实名制登记",
    detail=f"没有查到这个身份证号码的登记信息。请核对号码；号码无误的，{NOT_REGISTERED.detail}",
)


def has_died(person: Person) -> Finding:
    """Answers a finding about somebody whose death is recorded."""
    if person.died_on is None:
        raise TypeError("only of a person who has died")
    return Finding(
        "person.died",
        f"{person.name}已登记死亡（{chinese_date(person.died_on)}）",
        "已登记死亡的人不能再办理业务。登记有误的，由本人持身份证到登记点申请撤销死亡登记。",
        turn="登记点",
        cure=POINTS,
    )

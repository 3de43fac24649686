"""Declares checks that several businesses share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from accounts.people.findings import NOT_REGISTERED, has_died
from common.dates import chinese_date
from common.findings import Cure, Finding, satisfied

from .checks import Case, Facts, condition
from .facts import bars, enterprises, persons
from .selectors.bars import in_words, longest


@condition("已完成实名制登记")
def real_name_registered(case: Case, facts: Facts) -> Finding:
    person = facts(persons)[case.person_id] if case.person_id else None
    if person is None or not person.is_registered:
        return NOT_REGISTERED
    if person.merged_into_id is not None:
        return Finding(
            "person.merged",
            "这份人员登记已并入另一份",
            "请按此人保留的身份证号码重新查询后办理；记录都已归到保留的登记。",
            turn="申请方",
        )
    if person.died_on is not None:
        return has_died(person)
    if person.quarantined_reason:
        return Finding("person.quarantined", "身份信息待核实", person.quarantined_reason, turn="实名制登记部门")
    office = f"，{person.registered_at_office.name}" if person.registered_at_office else ""
    registered = person.registered_at
    return satisfied(
        NOT_REGISTERED.code, "已完成实名制登记", f"{chinese_date(registered.date()) if registered else ''}{office}"
    )


@condition("已上传个人证件照")
def has_id_photo(case: Case, facts: Facts) -> Finding:
    person = facts(persons)[case.person_id] if case.person_id else None
    if person is None or not person.has_id_photo:
        return Finding(
            "person.no_id_photo",
            "未上传个人证件照",
            "没有证件照无法签发电子证书。由本人上传，约 2 分钟。",
            turn="本人",
            cure=Cure("上传证件照", url_name="accounts:photo"),
        )
    return satisfied("person.no_id_photo", "已上传个人证件照")


@condition("企业登记状态正常（没有注销、吊销）")
def enterprise_exists(case: Case, facts: Facts) -> Finding | None:
    enterprise = facts(enterprises).get(case.enterprise_id) if case.enterprise_id else None
    if enterprise is None:
        return None
    if enterprise.is_gone:
        return Finding(
            "enterprise.gone",
            f"{enterprise.name}已{enterprise.get_status_display()}",
            "已注销或吊销的企业不能再办理业务。",
            cure=Cure("查看聘用关系", url_name="employment:mine"),
        )
    return satisfied("enterprise.gone", "企业登记状态正常", enterprise.name)


@condition("不在限制申请的期限内")
def not_barred(case: Case, facts: Facts) -> Iterator[Finding]:
    """The rule applies to every stage and judges by the day of each check."""
    scopes = set(case.business.bar_scopes(case))
    own = [
        bar
        for bar in facts(bars).get(case.person_id or 0, [])
        if bar.scope in scopes and bar.starts_on <= case.on <= bar.ends_on
    ]
    for bar in longest(own):
        document = f"（{bar.document_number}）" if bar.document_number else ""
        free = chinese_date(bar.ends_on + timedelta(days=1))
        yield Finding(
            f"bar.{bar.scope}",
            in_words(bar),
            f"依据：{bar.source}{document}。{free}起可以申请。",
            turn="本人",
            facts={"until": bar.ends_on},
        )
    if not own:
        yield satisfied("bar.none", "不在限制申请的期限内")

"""Checks an enterprise before its certificates are reissued under its new name."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.timezone import localdate

from certificates.renaming.report import renamed_on, reports_of
from common.dates import chinese_date, chinese_datetime
from common.findings import Cure, Finding, satisfied
from workflow.checks import Case, Facts, condition
from workflow.facts import enterprises

SHOWN = 20


PROFILE = Cure("去企业基本信息", url_name="enterprises:profile")


@condition("企业登记状态正常（没有注销、吊销）")
def enterprise_in_force(case: Case, facts: Facts) -> Finding:
    enterprise = facts(enterprises)[case.enterprise_id or 0]
    if enterprise.is_gone:
        return Finding(
            "enterprise.gone",
            f"企业已{enterprise.get_status_display()}",
            "已注销或吊销的企业不能办理企业名称变更，人员的证书通过执业企业变更转到新单位。",
            turn="企业",
            cure=PROFILE,
        )
    return satisfied("enterprise.gone", "企业登记状态正常")


@condition("已在“企业基本信息”同步工商信息，并确认了变更后的企业名称")
def registry_synced(case: Case, facts: Facts) -> Finding:
    """The synchronisation must follow the last change of name, because an office may have imported an unchecked one."""
    enterprise = facts(enterprises)[case.enterprise_id or 0]
    changed = facts(renamed_on).get(enterprise.pk)
    if enterprise.synced_at is None or (changed is not None and localdate(enterprise.synced_at) < changed):
        return Finding(
            "rename.not_synced",
            "尚未同步工商信息" if enterprise.synced_at is None else "企业名称变更后尚未同步工商信息",
            "请在“企业基本信息”点击“工商信息数据同步”，检查无误后确认，再发起申请。",
            turn="企业",
            cure=PROFILE,
        )
    return satisfied("rename.not_synced", "已同步工商信息", chinese_datetime(enterprise.synced_at))


@condition("同步结果中企业名称已变更，且有证书仍印着原名称")
def name_has_changed(case: Case, facts: Facts) -> Finding:
    enterprise, report = facts(enterprises)[case.enterprise_id or 0], facts(reports_of)[case.enterprise_id or 0]
    changed = facts(renamed_on).get(enterprise.pk)
    if not report.total:
        return Finding(
            "rename.nothing",
            "没有需要换发的证书" if changed else "工商登记的企业名称没有变化",
            f"本企业名下有效证书的企业名称都与工商登记一致（{enterprise.name}）。名称刚变更的，请先同步工商信息。",
            turn="企业",
            cure=PROFILE,
        )
    since = f"，{chinese_date(changed)}变更" if changed else ""
    return satisfied(
        "rename.nothing", "企业名称已变更", f"{'、'.join(report.former_names[:3])} → {enterprise.name}{since}"
    )


@condition("至少有一本证书可以换发：未被暂扣、在有效期内、持证人已上传证件照；不能换发的逐本列出，不影响其他证书")
def some_can_be_reissued(case: Case, facts: Facts) -> Iterator[Finding]:
    report = facts(reports_of)[case.enterprise_id or 0]
    if report.ready:
        yield satisfied("rename.ready", f"可以换发 {report.ready} 本证书", "编号和有效期不变，签发新版电子证书。")
    elif report.total:
        yield Finding(
            "rename.none_ready",
            "没有一本证书可以换发",
            "每本证书的原因列在下面，解决后再申请。",
            turn="持证人",
            cure=Cure("查看人员与证书", url_name="certificates:staff"),
        )
    # Desks see the whole list beside the application; the record needs the number only.
    yield from report.findings(SHOWN if case.is_filing else 0)

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import Http404
from django.utils.timezone import localdate

from certificates.renaming.report import Report, rename_claim, renamed_on, reports, reports_of
from certificates.renaming.services import Rename, start_renames
from common.dates import chinese_date, chinese_datetime
from common.findings import Cure, Finding, satisfied
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.business import Business, register
from workflow.checks import Case, Facts, condition
from workflow.enums import Desk, Party
from workflow.facts import enterprises
from workflow.models import Application
from workflow.steps import Step

from ..enums import RenameOutcome
from ..models import CertificateItem, RenameBatch, RenameRow
from .base import CommitmentForm

SHOWN = 20
"""Left-out certificates named one by one before filing; a longer list helps nobody."""
LISTED = 200
PROFILE = Cure("去企业基本信息", url_name="enterprises:profile")


class RenameForm(CommitmentForm):
    commitment = forms.BooleanField(
        label="本企业承诺已核对工商登记的企业名称，所填内容真实有效，如有虚假，愿承担相应的法律责任。",
        error_messages={"required": "请阅读并勾选承诺。"},
    )


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
    """After the last change of name: what an office imported, the enterprise has not checked yet."""
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
    # Desks see the whole list beside the application; the record needs only how many.
    yield from report.findings(SHOWN if case.is_filing else 0)


@register
class EnterpriseRename(Business):
    """企业名称变更: the enterprise asks once for all its certificates. It ties up none of them: whatever else is decided
    meanwhile prints the registry's name anyway.
    """

    kind, title = "enterprise_rename", "企业名称变更"
    order = 140
    summary = "企业名称在工商登记中变更后，为本企业人员的全部证书换发新版电子证书。编号和有效期不变。"
    filed_by = frozenset({Party.ENTERPRISE})
    form_class = RenameForm
    item_model = CertificateItem
    steps = (
        Step(Desk.MUNICIPAL, days="acceptance_days", accepts=True),
        Step(Desk.PROVINCIAL, days="decision_days_change"),
    )
    checks = (enterprise_in_force, registry_synced, name_has_changed, some_can_be_reissued)
    outcome = "换发电子证书"
    content_template = "certificates/content/enterprise_rename.html"
    materials = ("无需提交纸质材料；企业名称以同步的工商登记信息为准",)
    legal_basis = (
        "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）",
    )

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        enterprise = Enterprise.objects.filter(pk=actor.enterprise_id or 0).first()
        if enterprise is None:
            raise Http404("只能由企业申请")
        return Case(
            business=self,
            filing_day=today,
            on=today,
            enterprise_id=enterprise.pk,
            region_id=enterprise.region_id,
            claims=(rename_claim(enterprise.pk),),
        )

    def about(self, case: Case) -> list[str]:
        report = reports([case.enterprise_id or 0], on=case.on)[case.enterprise_id or 0]
        return [f"换发 {report.ready} 本证书"] if report.ready else []

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        orders = [
            Rename(application.pk, application.enterprise_id, self.kind)
            for application in applications
            if application.enterprise_id is not None
        ]
        start_renames(orders, now=now)
        return {}

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        decided = {batch.application_id: batch for batch in RenameBatch.objects.filter(application__in=applications)}
        return {application.pk: _described(application, decided.get(application.pk)) for application in applications}

    def content(self, application: Application) -> dict[str, Any]:
        """What will be, or was, reissued, and what is left out."""
        batch = RenameBatch.objects.filter(application=application).first()
        if batch is not None:
            return _progress(batch)
        if not application.is_open:
            return {}
        report = reports([application.enterprise_id or 0], on=localdate())[application.enterprise_id or 0]
        return {"report": report, "kept": _kept_of(report), "kept_total": len(report.kept), "listed": LISTED}


def _described(application: Application, batch: RenameBatch | None) -> list[tuple[str, str]]:
    if batch is not None:
        return [("变更后名称", batch.name)]
    return [("工商登记名称", application.enterprise.name)] if application.enterprise else []


def _kept_of(report: Report) -> list[dict[str, str]]:
    return [
        {"number": one.number, "name": one.person.name, "reason": f"{finding.message}。{finding.detail}"}
        for one, finding in report.kept[:LISTED]
    ]


def _progress(batch: RenameBatch) -> dict[str, Any]:
    rows = RenameRow.objects.filter(batch=batch)
    kept = rows.filter(outcome=RenameOutcome.KEPT).select_related("certificate__person").order_by("pk")
    done, kept_total = rows.count(), kept.count()
    return {
        "batch": batch,
        "done": done,
        "total": max(done, batch.expected),
        "reissued": done - kept_total,
        "kept": [
            {"number": row.certificate.number, "name": row.certificate.person.name, "reason": row.reason}
            for row in kept[:LISTED]
        ],
        "kept_total": kept_total,
        "listed": LISTED,
    }

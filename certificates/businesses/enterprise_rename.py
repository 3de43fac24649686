"""Declares 企业名称变更, the business by which all certificates of an enterprise are reissued under its new name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.http import Http404
from django.utils.timezone import localdate

from certificates.enums import RenameOutcome
from certificates.filing.desks import REGULATIONS
from certificates.filing.enterprise_rename import RenameForm
from certificates.models import Certificate, CertificateItem, RenameBatch, RenameRow
from certificates.renaming.report import FormerNames, Report, rename_claim, reports, reports_of, way_to
from certificates.renaming.rules import enterprise_in_force, name_has_changed, registry_synced, some_can_be_reissued
from certificates.renaming.services import Rename, start_renames
from common.findings import Finding
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.business import Business, register
from workflow.checks import Case, Facts
from workflow.enums import Desk, Party
from workflow.facts import enterprises
from workflow.models import Application
from workflow.steps import Comparison, FactChange, Proof, Step

LISTED = 200


@register
class EnterpriseRename(Business):
    """The enterprise files once for all its certificates, and claims none of them: other decisions meanwhile print the
    registry's name anyway.
    """

    kind, title = "enterprise_rename", "企业名称变更"
    order = 140
    summary = "企业名称在工商登记中变更后，为本企业人员的全部证书换发新版电子证书。编号和有效期不变。"
    filed_by = frozenset({Party.ENTERPRISE})
    form_class = RenameForm
    item_model = CertificateItem
    has_letters = True
    steps = (
        Step(Desk.MUNICIPAL, days="acceptance_days", accepts=True),
        Step(Desk.PROVINCIAL, days="decision_days_change"),
    )
    changes: ClassVar[dict[str, Proof]] = {"enterprise_name": Proof("工商登记信息")}
    checks = (enterprise_in_force, registry_synced, name_has_changed, some_can_be_reissued)
    outcome = "换发电子证书"
    content_template = "certificates/content/enterprise_rename.html"
    materials = ("无需提交纸质材料；企业名称以同步的工商登记信息为准",)
    legal_basis = (REGULATIONS,)

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

    def compare(self, case: Case, facts: Facts) -> list[Comparison]:
        report, place = facts(reports_of).get(case.enterprise_id or 0), facts(enterprises).get(case.enterprise_id or 0)
        if report is None or place is None:
            return []
        former = "、".join(report.former_names) or place.name
        row = FactChange("证书上的企业名称", former, place.name, self.changes["enterprise_name"])
        return [Comparison(f"本企业 {report.ready} 本证书", (row,))]

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        decided = {batch.application_id: batch for batch in RenameBatch.objects.filter(application__in=applications)}
        former = FormerNames({one.enterprise_id for one in applications if one.enterprise_id is not None})
        return {one.pk: _described(one, decided.get(one.pk), former) for one in applications}

    def content(self, application: Application) -> dict[str, Any]:
        """Answers the certificates that will be or were reissued, and those left out."""
        batch = RenameBatch.objects.filter(application=application).first()
        if batch is not None:
            return _progress(batch)
        if not application.is_open:
            return {}
        report = reports([application.enterprise_id or 0], on=localdate())[application.enterprise_id or 0]
        return {"report": report, "kept": _kept_of(report), "kept_total": len(report.kept), "listed": LISTED}


def _described(application: Application, batch: RenameBatch | None, former: FormerNames) -> list[tuple[str, str]]:
    """Names both sides of the change, on the application, its print and its record."""
    enterprise = application.enterprise
    if enterprise is None:
        return []
    before = former.before(enterprise.pk, localdate(batch.decided_at) if batch else localdate())
    after = batch.name if batch else enterprise.name
    return [*([("变更前名称", before)] if before else []), ("变更后名称", after)]


def _left_out(certificate: Certificate, reason: str) -> dict[str, object]:
    name = certificate.person.name
    return {"number": certificate.number, "name": name, "reason": reason, "cure": way_to(name)}


def _kept_of(report: Report) -> list[dict[str, object]]:
    return [_left_out(one, f"{finding.message}。{finding.detail}") for one, finding in report.kept[:LISTED]]


def _progress(batch: RenameBatch) -> dict[str, Any]:
    rows = RenameRow.objects.filter(batch=batch)
    kept = rows.filter(outcome=RenameOutcome.KEPT).select_related("certificate__person").order_by("pk")
    done, kept_total = rows.count(), kept.count()
    return {
        "batch": batch,
        "done": done,
        "total": max(done, batch.expected),
        "reissued": done - kept_total,
        "kept": [_left_out(row.certificate, row.reason) for row in kept[:LISTED]],
        "kept_total": kept_total,
        "listed": LISTED,
    }

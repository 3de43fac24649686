"""Declares 进赣换证, the business by which a certificate of another province is exchanged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from certificates.businesses.late_entry import described
from certificates.filing.paper_certificate import PaperCertificateForm
from certificates.issuing.new import NewCertificate, create_certificates
from certificates.issuing.transfers import settle_exchanged
from certificates.rules.employer import employment_needed
from certificates.rules.holding_rules import holding_rules
from certificates.rules.paper_certificate import claimed, not_over, number_in, posts_fit
from common.findings import Cure, Finding
from common.text.certificate_number import parse_number
from common.web.ids import id_of
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, condition
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import enterprise_exists, has_id_photo, not_barred, real_name_registered
from workflow.steps import AttachmentKind, Lapse, Original, Step

from ..enums import Operation, Origin
from ..holding import Held
from ..models import OutOfProvinceCertificate
from .base import ID_CARD, NOBODY, NewCertificateBusiness

ORIGINALS = (
    ID_CARD,
    Original("certificate", "外省安全生产考核合格证书", against="上传的外省证书扫描件", kept=True),
    Original("proof", "原发证机关出具的调出证明", against="上传的调出证明"),
)


class TransferInForm(PaperCertificateForm):
    """The form repeats what the certificate of the other province says."""


@condition("持有其他省份的有效证书")
def number_of_another_province(case: Case, facts: Facts) -> Finding | None:
    number = number_in(case)
    if number is None or not number.is_local:
        return None
    return Finding(
        "transfer_in.local",
        f"{number}是本省的证书编号",
        "本省证书没有匹配到的，请办理证书补录。",
        turn="本人",
        cure=Cure("录入证书", business="late_entry"),
    )


@register
class TransferIn(NewCertificateBusiness):
    """The certificate gets a number of this province and keeps its end date."""

    kind, title = "transfer_in", "进赣换证"
    order = 110
    summary = "持有其他省份有效证书、受聘于本省企业的人员，换发本省证书。编号换新，有效期止不变。"
    form_class = TransferInForm
    steps = (
        Step(Desk.EMPLOYER, when_overdue=Lapse("employer_days")),
        Step(Desk.COUNTER, days="acceptance_days", accepts=True, originals=ORIGINALS),
        Step(Desk.PROVINCIAL, days="decision_days_change"),
    )
    checks = (
        real_name_registered,
        has_id_photo,
        employment_needed,
        enterprise_exists,
        number_of_another_province,
        not_over,
        not_barred,
        holding_rules,
    )
    attachments = (
        AttachmentKind("certificate", "外省证书扫描件", "证书内页，文字清楚。"),
        AttachmentKind("proof", "调出证明", "原发证机关出具的跨省调出证明。"),
    )
    materials = tuple(original.material for original in ORIGINALS)
    shown_as = "transfer_in"
    outcome = "换发本省证书"
    legal_basis = (
        "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）第九条",
    )

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        """`declared` in the query names the person's declaration with which the form begins."""
        case = super().prepare(actor, query, today=today)
        declared = OutOfProvinceCertificate.objects.filter(
            pk=id_of(query.get("declared")) or NOBODY, declared_by=actor.person_id or NOBODY, settled_at__isnull=True
        ).first()
        if declared is None:
            return case
        payload = {
            "number": declared.number,
            "category": declared.category,
            "enterprise_name": declared.enterprise_name,
            "valid_to": declared.valid_to.isoformat(),
        }
        return self.refresh(replace(case, payload=payload))

    def claims_of(self, case: Case) -> tuple[str, ...]:
        number = number_in(case)
        return (f"number:{number}",) if number else ()

    def project(self, case: Case, held: Sequence[Held]) -> list[Held]:
        return claimed(case, held, enterprise_id=case.enterprise_id)

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        create_certificates([_order(case, self.kind, now) for case in facts.cases], by=by, now=now)
        settle_exchanged({str(number_in(case)): case.person_id or NOBODY for case in facts.cases}, now=now)
        return {}

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        return {application.pk: described(application) for application in applications}


def _order(case: Case, kind: str, now: datetime) -> NewCertificate:
    payload: Mapping[str, Any] = case.payload
    if case.person_id is None:
        raise ValueError("a transfer has a person")
    return NewCertificate(
        person_id=case.person_id,
        category=payload["category"],
        post=posts_fit(payload["category"], payload.get("post", "")),
        origin=Origin.TRANSFER_IN,
        operation=Operation.TRANSFER_IN,
        kind=kind,
        application_id=case.application_id,
        enterprise_id=case.enterprise_id,
        first_issued_on=date.fromisoformat(payload["first_issued_on"]),
        valid_to=date.fromisoformat(payload["valid_to"]),
        summary=f"由外省证书{parse_number(payload['number'])}换发",
    )

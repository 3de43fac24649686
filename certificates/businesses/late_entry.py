"""Declares 证书补录, the business by which a paper certificate is entered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from certificates.businesses.base import ID_CARD, OLD_CERTIFICATE, NewCertificateBusiness
from certificates.enums import Operation, Origin
from certificates.filing.paper_certificate import PaperCertificateForm
from certificates.holding import Held
from certificates.issuing.new import NewCertificate, create_certificates, settle_legacy
from certificates.rules.employer import employment_needed
from certificates.rules.holding_rules import holding_rules
from certificates.rules.out_of_province import none_valid_out_of_province
from certificates.rules.paper_certificate import (
    claimed,
    not_over,
    number_in,
    number_is_new,
    number_of_this_province,
    posts_fit,
)
from common.dates import chinese_date
from common.findings import Finding
from common.text.certificate_number import parse_number
from enterprises.register.selectors import enterprises_by_name
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import enterprise_exists, has_id_photo, not_barred, real_name_registered
from workflow.steps import AttachmentKind, Step

ORIGINALS = (ID_CARD, OLD_CERTIFICATE)


@register
class LateEntry(NewCertificateBusiness):
    """The certificate was not found among the old records and is checked against its original."""

    kind, title = "late_entry", "证书补录"
    order = 60
    menu_title = "录入证书"
    summary = "历史数据中没有匹配到的证书，由本人填写并上传扫描件，携带原件到聘用企业注册地主管部门核验后签发电子证书。"
    form_class = PaperCertificateForm
    steps = (
        Step(Desk.COUNTER, days="acceptance_days", accepts=True, originals=ORIGINALS),
        Step(Desk.PROVINCIAL, days="decision_days_other"),
    )
    checks = (
        real_name_registered,
        has_id_photo,
        employment_needed,
        enterprise_exists,
        number_of_this_province,
        number_is_new,
        not_over,
        not_barred,
        none_valid_out_of_province,
        holding_rules,
    )
    attachments = (AttachmentKind("certificate", "证书扫描件", "证书内页，文字清楚。"),)
    materials = tuple(original.material for original in ORIGINALS)
    shown_as = "late_entry"
    outcome = "签发电子证书"
    legal_basis = (
        "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）",
    )

    def claims_of(self, case: Case) -> tuple[str, ...]:
        number = number_in(case)
        return (f"number:{number}",) if number else ()

    def project(self, case: Case, held: Sequence[Held]) -> list[Held]:
        """Projects the certificate at the present employer: a rule that it breaks at its own enterprise was broken
        before, and the cure, a change of employer, needs the certificate entered first.
        """
        return claimed(case, held, enterprise_id=case.enterprise_id)

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        places = enterprises_by_name(case.payload["enterprise_name"] for case in facts.cases)
        orders = [_order(case, places, self.kind) for case in facts.cases]
        versions = create_certificates(orders, by=by, now=now)
        settle_legacy(
            {str(order.number): version.certificate_id for order, version in zip(orders, versions, strict=True)}
        )
        return {}

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        return {application.pk: described(application) for application in applications}


def _order(case: Case, places: dict[str, int], kind: str) -> NewCertificate:
    payload = case.payload
    if case.person_id is None:
        raise ValueError("a late entry has a person")
    return NewCertificate(
        person_id=case.person_id,
        category=payload["category"],
        post=posts_fit(payload["category"], payload.get("post", "")),
        origin=Origin.LATE_ENTRY,
        operation=Operation.OTHER,
        kind=kind,
        application_id=case.application_id,
        enterprise_id=places.get(payload["enterprise_name"]),
        enterprise_name=payload["enterprise_name"],
        number=parse_number(payload["number"]),
        first_issued_on=date.fromisoformat(payload["first_issued_on"]),
        valid_from=date.fromisoformat(payload["valid_from"]),
        valid_to=date.fromisoformat(payload["valid_to"]),
        summary="证书补录",
    )


def described(application: Application) -> list[tuple[str, str]]:
    payload = application.payload
    rows = [("证书编号", payload.get("number", "")), ("证书上的企业", payload.get("enterprise_name", ""))]
    if payload.get("valid_from") or payload.get("valid_to"):
        rows.append(("有效期", f"{_day(payload.get('valid_from'))} 至 {_day(payload.get('valid_to'))}"))
    return [(label, value) for label, value in rows if value]


def _day(value: object) -> str:
    """A draft keeps the text that was typed."""
    try:
        return chinese_date(date.fromisoformat(str(value or "")))
    except ValueError:
        return str(value or "")

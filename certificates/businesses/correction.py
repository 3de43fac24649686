"""Declares 证书纠错, the business by which wrong data on a certificate are put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from certificates.businesses.base import CertificateBusiness
from certificates.facts.siblings import with_siblings
from certificates.filing.correction import CorrectionForm, changes_in_words
from certificates.filing.desks import (
    ID_CARD,
    OLD_CERTIFICATE,
    REGULATIONS,
    counter_accepts,
    municipality_accepts,
    province_decides,
)
from certificates.filing.proofs import CORRECTED
from certificates.issuing.compared import Face, Known
from certificates.issuing.correcting import Correct, correct
from certificates.models import Certificate
from certificates.rules.correction import (
    corrected,
    corrected_days_plausible,
    corrected_post,
    corrects_enterprise,
    end_lies_ahead,
    enterprise_constructor,
    enterprise_cool_down,
    keeps_enterprise,
    named_certificate,
    number_is_free,
    says_what_it_does,
    something_changes,
)
from certificates.rules.paper_certificate import day_of, number_in
from certificates.rules.sets import EMPLOYED, IDENTIFIED, IN_USE_WHEN_FILED, LAWFUL
from workflow.business import register
from workflow.checks import Case, Facts, at_filing
from workflow.models import Application
from workflow.steps import AttachmentKind, Original

ORIGINALS = (ID_CARD, OLD_CERTIFICATE)
EVIDENCE = Original("evidence", "企业信息纠错的证明材料", against="上传的证明材料")


@register
class Correction(CertificateBusiness):
    """The counter checks them against the original; with the enterprise, the municipal office does."""

    kind, title = "correction", "证书纠错"
    order = 70
    second_look = "second_look_entries_percent"
    summary = "证书信息有误时申请。携带身份证和证书原件到聘用企业注册地主管部门核验；企业信息纠错由地市主管部门核验。"
    form_class = CorrectionForm
    steps = (
        counter_accepts(*ORIGINALS, applies=keeps_enterprise, when="没有选择企业信息纠错的申请"),
        municipality_accepts(*ORIGINALS, EVIDENCE, applies=corrects_enterprise, when="选择了企业信息纠错的申请"),
        province_decides("decision_days_change"),
    )
    checks = (
        *IDENTIFIED,
        *EMPLOYED,
        *IN_USE_WHEN_FILED,
        something_changes,
        number_is_free,
        end_lies_ahead,
        corrected_days_plausible,
        at_filing(enterprise_cool_down),
        enterprise_constructor,
        *LAWFUL,
        says_what_it_does,
    )
    attachments = (
        AttachmentKind("certificate", "证书扫描件", "有误的证书。"),
        AttachmentKind("evidence", "证明材料", "企业信息纠错时必须上传。", required=False),
    )
    materials = tuple(original.material for original in (*ORIGINALS, EVIDENCE))
    holds_expiry = True
    enters_what_is_held = True
    effect, projection = correct, corrected
    changes = CORRECTED
    legal_basis = (REGULATIONS,)

    def refresh(self, case: Case) -> Case:
        """With the enterprise, all certificates of the former one are corrected together (rule X-2)."""
        found, number = super().refresh(case), number_in(case)
        claims = (f"number:{number}",) if number else ()
        subjects = with_siblings(case) if case.payload.get("corrects_enterprise") else case.subjects[:1]
        return replace(found, subjects=subjects, claims=claims)

    def required_attachments(self, payload: Mapping[str, Any]) -> set[str]:
        return {"certificate", "evidence"} if payload.get("corrects_enterprise") else {"certificate"}

    def form_kwargs(self, case: Case) -> dict[str, Any]:
        """The form is about the first certificate, and shows what is printed on it now."""
        known = Known([Correct(pk, None, self.kind) for pk in case.subjects[:1]], case)
        certificates = list(known.certificates.values())
        return {
            "certificates": certificates,
            "printed": _printed(known.printed(certificates[0])) if certificates else {},
        }

    def orders(self, case: Case, facts: Facts) -> Iterable[Correct]:
        """Only the enterprise is corrected on the certificates that are taken along."""
        enterprise_id = case.enterprise_id if case.payload.get("corrects_enterprise") else None
        named = named_certificate(case, facts)
        for pk in case.subjects:
            own = _values(case, named) if named is not None and pk == named.pk else {}
            yield Correct(certificate_id=pk, enterprise_id=enterprise_id, **own, **self.cause(case))

    def facts_of(self, application: Application) -> list[tuple[str, str]]:
        return changes_in_words(application)


def _values(case: Case, certificate: Certificate) -> dict[str, Any]:
    payload = case.payload
    return {
        "number": number_in(case),
        "category": payload.get("category") or "",
        "post": corrected_post(payload, certificate),
        "first_issued_on": day_of(case, "first_issued_on"),
        "starts_on": day_of(case, "valid_from"),
        "ends_on": day_of(case, "valid_to"),
    }


def _printed(face: Face) -> dict[str, str]:
    names = ("number", "category", "post", "first_issued_on", "valid_from", "valid_to")
    said = {name: getattr(face, name) for name in names}
    person = "，".join(filter(None, (face.name, face.sex, face.birth_date)))
    return {"name": person, "enterprise": face.enterprise_name} | {name: value for name, value in said.items() if value}

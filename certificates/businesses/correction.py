from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms

from certificates.issuing.versions import Correct, correct
from certificates.rules.constructors import constructor_registered
from certificates.rules.cool_down import cool_down_over
from certificates.rules.employer import employment_needed
from certificates.rules.filing import certificates_valid, not_expired, nothing_in_progress, subject_certificates
from certificates.rules.holding_rules import holding_rules, moved
from certificates.rules.out_of_province import none_valid_elsewhere
from certificates.rules.posts import A_POSTS, needs_a_post
from common.findings import Finding, Level
from enterprises.enums import Post
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, at_filing, condition
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import enterprise_exists, has_id_photo, real_name_registered
from workflow.steps import AttachmentKind, Original, Step

from ..enums import IN_FORCE_STATES, Category
from ..holding import Held
from ..models import Certificate
from .base import ID_CARD, OLD_CERTIFICATE, CertificateBusiness, CommitmentForm
from .late_entry import DATE

ORIGINALS = (ID_CARD, OLD_CERTIFICATE)
EVIDENCE_ORIGINAL = Original("evidence", "企业信息纠错的证明材料", against="上传的证明材料")
EVIDENCE = (
    ("", "请选择"),
    ("termination", "与原单位解除劳动合同的协议或证明"),
    ("award", "劳动仲裁裁决书"),
    ("judgment", "法院判决书"),
    ("registry", "原单位注销、吊销的工商登记信息"),
)
FIELDS = {"name": "姓名（按实名登记更正）", "post": "职务", "first_issued_on": "初次领证日期", "valid_to": "有效期止"}


class CorrectionForm(CommitmentForm):
    """Only what is wrong is filled in; the rest stays."""

    correct_name = forms.BooleanField(label=FIELDS["name"], required=False)
    post = forms.ChoiceField(
        label="正确的职务", choices=[("", "不更正"), *((post, Post(post).label) for post in A_POSTS)], required=False
    )
    first_issued_on = forms.DateField(label="正确的初次领证日期", required=False, widget=DATE)
    valid_to = forms.DateField(label="正确的有效期止", required=False, widget=DATE)
    corrects_enterprise = forms.BooleanField(
        label="是否进行企业信息纠错",
        required=False,
        help_text="原单位信息缺失、倒闭等无法确认变更时选择，证书更正到现聘用单位名下，并须遵守变更间隔。",
    )
    evidence = forms.ChoiceField(
        label="企业信息纠错的证明材料", choices=EVIDENCE, required=False, help_text="选择企业信息纠错时必填。"
    )
    field_order = (
        "correct_name", "post", "first_issued_on", "valid_to", "corrects_enterprise", "evidence", "phone", "note",
        "commitment",
    )  # fmt: skip

    def __init__(self, *args: Any, certificates: Sequence[Certificate] = (), **kwargs: Any) -> None:
        super().__init__(*args, certificates=certificates, **kwargs)
        if not needs_a_post(self.certificates):
            del self.fields["post"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        wrong = ("correct_name", "post", "first_issued_on", "valid_to", "corrects_enterprise")
        if not any(cleaned.get(name) for name in wrong):
            raise forms.ValidationError("请至少选择一项需要更正的内容。")
        if cleaned.get("corrects_enterprise") and not cleaned.get("evidence"):
            self.add_error("evidence", "企业信息纠错须说明证明材料的种类，并上传扫描件。")
        return cleaned


def corrects_enterprise(application: Application) -> bool:
    return bool(application.payload.get("corrects_enterprise"))


@condition("更正的内容与证书上的不同")
def something_changes(case: Case, facts: Facts) -> Iterable[Finding]:
    """What the form says is wrong must differ from what the certificate says."""
    payload = case.payload
    for certificate in subject_certificates(case, facts):
        if payload.get("post") and payload["post"] == certificate.post:
            yield _same("post", Post(certificate.post).label)
        if payload.get("first_issued_on") == certificate.first_issued_on.isoformat():
            yield _same("first_issued_on", payload["first_issued_on"])
        if payload.get("valid_to") == certificate.ends_on.isoformat():
            yield _same("valid_to", payload["valid_to"])


@condition("更正后证书仍在有效期内")
def end_lies_ahead(case: Case, facts: Facts) -> Finding | None:
    ends = case.payload.get("valid_to")
    if not ends or str(ends) >= case.on.isoformat():
        return None
    detail = f"{ends}已过。按此更正后证书即失效，不能通过纠错办理，请携带原件到主管部门说明。"
    return Finding("correction.end_in_past", "更正后的有效期止早于今天", detail, turn="本人")


def _same(field: str, value: str) -> Finding:
    detail = f"证书上已是“{value}”，不需要更正。"
    return Finding(f"correction.same_{field}", f"{FIELDS[field]}没有变化", detail, turn="本人")


@condition("更正企业的，距上次变更单位已满 {employer_change_cool_down_months} 个月（原单位注销、吊销的不受限）")
def enterprise_cool_down(case: Case, facts: Facts) -> Iterable[Finding]:
    """A correction of the enterprise counts as a change and obeys its cool-down: it must not serve to dodge it."""
    return cool_down_over(case, facts) if case.payload.get("corrects_enterprise") else []


@condition("更正单位的B证，持证人在现聘用单位有有效的建造师注册")
def enterprise_constructor(case: Case, facts: Facts) -> Iterable[Finding]:
    """Nor to dodge rule B-1."""
    return constructor_registered(case, facts) if case.payload.get("corrects_enterprise") else []


def says_what_it_does(case: Case, facts: Facts) -> Finding | None:
    if not case.payload.get("corrects_enterprise"):
        return None
    months = facts.parameters.integer("employer_change_cool_down_months", case.on)
    detail = f"材料原件由现聘用单位所在设区市主管部门核验；办结后 {months} 个月内不能再次变更单位。"
    return Finding("correction.enterprise", "本次更正证书所在单位", detail, Level.ADVISORY, turn="地市主管部门")


@register
class Correction(CertificateBusiness):
    """证书纠错: wrong data on a certificate, checked against the original; with the enterprise, by the municipal office."""

    kind, title = "correction", "证书纠错"
    order = 70
    summary = "证书信息有误时申请。携带身份证和证书原件到聘用企业注册地主管部门核验；企业信息纠错由地市主管部门核验。"
    form_class = CorrectionForm
    steps = (
        Step(
            Desk.COUNTER,
            days="acceptance_days",
            accepts=True,
            originals=ORIGINALS,
            applies=lambda application: not corrects_enterprise(application),
            when="没有选择企业信息纠错的申请",
        ),
        Step(
            Desk.MUNICIPAL,
            days="acceptance_days",
            accepts=True,
            originals=(*ORIGINALS, EVIDENCE_ORIGINAL),
            applies=corrects_enterprise,
            when="选择了企业信息纠错的申请",
        ),
        Step(Desk.PROVINCIAL, days="decision_days_change"),
    )
    checks = (
        real_name_registered,
        has_id_photo,
        employment_needed,
        enterprise_exists,
        nothing_in_progress,
        certificates_valid,
        at_filing(not_expired),
        something_changes,
        end_lies_ahead,
        at_filing(enterprise_cool_down),
        enterprise_constructor,
        none_valid_elsewhere,
        holding_rules,
        says_what_it_does,
    )
    attachments = (
        AttachmentKind("certificate", "证书扫描件", "有误的证书。"),
        AttachmentKind("evidence", "证明材料", "企业信息纠错时必须上传。", required=False),
    )
    materials = tuple(original.material for original in (*ORIGINALS, EVIDENCE_ORIGINAL))
    holds_expiry = True
    legal_basis = (
        "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）",
    )

    def refresh(self, case: Case) -> Case:
        """With the enterprise all certificates of the old one are corrected together (rule X-2)."""
        found = super().refresh(case)
        first = Certificate.objects.filter(pk__in=case.subjects).order_by("pk").first()
        if first is None or not case.payload.get("corrects_enterprise"):
            return found
        same = Certificate.objects.filter(person_id=first.person_id, legal_state__in=IN_FORCE_STATES)
        if first.enterprise_id is not None:
            same = same.filter(enterprise_id=first.enterprise_id)
        else:
            same = same.filter(enterprise__isnull=True, enterprise_name=first.enterprise_name)
        return replace(found, subjects=tuple(same.order_by("pk").values_list("pk", flat=True)) or case.subjects)

    def required_attachments(self, payload: Mapping[str, Any]) -> set[str]:
        return {"certificate", "evidence"} if payload.get("corrects_enterprise") else {"certificate"}

    def project(self, case: Case, held: Sequence[Held]) -> list[Held]:
        posts = {str(Category.A): str(case.payload["post"])} if case.payload.get("post") else {}
        if case.payload.get("corrects_enterprise"):
            return moved(case, held, posts)
        return [
            replace(one, post=posts.get(one.category, one.post)) if one.certificate_id in case.subjects else one
            for one in held
        ]

    def round_keys(self, application: Application) -> Iterable[Hashable]:
        """Rule A-2 looks at the whole enterprise."""
        yield from super().round_keys(application)
        if application.payload.get("post") == Post.LEGAL_REPRESENTATIVE:
            yield ("enterprise", application.enterprise_id)

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        orders = [_order(pk, case, self.kind) for case in facts.cases for pk in case.subjects]
        correct(orders, by=by, now=now)
        return {}

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        rows = super().describe(applications)
        for application in applications:
            rows[application.pk] += _changes(application)
        return rows


def _order(certificate_id: int, case: Case, kind: str) -> Correct:
    payload = case.payload
    first, ends = payload.get("first_issued_on"), payload.get("valid_to")
    return Correct(
        certificate_id=certificate_id,
        application_id=case.application_id,
        kind=kind,
        post=payload.get("post", ""),
        first_issued_on=date.fromisoformat(first) if first else None,
        ends_on=date.fromisoformat(ends) if ends else None,
        enterprise_id=case.enterprise_id if payload.get("corrects_enterprise") else None,
    )


def _changes(application: Application) -> list[tuple[str, str]]:
    payload = application.payload
    rows = []
    if payload.get("correct_name"):
        rows.append(("更正姓名", "按实名登记"))
    if payload.get("post"):
        rows.append(("更正职务", Post(payload["post"]).label))
    rows += [(f"更正{FIELDS[name]}", payload[name]) for name in ("first_issued_on", "valid_to") if payload.get(name)]
    if payload.get("corrects_enterprise") and application.enterprise:
        rows.append(("更正企业", application.enterprise.name))
        rows.append(("证明材料", dict(EVIDENCE).get(payload.get("evidence", ""), "")))
    return rows

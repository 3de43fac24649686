from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from certificates.issuing.new import NewCertificate, create_certificates, settle_legacy
from certificates.rules.employer import employment_needed
from certificates.rules.holding_rules import holding_rules
from certificates.rules.out_of_province import none_valid_elsewhere
from certificates.rules.posts import A_POSTS
from common.dates import chinese_date
from common.findings import Cure, Finding
from common.text.certificate_number import CertificateNumber, parse_number
from enterprises.enums import Post
from enterprises.register.selectors import enterprises_by_name
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, condition
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import enterprise_exists, has_id_photo, not_barred, real_name_registered
from workflow.steps import AttachmentKind, Step

from ..enums import Category, Operation, Origin
from ..holding import Held
from ..models import Certificate
from .base import ID_CARD, OLD_CERTIFICATE, CommitmentForm, NewCertificateBusiness

ORIGINALS = (ID_CARD, OLD_CERTIFICATE)
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PaperCertificateForm(CommitmentForm):
    """What stands on a certificate that the database does not know."""

    number = forms.CharField(
        label="证书编号", max_length=40, help_text="例如 赣建安B（2019）0001234，括号全角半角均可。"
    )
    category = forms.ChoiceField(label="证书类别", choices=Category.choices)
    post = forms.ChoiceField(
        label="A证职务", choices=[("", "不是A证"), *((post, Post(post).label) for post in A_POSTS)], required=False
    )
    enterprise_name = forms.CharField(label="证书上的企业名称", max_length=160)
    first_issued_on = forms.DateField(label="初次领证日期", widget=DATE)
    valid_from = forms.DateField(label="有效期起", widget=DATE)
    valid_to = forms.DateField(label="有效期止", widget=DATE)
    field_order = (
        "number", "category", "post", "enterprise_name", "first_issued_on", "valid_from", "valid_to", "phone", "note",
        "commitment",
    )  # fmt: skip

    def clean_number(self) -> str:
        return str(parse_number(self.cleaned_data["number"]))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        starts, ends, first = (cleaned.get(name) for name in ("valid_from", "valid_to", "first_issued_on"))
        if starts and ends and ends < starts:
            self.add_error("valid_to", "有效期止不能早于有效期起。")
        if first and ends and first > ends:
            self.add_error("first_issued_on", "初次领证日期不能晚于有效期止。")
        if cleaned.get("category") == Category.A and not cleaned.get("post"):
            self.add_error("post", "A证请选择职务。")
        self._check_category(cleaned)
        return cleaned

    def _check_category(self, cleaned: dict[str, Any]) -> None:
        number, category = cleaned.get("number"), cleaned.get("category")
        if number and category and not category.startswith(parse_number(number).category):
            self.add_error("category", "证书类别与证书编号中的类别不一致。")


def number_in(case: Case) -> CertificateNumber | None:
    """The number of the form; None before it is filled in."""
    try:
        return parse_number(case.payload["number"]) if case.payload.get("number") else None
    except ValidationError:
        return None


def known_numbers(cases: Sequence[Case]) -> dict[str, Certificate]:
    wanted = {str(number) for case in cases if (number := number_in(case)) is not None}
    return {one.number: one for one in Certificate.objects.filter(number__in=wanted)}


@condition("是本省的证书（外省证书办理进赣换证）")
def number_of_this_province(case: Case, facts: Facts) -> Finding | None:
    number = number_in(case)
    if number is None or number.is_local:
        return None
    return Finding(
        "late_entry.other_province",
        f"{number}不是本省的证书编号",
        "其他省份的证书不能补录，请办理进赣换证。",
        turn="本人",
        cure=Cure("办理进赣换证", business="transfer_in"),
    )


@condition("证书没有匹配到“我的证书”中")
def number_is_new(case: Case, facts: Facts) -> Finding | None:
    """A certificate that is matched already takes the evidence itself, by a correction."""
    number = number_in(case)
    known = facts(known_numbers).get(str(number)) if number else None
    if known is None:
        return None
    if known.person_id == case.person_id:
        return Finding(
            "late_entry.known",
            f"{known.number}已在“我的证书”中",
            "不需要补录。内容有误的，请对该证书办理证书纠错并上传扫描件。",
            turn="本人",
            cure=Cure("办理证书纠错", business="correction", query={"certificate": known.pk}),
        )
    return Finding(
        "late_entry.taken",
        "该证书编号已登记在他人名下",
        "请核对编号；确认无误的，携带身份证和证书原件到聘用企业注册地主管部门核实。",
        turn="主管部门",
    )


@condition("证书在有效期内")
def not_over(case: Case, facts: Facts) -> Finding | None:
    ends = case.payload.get("valid_to")
    if ends and str(ends) < case.on.isoformat():
        return Finding(
            "late_entry.expired", "证书已过有效期，不能补录", f"有效期至{ends}，需要重新参加考核。", turn="本人"
        )
    return None


def posts_fit(category: str, post: str) -> str:
    """B and C carry their post by law."""
    return {Category.A: post or Post.OTHER, Category.B: Post.PROJECT_MANAGER}.get(
        Category(category), Post.SAFETY_OFFICER
    )


def claimed(case: Case, held: Sequence[Held], *, enterprise_id: int | None) -> list[Held]:
    """Holdings with the certificate that the application would add; its id is negative, no other has that."""
    category = case.payload.get("category")
    if not category or case.person_id is None:
        return list(held)
    return [
        *held,
        Held(
            certificate_id=-(case.application_id or 1),
            person_id=case.person_id,
            enterprise_id=enterprise_id,
            category=category,
            post=posts_fit(category, case.payload.get("post", "")),
        ),
    ]


@register
class LateEntry(NewCertificateBusiness):
    """证书补录: a paper certificate that was not found in the old database, checked against its original."""

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
        none_valid_elsewhere,
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
        """As if it stood at the present employer: what it breaks by its place is inherited, and the cure, the change of
        employer, needs the certificate here first.
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
    """A draft keeps what was typed."""
    try:
        return chinese_date(date.fromisoformat(str(value or "")))
    except ValueError:
        return str(value or "")

"""Defines the form about a certificate that the database does not know."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from certificates.enums import Category
from certificates.filing.commitment import CommitmentForm
from certificates.filing.fields import CHOOSE, PostField
from common.dates import chinese_date
from common.forms import DayField
from common.text.certificate_number import parse_number
from common.text.form_fields import OrganisationNameField
from workflow.models import Application


class PaperCertificateForm(CommitmentForm):
    number = forms.CharField(
        label="证书编号", max_length=40, help_text="例如 赣建安B（2019）0001234，括号全角半角均可。"
    )
    category = forms.ChoiceField(
        label="证书类别",
        choices=[CHOOSE, *Category.choices],
        error_messages={"required": "请选择证书类别。"},
    )
    post = PostField(label="A证职务", empty="不是A证")
    enterprise_name = OrganisationNameField(label="证书上的企业名称", max_length=160)
    first_issued_on = DayField(label="初次领证日期")
    valid_from = DayField(label="有效期起")
    valid_to = DayField(label="有效期止")
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


class ForeignCertificateForm(PaperCertificateForm):
    """The certificate is one of another province."""

    number = forms.CharField(
        label="外省证书编号", max_length=40, help_text="照外省证书填写，例如 浙建安B（2019）0001234，括号全角半角均可。"
    )


def described(application: Application) -> list[tuple[str, str]]:
    payload = application.payload
    rows = [("证书编号", payload.get("number", "")), ("证书上的企业", payload.get("enterprise_name", ""))]
    if payload.get("valid_from") or payload.get("valid_to"):
        rows.append(("有效期", f"{day_in_words(payload.get('valid_from'))} 至 {day_in_words(payload.get('valid_to'))}"))
    return [(label, value) for label, value in rows if value]


def day_in_words(value: object) -> str:
    """A draft keeps the text that was typed."""
    try:
        return chinese_date(date.fromisoformat(str(value or "")))
    except ValueError:
        return str(value or "")

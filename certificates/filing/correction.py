"""Defines the form of a correction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from certificates.filing.commitment import CommitmentForm
from certificates.filing.fields import PostField
from certificates.filing.paper_certificate import day_in_words
from certificates.models import Certificate
from certificates.rules.correction import FIELDS
from certificates.rules.posts import needs_a_post
from common.forms import DayField
from enterprises.enums import Post
from workflow.models import Application

EVIDENCE = (
    ("", "请选择"),
    ("termination", "与原单位解除劳动合同的协议或证明"),
    ("award", "劳动仲裁裁决书"),
    ("judgment", "法院判决书"),
    ("registry", "原单位注销、吊销的工商登记信息"),
)


class CorrectionForm(CommitmentForm):
    """The applicant fills in only what is wrong; the rest stays."""

    correct_name = forms.BooleanField(label=FIELDS["name"], required=False)
    post = PostField(label="正确的职务", empty="不更正")
    first_issued_on = DayField(label="正确的初次领证日期", required=False)
    valid_to = DayField(label="正确的有效期止", required=False)
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


def changes_in_words(application: Application) -> list[tuple[str, str]]:
    payload = application.payload
    rows = []
    if payload.get("correct_name"):
        rows.append(("更正姓名、性别、出生日期", "按实名登记"))
    if payload.get("post"):
        rows.append(("更正职务", Post(payload["post"]).label))
    rows += [
        (f"更正{FIELDS[name]}", day_in_words(payload[name]))
        for name in ("first_issued_on", "valid_to")
        if payload.get(name)
    ]
    if payload.get("corrects_enterprise") and application.enterprise:
        rows.append(("更正企业", application.enterprise.name))
        rows.append(("证明材料", dict(EVIDENCE).get(payload.get("evidence", ""), "")))
    return rows

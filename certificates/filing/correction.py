"""Defines the form of a correction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms

from certificates.enums import Category
from certificates.filing.commitment import CommitmentForm
from certificates.filing.fields import PostField
from certificates.filing.paper_certificate import day_in_words
from certificates.models import Certificate
from certificates.rules.correction import FIELDS, corrected_category
from common.forms import DayField
from common.text.certificate_number import parse_number
from enterprises.enums import Post
from workflow.models import Application

EVIDENCE = (
    ("", "请选择"),
    ("termination", "与原单位解除劳动合同的协议或证明"),
    ("award", "劳动仲裁裁决书"),
    ("judgment", "法院判决书"),
    ("registry", "原单位注销、吊销的工商登记信息"),
)
ENTERPRISE = "corrects_enterprise"
NEEDED = "勾选时必填。"
CHOOSE = "要更正请勾选，不更正请清空。"
VALUES = ("number", "category", "post", "first_issued_on", "valid_from", "valid_to")
"""Each has a tick `wrong_…` beside it: only what is ticked is corrected."""


class Tick(forms.BooleanField):
    """Opens fields: a browser with scripts shows these only while it is ticked."""

    def __init__(self, *, label: str, opens: str, help_text: str = "") -> None:
        widget = forms.CheckboxInput(attrs={"data-opens": opens})
        super().__init__(label=label, required=False, help_text=help_text, widget=widget)


class CorrectionForm(CommitmentForm):
    """The applicant ticks what is wrong and fills in only that; the rest stays."""

    correct_name = Tick(label=f"{FIELDS['name']}有误，按实名登记更正", opens="")
    wrong_number = Tick(label=f"{FIELDS['number']}有误", opens="number")
    number = forms.CharField(
        label="正确的证书编号",
        max_length=40,
        required=False,
        help_text="勾选时必填，照证书原件填写，例如 赣建安B（2019）0001234，括号全角半角均可。",
    )
    wrong_category = Tick(label=f"{FIELDS['category']}有误", opens="category")
    category = forms.ChoiceField(
        label="正确的证书类别",
        choices=[("", "请选择"), *((one, f"{one} {one.label}") for one in Category)],
        required=False,
        help_text=NEEDED,
    )
    wrong_post = Tick(label=f"{FIELDS['post']}有误", opens="post")
    post = PostField(
        label="正确的职务", empty="请选择", help_text="勾选时必填。只有A证可以选择职务；B证、C证的职务随证书类别确定。"
    )
    wrong_first_issued_on = Tick(label=f"{FIELDS['first_issued_on']}有误", opens="first_issued_on")
    first_issued_on = DayField(label="正确的初次领证日期", required=False, help_text=NEEDED)
    wrong_valid_from = Tick(label=f"{FIELDS['valid_from']}有误", opens="valid_from")
    valid_from = DayField(label="正确的有效期起", required=False, help_text=NEEDED)
    wrong_valid_to = Tick(label=f"{FIELDS['valid_to']}有误", opens="valid_to")
    valid_to = DayField(label="正确的有效期止", required=False, help_text=NEEDED)
    corrects_enterprise = Tick(
        label="是否进行企业信息纠错",
        opens="evidence file_evidence",
        help_text="原单位信息缺失、倒闭等无法确认变更时勾选：证书更正到现聘用单位名下，并须遵守变更间隔。",
    )
    evidence = forms.ChoiceField(label="企业信息纠错的证明材料", choices=EVIDENCE, required=False, help_text=NEEDED)
    field_order = (
        "correct_name", "wrong_number", "number", "wrong_category", "category", "wrong_post", "post",
        "wrong_first_issued_on", "first_issued_on", "wrong_valid_from", "valid_from", "wrong_valid_to", "valid_to",
        "corrects_enterprise", "evidence", "phone", "note", "commitment",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        certificates: Sequence[Certificate] = (),
        printed: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`printed` is what stands on the certificate now, in words, by the names of the fields."""
        super().__init__(*args, certificates=certificates, **kwargs)
        for name in VALUES:
            if self.initial.get(name):  # what was filed before there was a tick
                self.initial.setdefault(f"wrong_{name}", True)
        for name, value in (printed or {}).items():
            tick = self.fields[{"name": "correct_name", "enterprise": ENTERPRISE}.get(name, f"wrong_{name}")]
            tick.help_text = f"证书上是：{value}。{tick.help_text}"

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        return str(parse_number(typed)) if typed and self.data.get(self.add_prefix("wrong_number")) else str(typed)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        for name in VALUES:
            self._check_tick(name, cleaned)
        ticks = ("correct_name", ENTERPRISE, *(f"wrong_{name}" for name in VALUES))
        if not any(cleaned.get(name) for name in ticks):
            raise forms.ValidationError("请至少勾选一项有误的内容。")
        if cleaned.get(ENTERPRISE) and not cleaned.get("evidence"):
            self.add_error("evidence", "请选择证明材料是哪一种，并在下面上传扫描件。")
        if cleaned.get("evidence") and not cleaned.get(ENTERPRISE):
            self.add_error("evidence", f"选择了证明材料，但没有勾选“{self.fields[ENTERPRISE].label}”。{CHOOSE}")
        if self.certificates and not self.errors:
            self._check_together(cleaned)
        return cleaned

    def _check_tick(self, name: str, cleaned: Mapping[str, Any]) -> None:
        """A value without its tick is never taken silently, nor left out silently."""
        ticked, label = cleaned.get(f"wrong_{name}"), self.fields[f"wrong_{name}"].label
        if name in self.errors:
            return
        if ticked and not cleaned.get(name):
            self.add_error(name, f"勾选了“{label}”，请填写{self.fields[name].label}。")
        elif cleaned.get(name) and not ticked:
            self.add_error(name, f"填写了{self.fields[name].label}，但没有勾选“{label}”。{CHOOSE}")

    def _check_together(self, cleaned: Mapping[str, Any]) -> None:
        """Number, category and post must fit each other as they would be afterwards."""
        certificate = self.certificates[0]
        category = corrected_category(cleaned, certificate)
        number = parse_number(cleaned.get("number") or certificate.number)
        if not category.startswith(number.category):
            name = "category" if cleaned.get("category") else "number"
            self.add_error(name, f"类别{category}与编号{number}中的类别不一致，两项都要更正的请都勾选。")
        if cleaned.get("post") and category != Category.A:
            self.add_error("post", f"{category}证的职务随类别确定，不能另选；请取消勾选“{FIELDS['post']}有误”。")
        if category == Category.A != certificate.category and not cleaned.get("post"):
            self.add_error("post", f"更正为A证的，请勾选“{FIELDS['post']}有误”并选择证书上的职务。")


def changes_in_words(application: Application) -> list[tuple[str, str]]:
    payload = application.payload
    rows = []
    if payload.get("correct_name"):
        rows.append((f"更正{FIELDS['name']}", "按实名登记"))
    said: Mapping[str, Callable[[Any], str]] = {
        "number": str,
        "category": lambda value: f"{value} {Category(value).label}",
        "post": lambda value: Post(value).label,
        "first_issued_on": day_in_words,
        "valid_from": day_in_words,
        "valid_to": day_in_words,
    }
    rows += [(f"正确的{FIELDS[name]}", said[name](payload[name])) for name in VALUES if payload.get(name)]
    if payload.get(ENTERPRISE) and application.enterprise:
        rows.append(("更正企业", application.enterprise.name))
        rows.append(("证明材料", dict(EVIDENCE).get(payload.get("evidence", ""), "")))
    return rows

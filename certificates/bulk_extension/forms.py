"""Defines the forms of 政策延续."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from certificates.enums import Category
from certificates.models import PolicyBatch
from common.forms import DayField, DocumentNumberField, LongTextField

FIRST_WINDOW = (date(2018, 7, 1), date(2019, 4, 30))
"""有效期在此期间的证书 are the example of the operation manual; the form offers it as long as there is no batch."""
MOST_MONTHS = 60


class PolicyForm(forms.Form):
    document_number = DocumentNumberField(help_text="延续所依据的文件，会记入每本证书的轨迹。")
    reason = LongTextField(
        label="依据和说明",
        max_length=200,
        rows=2,
        help_text="持证人会在证书轨迹中看到。",
        error_messages={"required": "请填写依据和说明。"},
    )
    window_from = DayField(label="有效期止自", error_messages={"required": "请填写有效期止的起始日期。"})
    window_to = DayField(label="有效期止至", error_messages={"required": "请填写有效期止的结束日期。"})
    categories = forms.MultipleChoiceField(
        label="证书类别",
        choices=[(one.value, f"{one.value}证（{one.label}）") for one in Category],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="都不选表示全部类别。",
    )
    new_end = DayField(label="统一延续至", required=False, help_text="所有证书延续到同一天。")
    months = forms.IntegerField(
        label="各延续月数",
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
        help_text="从每本证书自己的有效期止往后计算。与“统一延续至”只填一项。",
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("window_from"), cleaned.get("window_to")
        if begins and ends and ends < begins:
            self.add_error("window_to", "结束日期不能早于开始日期。")
        new_end, months = cleaned.get("new_end"), cleaned.get("months")
        if not self.errors.get("new_end") and not self.errors.get("months"):
            if bool(new_end) == bool(months):
                self.add_error("new_end", "“统一延续至”和“各延续月数”须填写且只填写一项。")
            elif new_end and begins and new_end <= begins:
                self.add_error("new_end", "新的有效期止应晚于原有效期止。")
        return cleaned

    def batch(self) -> PolicyBatch:
        """Answers an unsaved batch; the form must be valid."""
        values = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return PolicyBatch(**values)


class SeenForm(forms.Form):
    """Says how many certificates the page showed whose button was pressed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class SendBackForm(forms.Form):
    reason = LongTextField(
        label="不予批准的原因",
        max_length=150,
        rows=2,
        error_messages={"required": "请填写不予批准的原因。"},
    )


class ReversalForm(forms.Form):
    document_number = DocumentNumberField(
        label="撤回文号", missing="请填写撤回的文号", help_text="撤回所依据的文件，会记入每本证书的轨迹。"
    )
    confirmed = forms.BooleanField(
        label="确认撤回：有效期恢复为原来的日期，已签发的电子证书由新版本取代。",
        error_messages={"required": "请勾选确认。"},
    )

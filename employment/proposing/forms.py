"""Defines the forms on which an enterprise proposes an employment: one for the person, one for the terms."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.people.fields import IdNumberField
from common.forms import DayField
from enterprises.enums import Post


class PersonSearchForm(forms.Form):
    """The form is sent by POST, because an ID number must not stand in an address."""

    id_number = IdNumberField(help_text="请输入完整的18位号码；旧证15位号码会自动换算。系统只按完整号码查找。")


class ProposalForm(forms.Form):
    """The form holds the terms only: the person was found by ID number on the page before."""

    posts = forms.MultipleChoiceField(
        label="职务",
        choices=Post.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个职务。"},
        help_text="可多选，例如同时担任总经理和项目负责人。",
    )
    contract_from = DayField(
        label="合同期起", help_text="与劳动合同一致。", error_messages={"required": "请填写合同开始日期。"}
    )
    contract_to = DayField(label="合同期止", required=False, help_text="无固定期限合同不填。")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("contract_from"), cleaned.get("contract_to")
        if starts and ends and ends < starts:
            self.add_error("contract_to", "合同结束日期不能早于开始日期。")
        return cleaned

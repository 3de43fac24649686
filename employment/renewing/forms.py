"""Defines the form on which an enterprise proposes a new end of the contract or other posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.timezone import localdate

from common.dates import chinese_date
from common.forms import DayField
from employment.models import Employment
from enterprises.enums import Post

from .terms import state_of


class RenewalForm(forms.Form):
    """The form begins with the present terms. The contract keeps the day on which it began."""

    posts = forms.MultipleChoiceField(
        label="职务",
        choices=Post.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个职务。"},
        help_text="不变更职务的，保持原样。可多选。",
    )
    contract_to = DayField(
        label="合同期止", required=False, help_text="续签的，填写新的合同结束日期；改为无固定期限的，清空。"
    )

    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, employment: Employment | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employment = employment
        if employment is not None:
            present = {"posts": employment.posts, "contract_to": employment.contract_to, "seen": state_of(employment)}
            self.initial = {**present, **self.initial}

    def show_again(self, seen: str) -> None:
        """Keeps what was typed, on a page that shows the terms of this mark."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["seen"] = seen
        self.data = typed

    def clean_contract_to(self) -> Any:
        ends = self.cleaned_data["contract_to"]
        begins = self.employment.contract_from if self.employment is not None else None
        if ends and begins and ends < begins:
            raise forms.ValidationError(f"合同结束日期不能早于开始日期（{chinese_date(begins)}）。")
        if ends and ends < localdate():
            raise forms.ValidationError("新的合同结束日期不能早于今天。不再聘用的，请办理“解除聘用”。")
        return ends

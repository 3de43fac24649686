"""Defines the form by which the province adds a reason for reviewers to tick."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import LongTextField

from ..business import businesses
from ..models.reasons import REASONED


class NewReasonForm(forms.Form):
    kind = forms.ChoiceField(label="业务", required=False)
    action = forms.ChoiceField(label="用于", choices=[("", "请选择"), *REASONED])
    words = LongTextField(
        label="原因", max_length=200, widget=forms.TextInput(), help_text="会原样写给申请人：缺什么，怎样补。"
    )
    basis = LongTextField(
        label="依据", max_length=200, required=False, widget=forms.TextInput(), help_text="法律、法规的名称和条款。"
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        kinds = [(business.kind, business.title) for business in businesses()]
        self.fields["kind"].choices = [("", "所有业务"), *kinds]  # type: ignore[attr-defined]

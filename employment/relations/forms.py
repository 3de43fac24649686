"""Defines the forms that filter an enterprise's employees and end an employment."""

from __future__ import annotations

from django import forms

from common.forms import LongTextField
from common.text.form_fields import PersonSearchField
from enterprises.enums import Post


class EndForm(forms.Form):
    note = LongTextField(
        label="解除说明",
        max_length=200,
        help_text="本人会看到，例如：劳动合同于2026年10月31日解除。",
        error_messages={"required": "请填写解除说明。"},
    )


class StaffFilters(forms.Form):
    name = PersonSearchField()
    post = forms.ChoiceField(label="职务", choices=[("", "全部"), *Post.choices], required=False)
    contract = forms.ChoiceField(
        label="合同期",
        choices=[("", "全部"), ("soon", "90天内到期"), ("over", "已到期"), ("open", "无固定期限")],
        required=False,
    )

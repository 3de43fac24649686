"""Defines the form in which persons correct what they say about themselves."""

from __future__ import annotations

from django import forms

from accounts.enums import Education, ProfessionalTitle
from accounts.people.rules import clean_phone


class ProfileForm(forms.Form):
    phone = forms.CharField(
        label="手机号码",
        max_length=20,
        help_text="用来接收办理通知，不对外公开。",
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": "请填写手机号码。"},
    )
    education = forms.ChoiceField(
        label="学历",
        choices=[("", "请选择"), *Education.choices],
        help_text="与学历证书一致，考试报名时核对。",
        error_messages={"required": "请选择学历。"},
    )
    professional_title = forms.ChoiceField(
        label="工程类职称", choices=[("", "无"), *ProfessionalTitle.choices], required=False
    )

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

"""Defines the form on which an enterprise keeps its contact data."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError

from common.forms import LongTextField
from common.text.phones import even_phone
from enterprises.enums import EnterpriseGrade


class ContactForm(forms.Form):
    address = LongTextField(
        label="联系地址",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    phone = forms.CharField(
        label="联系电话",
        max_length=50,
        help_text="主管部门联系企业用，例如 0791-86000000。",
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": "请填写联系电话。"},
    )

    grades = forms.MultipleChoiceField(
        label="建筑业企业资质",
        choices=EnterpriseGrade.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="有几项选几项。“人员与证书”页面按其中要求最高的一项计算应配的专职安全生产管理人员。",
        error_messages={"invalid_choice": "请从列出的资质中选择。"},
    )

    def clean_phone(self) -> str:
        phone = even_phone(self.cleaned_data["phone"])
        if not re.fullmatch(r"[0-9+(][0-9()\-转 ]{6,}", phone, re.ASCII | re.IGNORECASE):
            raise ValidationError("请填写电话号码，例如 0791-86000000 或 13800000000。", code="phone")
        return phone

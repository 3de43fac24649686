"""Defines the form that every application on a certificate begins with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from certificates.models import Certificate
from common.forms import LongTextField
from common.text.phones import digits_of_phone
from workflow.private import PhoneField


class CommitmentForm(forms.Form):
    """Every application on a certificate carries the applicant's own commitment."""

    phone = PhoneField(label="联系电话", max_length=40, help_text="办理过程中联系您时使用。")
    note = LongTextField(label="说明", max_length=500, required=False)
    commitment = forms.BooleanField(
        label="本人承诺所填内容和提交的材料真实有效，除已申报和本次申请的以外没有其他省份的有效证书；如有虚假，愿承担相应的法律责任。",
        error_messages={"required": "请阅读并勾选承诺。"},
    )

    def __init__(self, *args: Any, certificates: Sequence[Certificate] = (), **kwargs: Any) -> None:
        self.certificates = list(certificates)
        super().__init__(*args, **kwargs)

    def clean_phone(self) -> str:
        phone = digits_of_phone(self.cleaned_data["phone"])
        if not (phone.isascii() and phone.isdigit() and 7 <= len(phone) <= 12):
            raise forms.ValidationError("请填写11位手机号码，或带区号的固定电话。")
        return phone

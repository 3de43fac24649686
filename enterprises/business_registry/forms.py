"""Defines the form by which a registry clerk registers an enterprise as the business registry knows it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from administration.models import Region
from administration.offices.selectors import PROVINCE
from common.text.uscc import normalise_uscc
from enterprises.register.forms import RegionField


class NewEnterpriseForm(forms.Form):
    code = forms.CharField(
        label="统一社会信用代码",
        max_length=60,
        help_text="看着营业执照逐位输入，18位。名称、法定代表人以工商登记为准，不需要填写。",
        error_messages={"required": "请填写统一社会信用代码。", "max_length": "号码应为18位，现在 %(show_value)d 位。"},
    )
    region = RegionField(
        label="注册地",
        queryset=Region.objects.exclude(pk=PROVINCE).select_related("parent").order_by("code"),
        empty_label="以工商登记为准",
        required=False,
        help_text="工商登记没有写明的，按营业执照选择。",
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            return normalise_uscc(code)
        except ValidationError as error:
            raise ValidationError(f"{error.messages[0]}旧证照请用“旧证照企业登记”。") from error

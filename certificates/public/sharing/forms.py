"""Defines the form of a new share link."""

from __future__ import annotations

from django import forms

from common.forms import DayField, LongTextField


class ShareForm(forms.Form):
    purpose = LongTextField(
        label="用途",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="例如“某某工程投标”。打开链接的人会看到用途，请不要填写身份证号、手机号。",
    )
    ends_on = DayField(label="截止日期")
    with_document = forms.BooleanField(
        label="允许下载电子证书（PDF 和图片）",
        required=False,
        help_text="电子证书上有您的姓名、照片和身份证号码。不勾选的，对方只能看到公开信息和证书现在的状态。",
    )

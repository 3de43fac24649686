"""Defines the forms by which anybody looks up a certificate or verifies a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from certificates.ecert.verifying import MAX_SIZE, SENTENCES, Verdict
from common.forms import UploadField
from common.text.certificate_number import EXAMPLE, CertificateNumber, parse_number
from common.text.form_fields import PersonNameField
from common.text.id_number import normalise_id_number


def _name_field() -> PersonNameField:
    return PersonNameField(label="姓名", max_length=200, help_text="与证书上的姓名一致。")


class LookupForm(forms.Form):
    number = forms.CharField(label="证书编号", max_length=60, help_text=f"例如 {EXAMPLE}，括号全角、半角都可以。")
    name = _name_field()

    field_order = ("number", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean_number(self) -> CertificateNumber:
        number = parse_number(self.cleaned_data["number"])
        if not number.is_local:
            raise ValidationError("这是外省的证书编号。本省只能查询“赣建安”开头的证书，外省证书请向发证省份查询。")
        return number


class IdLookupForm(forms.Form):
    """The form is only ever posted, because an ID number must not stand in an address."""

    id_number = forms.CharField(
        label="身份证号码",
        max_length=40,
        help_text="只用于本次查询，不会保存，也不会出现在网址里。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    name = _name_field()

    field_order = ("id_number", "name")

    def clean_id_number(self) -> str:
        return normalise_id_number(self.cleaned_data["id_number"])


class VerifyForm(forms.Form):
    file = UploadField(
        label="电子证书文件",
        help_text="PDF 格式，不超过 5 MB。请上传原文件；打印后扫描、截图或另存的文件不带签名，无法核验。",
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": "请选择要核验的 PDF 文件。", "empty": "文件是空的，请重新下载原文件后再上传。"},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_SIZE:
            raise ValidationError(SENTENCES[Verdict.TOO_LARGE], code="too_large")
        return file

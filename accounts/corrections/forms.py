"""Defines the forms by which clerks ask for a correction and confirm or refuse it."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.people.fields import IdNumberField
from common.files.uploads import ACCEPTED_SCANS, CheckedUpload, check_upload
from common.forms import LongTextField, UploadField

from .services import Grounds


class GroundsForm(forms.Form):
    """Asks for what every change of the register of persons rests on: the document, the reason and a scan."""

    document = LongTextField(
        label="证明文件及文号",
        max_length=200,
        widget=forms.TextInput(),
        error_messages={"required": "请填写证明文件的名称和文号。"},
    )
    reason = LongTextField(
        label="办理说明",
        max_length=500,
        error_messages={"required": "请写明办理的原因和怎样核对本人。"},
    )
    evidence = UploadField(
        label="证明扫描件",
        help_text="JPG、PNG 或 PDF，不超过 10 MB。",
        widget=forms.FileInput(attrs={"accept": ACCEPTED_SCANS}),
        error_messages={"required": "请上传证明扫描件。"},
    )
    is_same_person = forms.BooleanField(
        label="本人在场，已对照登记的人像和证件，确认是同一人。",
        error_messages={"required": "请核对是否同一人后勾选。分不清的，不要提出。"},
    )

    def clean_evidence(self) -> CheckedUpload:
        return check_upload(self.cleaned_data["evidence"])

    @property
    def grounds(self) -> Grounds:
        values = self.cleaned_data
        return Grounds(document=values["document"], reason=values["reason"], evidence=values["evidence"])


class NumberCorrectionForm(GroundsForm):
    field_order = ("id_number", "document", "reason", "evidence", "is_same_person")
    id_number = IdNumberField(
        label="更正后的身份证号码",
        help_text="公安机关证明上更正后的号码。出生日期和性别随号码更正；姓名有变的，更正后再办理“更新身份证信息”。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].help_text = "例如：南昌市公安局东湖分局《公民身份号码更正证明》（东公证〔2026〕12号）。"
        self.fields["reason"].help_text = "原号码为什么有误、怎样核对是同一人（人像、户口簿、原证件）。"
        self.fields["evidence"].help_text = "证明和新身份证一起扫描。JPG、PNG 或 PDF，不超过 10 MB。"


class ConfirmForm(forms.Form):
    id_number = IdNumberField(
        label="更正后的身份证号码", help_text="请看证明扫描件，逐位输入更正后的号码，与提出时填写的一致才能办理。"
    )


class RefuseForm(forms.Form):
    answer = LongTextField(
        label="原因",
        max_length=500,
        help_text="会原样告诉提出的登记点。",
        error_messages={"required": "请写明不予办理或撤回的原因。"},
    )


class DecideForm(forms.Form):
    state = forms.CharField(widget=forms.HiddenInput)
    is_checked = forms.BooleanField(
        label="已对照证明扫描件和登记信息逐项核对。", error_messages={"required": "请核对后勾选。"}
    )

"""Defines the forms by which a registry clerk finds an enterprise and changes its code."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from common.files.uploads import ACCEPTED_SCANS, CheckedUpload, check_upload
from common.forms import DayField, LongTextField, UploadField
from common.text.uscc import even_code

from .services import NewCode


class CodeSearchForm(forms.Form):
    q = forms.CharField(
        label="信用代码或企业名称",
        required=False,
        max_length=60,
        help_text="现用、曾用的号码都可以，须完整；企业名称可以只输几个字。",
    )


class CodeChangeForm(forms.Form):
    code = forms.CharField(
        label="新的统一社会信用代码",
        max_length=60,
        help_text="看着新执照逐位输入，18位。更正录入错误的，也可以填回本企业的曾用号码。",
        error_messages={
            "required": "请填写新的统一社会信用代码。",
            "max_length": "号码应为18位，现在 %(show_value)d 位。",
        },
    )
    document = LongTextField(
        label="变更依据及文号",
        max_length=200,
        widget=forms.TextInput(),
        help_text="例如：南昌市市场监督管理局《变更登记通知书》（洪市监变〔2026〕12号）。",
        error_messages={"required": "请填写变更依据的名称和文号。"},
    )
    document_on = DayField(label="依据日期", error_messages={"required": "请填写依据日期。"})
    reason = LongTextField(
        label="变更说明",
        max_length=500,
        help_text="三证合一、改制或录入更正，怎样核对是同一家企业。理由和办理人永久保存。",
        error_messages={"required": "请写明变更的原因和怎样核对是同一家企业。"},
    )
    evidence = UploadField(
        label="证明扫描件",
        help_text="变更通知书和新执照一起扫描。JPG、PNG 或 PDF，不超过 10 MB。",
        widget=forms.FileInput(attrs={"accept": ACCEPTED_SCANS}),
        error_messages={"required": "请上传变更通知书和新执照。"},
    )
    is_mistake = forms.BooleanField(
        label="原号码是登记错误，从来不是本企业的号码，不作为曾用号码保留。",
        required=False,
        help_text="只在更正录入错误时勾选：原号码随即可以登记给真正的企业。已有人用原号码登录过的，不能勾选。",
    )
    same = forms.BooleanField(
        label="已核对原件，并在登记机关的公示系统中查到新号码，确认是同一家企业。",
        error_messages={"required": "核对原件、确认是同一家企业后才能变更。"},
    )
    seen = forms.CharField(max_length=18, widget=forms.HiddenInput)

    def clean_code(self) -> str:
        return even_code(self.cleaned_data["code"])

    def clean_document_on(self) -> date:
        day: date = self.cleaned_data["document_on"]
        if day > localdate():
            raise ValidationError("依据日期不能晚于今天。")
        return day

    def clean_evidence(self) -> CheckedUpload:
        return check_upload(self.cleaned_data["evidence"])

    @property
    def new_code(self) -> NewCode:
        values = self.cleaned_data
        return NewCode(
            code=values["code"],
            document=values["document"],
            document_on=values["document_on"],
            reason=values["reason"],
            evidence=values["evidence"],
            keeps_former=not values["is_mistake"],
        )


class ConfirmCodeForm(forms.Form):
    code = forms.CharField(
        label="新的统一社会信用代码",
        max_length=60,
        help_text="请看证明扫描件，逐位输入新号码，与提出时填写的一致才能办理。",
        error_messages={
            "required": "请填写新的统一社会信用代码。",
            "max_length": "号码应为18位，现在 %(show_value)d 位。",
        },
    )


class RefuseCodeForm(forms.Form):
    answer = LongTextField(label="原因", max_length=500, error_messages={"required": "请写明不予办理或撤回的原因。"})

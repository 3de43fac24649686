"""Defines the forms by which an absence is explained, and decided on."""

from __future__ import annotations

from django import forms

from common.files.uploads import ACCEPTED_SCANS, CheckedUpload, check_upload
from common.forms import LongTextField, UploadField
from exams.excuses.services import MOST, MOST_COMMENT


class ExcuseForm(forms.Form):
    reason = LongTextField(
        label="为什么没有参加考试",
        max_length=MOST,
        error_messages={"required": "请写明为什么没有参加考试。"},
        help_text="例如：考试当天急诊住院，附诊断证明。只有考试机构看得到。",
    )
    scan = UploadField(
        label="证明",
        help_text="照片或扫描件，JPG、PNG 或 PDF，不超过 10 MB；有几页的，合成一个 PDF。",
        widget=forms.FileInput(attrs={"accept": ACCEPTED_SCANS}),
        error_messages={"required": "请选择要上传的证明。"},
    )

    def clean_scan(self) -> CheckedUpload:
        return check_upload(self.cleaned_data["scan"])


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label="审核结果",
        choices=[("accept", "采纳：登记为因故缺考，报名限制解除"), ("refuse", "不采纳：登记的结果不变")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择审核结果。"},
    )
    comment = LongTextField(
        label="理由",
        max_length=MOST_COMMENT,
        error_messages={"required": "请写明审核的理由。"},
        help_text="本人和企业会看到，请不要写病情等隐私。",
    )

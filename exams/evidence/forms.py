"""Defines the form by which a person uploads a scan."""

from __future__ import annotations

from django import forms

from common.files.uploads import ACCEPTED_SCANS, CheckedUpload, check_upload
from common.forms import UploadField
from exams.enums import EvidenceKind


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(
        label="材料",
        choices=[("", "请选择"), *EvidenceKind.choices],
        error_messages={"required": "请选择是哪一种材料。", "invalid_choice": "请从列表中选择材料。"},
    )
    scan = UploadField(
        label="文件",
        help_text="照片或扫描件，JPG、PNG 或 PDF，不超过 10 MB。",
        widget=forms.FileInput(attrs={"accept": ACCEPTED_SCANS}),
        error_messages={"required": "请选择要上传的文件。"},
    )

    def clean_scan(self) -> CheckedUpload:
        return check_upload(self.cleaned_data["scan"])

"""Defines the forms by which an unmasked list is asked for, and by which the security administrator answers."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import LongTextField

LONGEST = 500


class ExportAskForm(forms.Form):
    reason = LongTextField(
        label="用途和理由",
        max_length=LONGEST,
        help_text="写明用来做什么、给谁看、为什么需要完整的姓名和身份证号码。安全管理员据此审批，并记入审计。",
    )
    form = forms.ChoiceField(
        label="文件格式",
        choices=[("xlsx", "Excel 表格（xlsx）"), ("csv", "文本表格（csv）")],
        initial="xlsx",
        error_messages={"required": "请选择文件格式。", "invalid_choice": "请选择文件格式。"},
    )


class ExportAnswerForm(forms.Form):
    """The pressed button says which."""

    answer = LongTextField(
        label="审批意见", required=False, max_length=LONGEST, help_text="不同意时必填，会原样告诉申请人。"
    )
    decision = forms.ChoiceField(
        label="审批",
        choices=[("approve", "同意"), ("refuse", "不同意")],
        widget=forms.HiddenInput,
        error_messages={"required": "请选择同意或不同意。", "invalid_choice": "请选择同意或不同意。"},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("decision") == "refuse" and not values.get("answer") and "answer" not in self.errors:
            self.add_error("answer", "请写明不同意的原因，会原样告诉申请人。")
        return values

"""Defines the form by which the organiser takes the people of a batch as a table."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import LongTextField
from exams.enums import EntryState
from exams.models import ExamBatch, ExamSession

from .exporting import MAX_PURPOSE


class ExportForm(forms.Form):
    state = forms.ChoiceField(label="状态", choices=[("", "全部状态"), *EntryState.choices], required=False)
    session = forms.ModelChoiceField(
        label="场次",
        queryset=ExamSession.objects.none(),
        required=False,
        empty_label="全部场次，包括还没有座位的",
    )
    form = forms.ChoiceField(label="文件格式", choices=[("xlsx", "xlsx"), ("csv", "csv")])
    purpose = LongTextField(
        label="用途",
        max_length=MAX_PURPOSE,
        rows=2,
        help_text="例如：打印桌贴。文件有完整的身份证号，用途和导出的人会记录。",
        error_messages={"required": "请写明用途。"},
    )

    def __init__(self, *args: Any, batch: ExamBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = batch.sessions.all()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        session = values.pop("session")
        return values | {"session_id": session.pk if session else None}

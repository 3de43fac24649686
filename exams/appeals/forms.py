"""Defines the form of an appeal against a result."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import LongTextField
from exams.models import ExamEntry

REASONS = (
    ("score", "成绩统计或登记有误"),
    ("present", "参加了考试，登记为缺考"),
    ("cause", "因正当理由没有参加考试"),
    ("finding", "没有违纪作弊，或者认定的事实有误"),
    ("other", "其他（请在下面写明）"),
)


class AppealForm(forms.Form):
    reason = forms.ChoiceField(label="复核理由", choices=REASONS, widget=forms.RadioSelect)
    note = LongTextField(
        label="事实和理由",
        max_length=500,
        help_text="写明哪一部分成绩、哪一件事有误，有什么证明。",
        error_messages={"required": "请写明事实和理由，考试机构据此复核。"},
    )
    entry = forms.IntegerField(widget=forms.HiddenInput, disabled=True)
    organiser = forms.IntegerField(widget=forms.HiddenInput, disabled=True, required=False)
    commitment = forms.BooleanField(
        label="本人承诺所写内容和提交的材料真实。", error_messages={"required": "请阅读并勾选承诺。"}
    )

    def __init__(self, *args: Any, entry: ExamEntry | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if entry is not None:
            self.initial.update(entry=entry.pk, organiser=entry.batch.organiser_id)

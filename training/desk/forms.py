"""Defines the forms of an institution: the filter of its records, one record, and why one is corrected or withdrawn."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from accounts.people.fields import IdNumberField
from common.forms import DayField, LongTextField
from common.text.certificate_number import CATEGORIES
from common.text.chinese import single_blanks
from common.text.form_fields import PersonNameField
from common.text.names import LONGEST_NAME
from training.enums import Source
from training.importing import MAX_REASON, parse_hours
from training.models import TrainingRecord
from training.services import NewRecord

STATES = (("", "全部"), ("valid", "有效"), ("withdrawn", "已撤回"))


class RecordFilter(forms.Form):
    name = forms.CharField(label="姓名", required=False, max_length=60, help_text="输入姓名中的几个字。")
    state = forms.ChoiceField(label="状态", choices=STATES, required=False)


class CourseForm(forms.Form):
    """One course of one person; the rules are those of an uploaded file."""

    name = PersonNameField(label="姓名", max_length=LONGEST_NAME, error_messages={"required": "请填写姓名。"})
    course = LongTextField(label="课程", max_length=200, widget=forms.TextInput())
    hours = forms.CharField(label="学时", max_length=20, help_text="最多一位小数，例如 24 或 7.5。")
    starts_on = DayField(label="开始日期")
    ends_on = DayField(label="结束日期", help_text="培训结束以后才能登记。")
    category = forms.ChoiceField(
        label="适用证书",
        choices=[("", "全部证书"), *((category, f"{category}证") for category in CATEGORIES)],
        required=False,
    )

    source = forms.ChoiceField(label="培训方式", choices=Source.choices, required=False)
    overlap_reason = LongTextField(
        label="日期重叠说明",
        max_length=MAX_REASON,
        required=False,
        widget=forms.TextInput(),
        help_text="同一天还有另一门课程的，写明怎样安排，例如上午、下午各一门；没有重叠的不填。",
    )

    def clean_source(self) -> str:
        return self.cleaned_data["source"] or Source.INSTITUTION.value

    def clean_overlap_reason(self) -> str:
        return single_blanks(self.cleaned_data["overlap_reason"])

    def clean_course(self) -> str:
        return single_blanks(self.cleaned_data["course"])

    def clean_hours(self) -> Decimal:
        return parse_hours(self.cleaned_data["hours"])

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if day > localdate():
            raise ValidationError("培训还没有结束，结束后才能登记。")
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and first > last:
            self.add_error("ends_on", "结束日期不能早于开始日期。")
        return values

    def record(self, *, id_number_index: str, institution_id: int | None, institution_name: str) -> NewRecord:
        values = {name: self.cleaned_data[name] for name in CourseForm.base_fields}
        return NewRecord(
            id_number_index=id_number_index,
            institution_id=institution_id,
            institution_name=institution_name,
            **values,
        )


class NewRecordForm(CourseForm):
    field_order = ("name", "id_number")
    id_number = IdNumberField(help_text="18位号码；旧证15位号码会自动换算。与实名制登记的姓名不一致的不能登记。")


class CorrectionForm(CourseForm):
    reason = LongTextField(
        label="更正原因",
        max_length=MAX_REASON,
        help_text="哪一项有误、依据什么更正。本人和审核部门能看到。",
        error_messages={"required": "请写明更正的原因。"},
    )

    @staticmethod
    def values_of(record: TrainingRecord) -> dict[str, Any]:
        values = {name: getattr(record, name) for name in CourseForm.base_fields}
        return values | {"hours": f"{record.hours:f}".removesuffix(".0")}

    def right(self, wrong: TrainingRecord) -> NewRecord:
        """The person and the institution stay."""
        return self.record(
            id_number_index=wrong.id_number_index,
            institution_id=wrong.institution_id,
            institution_name=wrong.institution_name,
        )


class WithdrawalForm(forms.Form):
    reason = LongTextField(
        label="撤回原因",
        max_length=MAX_REASON,
        help_text="例如：没有参加培训、重复登记。本人和审核部门能看到。",
        error_messages={"required": "请写明撤回的原因。"},
    )

"""Defines the forms by which an exam batch is drafted, changed after its announcement, and called off."""

from __future__ import annotations

from typing import Any

from django import forms

from administration.models import Office
from common.forms import DayField, LongTextField
from exams.enums import ExamType
from exams.filters import CATEGORIES
from exams.selectors import grouped_regions, organisers

from .services import MAX_REASON


class BatchForm(forms.Form):
    name = LongTextField(
        label="批次名称", max_length=100, widget=forms.TextInput(), help_text="例如：南昌市2027年第一批安管人员考核。"
    )
    exam_type = forms.ChoiceField(label="考试类型", choices=ExamType.choices)
    region = forms.ChoiceField(
        label="考试地区", help_text="在这一地区注册的企业可以报名；选江西省的，全省企业可以报名。"
    )
    categories = forms.MultipleChoiceField(
        label="证书类别",
        choices=CATEGORIES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个证书类别。"},
    )
    sign_up_from = DayField(label="报名开始")
    sign_up_to = DayField(label="报名截止", help_text="当日仍可报名。")
    exam_from = DayField(label="考试日期", help_text="应在报名截止之后；无故缺考的限制从这一天起算。")
    exam_to = DayField(label="考试结束日期", required=False, help_text="考试只有一天的不填。")
    site = LongTextField(label="考试地点", max_length=300, rows=2)
    quota = forms.IntegerField(label="名额", min_value=1, max_value=100_000)
    organiser = forms.ModelChoiceField(
        label="考试机构",
        queryset=Office.objects.none(),
        required=False,
        empty_label="由省厅登记成绩",
        help_text="由它登记或上传成绩。",
    )
    note = LongTextField(label="说明", max_length=500, required=False, help_text="企业会看到。")
    content = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = grouped_regions()  # type: ignore[attr-defined]
        self.fields["organiser"].queryset = organisers()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Answers the values of a valid form by the fields of the model."""
        values = dict(self.cleaned_data)
        del values["content"]
        values["region_id"] = values.pop("region")
        values["exam_to"] = values["exam_to"] or values["exam_from"]
        return values


class AnnouncedForm(forms.Form):
    """Holds the fields that may still change once enterprises have signed people up."""

    sign_up_to = DayField(label="报名截止", help_text="当日仍可报名。")
    exam_from = DayField(label="考试日期", help_text="改期后，已安排的场次整体移动相同的天数，考场和座位不变。")
    exam_to = DayField(label="考试结束日期", required=False, help_text="考试只有一天的不填。")
    site = LongTextField(label="考试地点", max_length=300, rows=2)
    quota = forms.IntegerField(label="名额", min_value=1, max_value=100_000, help_text="不能少于已占用的名额。")
    organiser = forms.ModelChoiceField(
        label="考试机构", queryset=Office.objects.none(), required=False, empty_label="由省厅登记成绩"
    )
    note = LongTextField(label="说明", max_length=500, required=False)
    reason = LongTextField(
        label="变更的原因",
        max_length=300,
        rows=2,
        required=False,
        help_text="改时间、地点、名额的必填，会告诉已报名的企业和人员。改时间或地点的，他们可以在考试开始前取消报名，不算缺考。",
    )
    content = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organiser"].queryset = organisers()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        del values["content"]
        values["exam_to"] = values["exam_to"] or values["exam_from"]
        return values


class CallOffForm(forms.Form):
    reason = LongTextField(
        label="取消原因",
        max_length=MAX_REASON,
        help_text="报名的企业和人员会看到。",
        error_messages={"required": "请写明取消的原因。"},
    )
    confirmed = forms.BooleanField(
        label="确认取消整个批次：全部报名终止，不计缺考，不能恢复。", error_messages={"required": "请勾选确认。"}
    )

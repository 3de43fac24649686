"""Defines the form that takes a year's plan of holidays."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from administration.calendar.plan import PlannedDay, in_one_text, read_plan, read_text
from common.forms import LongTextField, UploadField
from common.tabular.given_lists import GivenListForm


class PlanForm(GivenListForm):
    """Takes the days of one year."""

    text_field = "rows"
    both = "下面已经粘贴了内容，一次只读一份方案：请清空粘贴的内容，或者不选文件。"
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    table = UploadField(
        label="方案文件",
        required=False,
        help_text="xlsx 或 csv，三列：日期、类型（放假或上班）、名称。",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    rows = LongTextField(
        label="或者粘贴方案",
        required=False,
        max_length=30_000,
        help_text="一行一天，例如：2027年1月1日，放假，元旦。",
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("year", "table", "rows")

    def lines_of_text(self, text: str) -> list[PlannedDay]:
        if not text.strip():
            raise ValidationError("请选择方案文件，或者粘贴方案。", code="required")
        return read_text(text, year=self.cleaned_data["year"])

    def lines_of_file(self, content: bytes, name: str) -> list[PlannedDay]:
        return read_plan(content, name, year=self.cleaned_data["year"])

    @property
    def text(self) -> str:
        """Answers the plan as lines that the confirmation sends again."""
        return in_one_text(self.lines)

"""Defines the form that takes a year's plan of holidays."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from administration.calendar.plan import MOST_BYTES, PlannedDay, in_one_text, read_plan, read_text
from common.forms import LongTextField, UploadField


class PlanForm(forms.Form):
    """Takes a file or pasted lines; of both, one would be left out unseen. `plan` is set once the form is valid."""

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
    plan: list[PlannedDay]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        file, text, year = values.get("table"), values.get("rows", "").strip(), values["year"]
        if file and text:
            self.add_error("table", "下面已经粘贴了内容，一次只读一份方案：请清空粘贴的内容，或者不选文件。")
        elif not file and not text:
            self.add_error("table", "请选择方案文件，或者粘贴方案。")
        else:
            try:
                content = file.read(MOST_BYTES + 1) if file else b""
                self.plan = read_plan(content, file.name or "", year=year) if file else read_text(text, year=year)
            except ValidationError as error:
                self.add_error("table" if file else "rows", error)
        return values

    @property
    def text(self) -> str:
        """Answers the plan as lines that the confirmation sends again."""
        return in_one_text(self.plan)

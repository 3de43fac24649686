"""Defines the form for a new value of a policy parameter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from administration.parameters.declaration import Declared
from common.dates import parse_date
from common.forms import DocumentNumberField, LongTextField


class ParameterForm(forms.Form):
    """The value takes effect in future. Dates are read as offices write them; the declaration says which numbers are
    allowed.
    """

    effective_from = forms.CharField(
        label="施行日期",
        max_length=30,
        help_text="最早从明天起，例如 2027-01-01。施行以前的申请和决定不受影响。",
        error_messages={"required": "请填写施行日期。"},
    )
    document_number = DocumentNumberField(help_text="修改所依据的文件，例如 赣建办〔2026〕12号。")
    note = LongTextField(label="说明", max_length=200, widget=forms.TextInput(), required=False)
    field_order = ("value", "effective_from", "document_number", "note")

    def __init__(self, *args: Any, declared: Declared, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declared, self.today = declared, today
        if declared.choices:
            self.fields["value"] = forms.ChoiceField(label="新取值", choices=[("", "请选择"), *declared.choices])
        else:
            span = f"{declared.minimum} 至 {declared.maximum} {declared.unit}"
            widget = forms.TextInput(attrs={"inputmode": "numeric"})
            self.fields["value"] = forms.CharField(
                label=f"新取值（{declared.unit}）", max_length=10, help_text=f"整数，{span}。", widget=widget
            )
        self.fields["value"].error_messages["required"] = "请填写新取值。"
        self.order_fields(self.field_order)

    def clean_value(self) -> int | str:
        return self.declared.clean(self.cleaned_data["value"])

    def clean_effective_from(self) -> date:
        day = parse_date(self.cleaned_data["effective_from"])
        if day <= self.today:
            raise forms.ValidationError("施行日期应在今天之后：已经施行的取值不能更改，以前的决定按它作出。")
        return day

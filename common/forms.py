"""Defines form fields that every app may use."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from common.dates import parse_date


class DayField(forms.Field):
    """Reads a date in any form that offices write; browsers offer a calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        return parse_date(value) if value not in self.empty_values else None

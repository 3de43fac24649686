"""Defines form fields that every app may use."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.dates import parse_date


class UploadField(forms.FileField):
    """Refuses a file whose bytes were not kept (`common.web.upload_handlers`) with the reason, not as an empty one."""

    def to_python(self, data: Any) -> Any:
        if refusal := getattr(data, "refusal", ""):
            raise ValidationError(refusal, code="not-received")
        return super().to_python(data)


class DayField(forms.Field):
    """Reads a date in any form that offices write; browsers offer a calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        return parse_date(value) if value not in self.empty_values else None


class DocumentNumberField(forms.CharField):
    """The number of the paper on which an act of an office rests; every such act needs one."""

    def __init__(
        self, *, label: str = "文号", missing: str = "请填写文号", max_length: int = 100, **kwargs: Any
    ) -> None:
        messages = {"required": f"{missing}。", "max_length": f"文号最多 {max_length} 个字。"}
        super().__init__(label=label, max_length=max_length, error_messages=messages, **kwargs)

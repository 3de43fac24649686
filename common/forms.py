"""Defines form fields that every app may use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.text import Truncator

from common.dates import parse_date
from common.findings import Finding
from common.text.chinese import unified_lines

MISSING = "请填写或选择。"
"""Every field says so that was left empty; pages name the field instead (`missing`)."""
_ADDED = re.compile(r"（[^）]*）")
_LONGEST_NAME = 20


def missing(field: BoundField) -> str:
    """Asks for what was left empty by the name of its field, with the verb that fits the control."""
    widget, label = field.field.widget, _ADDED.sub("", str(field.label or "")).strip(" ：。")
    if isinstance(widget, forms.CheckboxInput):
        return f"请勾选“{Truncator(label).chars(_LONGEST_NAME)}”。"
    verb = "上传" if isinstance(widget, forms.FileInput) else "选择" if isinstance(widget, forms.Select) else "填写"
    if not label or len(label) > _LONGEST_NAME:
        return f"请{verb}这一项。"
    return f"请{label}。" if label.startswith(("选择", "上传", "填写")) else f"请{verb}{label}。"


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


class LongTextField(forms.CharField):
    """Text of some length: a line break counts once, as in the browser; what is too long is refused and never cut."""

    def __init__(self, *, max_length: int, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        return unified_lines(super().to_python(value) or "")


class DocumentNumberField(forms.CharField):
    """The number of the paper on which an act of an office rests; every such act needs one."""

    def __init__(
        self, *, label: str = "文号", missing: str = "请填写文号", max_length: int = 100, **kwargs: Any
    ) -> None:
        messages = {"required": f"{missing}。", "max_length": f"文号最多 {max_length} 个字。"}
        super().__init__(label=label, max_length=max_length, error_messages=messages, **kwargs)


def said_at_fields(form: forms.Form, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Puts the refusals that name a field of the form (`facts["field"]`) at that field, and answers the others.

    One with a cure is answered, too: its link has no place at a field. The form is valid, since a service has refused.
    """
    rest = []
    for finding in findings:
        field = str(finding.facts.get("field", ""))
        if field in form.fields:
            form.add_error(field, f"{finding.message}。{finding.detail}" if finding.detail else f"{finding.message}。")
        if field not in form.fields or finding.cure:
            rest.append(finding)
    return tuple(rest)

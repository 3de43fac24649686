"""Defines the form of a cancellation that the holder asks for."""

from __future__ import annotations

from django import forms

from certificates.filing.commitment import CommitmentForm
from certificates.filing.fields import CHOOSE

REASONS = (
    CHOOSE,
    ("leaving", "不再从事安全生产管理工作"),
    ("duplicate", "同时持有多本证书，注销其中一本"),
    ("retired", "退休"),
    ("elsewhere", "到其他省份从业"),
    ("other", "其他（请在说明中写明）"),
)


class CancellationForm(CommitmentForm):
    reason = forms.ChoiceField(
        label="注销原因",
        choices=REASONS,
        error_messages={"required": "请选择注销原因。"},
        help_text="注销后不能恢复，以后再要这类证书须重新参加考核。",
    )
    field_order = ("reason", "phone", "note", "commitment")

    def clean(self) -> dict[str, object] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reason") == "other" and not str(cleaned.get("note", "")).strip():
            self.add_error("note", "选择“其他”时，请写明原因。")
        return cleaned

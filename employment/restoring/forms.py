"""Defines the form that restores employments."""

from __future__ import annotations

from django import forms

from common.forms import LongTextField


class RestoreForm(forms.Form):
    reason = LongTextField(
        label="恢复的理由",
        max_length=500,
        help_text="写明更正证明的名称和文号，会留在审计记录中。",
        error_messages={"required": "请写明恢复的理由。"},
    )

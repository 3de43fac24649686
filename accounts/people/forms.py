"""Defines the form that asks clerks and administrators for a reason."""

from __future__ import annotations

from django import forms

from common.forms import LongTextField


class ReasonForm(forms.Form):
    reason = LongTextField(
        label="原因和核实方式",
        max_length=200,
        widget=forms.TextInput(),
        help_text="例如：手机丢失，本人到场，核对工作证。会记入审计，并告知本人。",
        error_messages={"required": "请填写原因和核实本人的方式。"},
    )

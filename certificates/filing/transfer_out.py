"""Defines the form of a transfer to another province."""

from __future__ import annotations

from django import forms

from certificates.enums import PROVINCES
from certificates.filing.commitment import CommitmentForm
from common.forms import LongTextField


class TransferOutForm(CommitmentForm):
    destination = forms.ChoiceField(label="调入省份", choices=[("", "请选择"), *((name, name) for name in PROVINCES)])
    new_enterprise = LongTextField(label="调入单位", max_length=160, widget=forms.TextInput())
    field_order = ("destination", "new_enterprise", "phone", "note", "commitment")

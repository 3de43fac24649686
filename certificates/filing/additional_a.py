"""Defines the form of an additional A certificate."""

from __future__ import annotations

from typing import Any

from django import forms

from certificates.filing.commitment import CommitmentForm


class AdditionalAForm(CommitmentForm):
    """The enterprise was chosen on the page before, so the form holds the commitment only."""

    enterprise = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("enterprise", "phone", "note", "commitment")

    def __init__(self, *args: Any, enterprise_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].disabled = True
        self.fields["enterprise"].initial = enterprise_id

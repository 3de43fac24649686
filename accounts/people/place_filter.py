"""Defines the filter of the public list of offices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from administration.enums import OfficeKind

from .offices import AUTHORITIES

KINDS = (
    (AUTHORITIES, "主管部门"),
    (OfficeKind.REGISTRATION.value, OfficeKind.REGISTRATION.label),
    (OfficeKind.TRAINING.value, OfficeKind.TRAINING.label),
    (OfficeKind.ORGANISER.value, OfficeKind.ORGANISER.label),
)


class OfficeFilter(forms.Form):
    city = forms.ChoiceField(label="设区市", required=False)
    kind = forms.ChoiceField(label="找什么", choices=[("", "全部"), *KINDS], required=False)

    def __init__(self, data: Any, *, cities: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["city"].choices = [("", "全省"), *cities]  # type: ignore[attr-defined]

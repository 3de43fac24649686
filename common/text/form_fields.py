"""Defines form fields for names, whose value is the spelling that is stored, whatever was typed or pasted."""

from __future__ import annotations

from typing import Any

from django import forms

from .names import normalise_name, validate_name
from .organisations import normalise_organisation_name, validate_organisation_name


class PersonNameField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return normalise_name(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            validate_name(value)


class OrganisationNameField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return normalise_organisation_name(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            validate_organisation_name(value)


class PersonSearchField(forms.CharField):
    """Takes part of a name, which is evened out like the names that are searched, and never refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": "姓名", "max_length": 100, "required": False, **options})

    def to_python(self, value: Any) -> str:
        return normalise_name(super().to_python(value) or "")

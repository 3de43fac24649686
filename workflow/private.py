"""Defines form fields with numbers of persons.

Others than the filer read them masked; an office reads them in full on an audited request.
"""

from __future__ import annotations

from django import forms

from common.text.masking import mask_phone


class PrivateCharField(forms.CharField):
    """The application stores it encrypted like everything of its payload."""

    def masked(self, text: str) -> str:
        return "*" * len(text)


class PhoneField(PrivateCharField):
    def masked(self, text: str) -> str:
        return mask_phone(text)

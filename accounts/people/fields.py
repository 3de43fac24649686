"""Defines form fields that several rooms share: the ID number, passwords, pictures and codes of a second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.text.id_number import normalise_id_number

LARGEST_PICTURE = 20 * 1024 * 1024
PICTURE_TYPES = "image/jpeg,image/png"
LONGEST_PASSWORD = 128


class IdNumberField(forms.CharField):
    """Full-width digits, blanks and numbers of 15 digits are understood; the value is the normalised number."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": kwargs.pop("autocomplete", "off"), "spellcheck": "false", "maxlength": 40}
        )
        super().__init__(label="身份证号码", widget=widget, error_messages={"required": "请填写身份证号码。"}, **kwargs)

    def clean(self, value: Any) -> str:
        return normalise_id_number(super().clean(value))


class PasswordField(forms.CharField):
    def __init__(self, *, label: str = "密码", autocomplete: str = "current-password", help_text: str = "") -> None:
        super().__init__(
            label=label,
            strip=False,
            max_length=LONGEST_PASSWORD,
            help_text=help_text,
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
            error_messages={"required": f"请填写{label}。"},
        )


class PictureField(forms.FileField):
    """The field only checks that the picture can be read into memory; the service checks what it shows."""

    def __init__(self, *, label: str, help_text: str, required: bool = True) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            widget=forms.FileInput(attrs={"accept": PICTURE_TYPES}),
            error_messages={"required": f"请选择{label}文件。", "empty": "文件是空的，请重新选择。"},
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file is not None and file is not initial and file.size > LARGEST_PICTURE:
            raise ValidationError(f"文件不能超过 {LARGEST_PICTURE // 1024 // 1024} MB。", code="size")
        return file


class CodeField(forms.CharField):
    """Takes six digits of an authenticator or a recovery code, which `credentials.totp.verify` judges."""

    def __init__(self, *, label: str = "验证码", help_text: str = "") -> None:
        super().__init__(
            label=label,
            max_length=20,
            help_text=help_text,
            widget=forms.TextInput(
                attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
            ),
            error_messages={"required": f"请填写{label}。"},
        )

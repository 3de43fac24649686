"""Defines form fields that several rooms share: the ID number, passwords, pictures and codes of a second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from common.files.images import browser_picture
from common.files.kinds import SHOWN_BY_BROWSERS, picture_of
from common.files.uploads import ACCEPTED_PICTURES
from common.forms import UploadField
from common.text.id_number import normalise_id_number

LARGEST_PICTURE = 20 * 1024 * 1024
LONGEST_PASSWORD = 128


class IdNumberField(forms.CharField):
    """Full-width digits, blanks and numbers of 15 digits are understood; the value is the normalised number."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": kwargs.pop("autocomplete", "off"), "spellcheck": "false", "maxlength": 40}
        )
        label = kwargs.pop("label", "身份证号码")
        super().__init__(label=label, widget=widget, error_messages={"required": f"请填写{label}。"}, **kwargs)

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


class PictureField(UploadField):
    """The field only checks that the picture can be read into memory; the service checks what it shows.

    HEIC and other formats of telephones come out as JPEG.
    """

    def __init__(self, *, label: str, help_text: str, required: bool = True) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            widget=forms.FileInput(attrs={"accept": ACCEPTED_PICTURES}),
            error_messages={"required": f"请选择{label}文件。", "empty": "文件是空的，请重新选择。"},
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file is not None and file is not initial and file.size > LARGEST_PICTURE:
            raise ValidationError(f"文件不能超过 {LARGEST_PICTURE // 1024 // 1024} MB。", code="size")
        return file if file is None or file is initial else _as_browsers_show_it(file)


def _as_browsers_show_it(file: Any) -> Any:
    data: bytes = file.read()
    file.seek(0)
    # What is no picture at all is named by the service, together with everything else.
    if picture_of(data) in (None, *SHOWN_BY_BROWSERS):
        return file
    return SimpleUploadedFile(str(file.name), browser_picture(data), "image/jpeg")


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

"""Defines the forms of the second verification and of its review by clerks."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.people.fields import PictureField
from common.forms import LongTextField
from common.text.chinese import half_width


class CounterCodeForm(forms.Form):
    code = forms.CharField(
        label="窗口核验码",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "请填写窗口核验码。"},
    )

    def clean_code(self) -> str:
        code = re.sub(r"[-\s]", "", half_width(self.cleaned_data["code"]))
        if not re.fullmatch(r"[0-9]{8}", code):
            raise ValidationError("核验码是 8 位数字，请对照回执填写。", code="form")
        return code


class FacePhotoForm(forms.Form):
    photo = PictureField(label="照片", help_text="正对镜头、光线充足、只有您一个人。由窗口人员与登记的人像核对。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].widget.attrs.update({"accept": "image/*", "capture": "user"})


class FaceReviewForm(forms.Form):
    reason = LongTextField(
        label="理由",
        max_length=200,
        required=False,
        help_text="不通过时必填，本人会看到。例如：面部被遮挡，请重拍。",
    )

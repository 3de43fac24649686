"""Defines the form of a list, and those of a key."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.forms import DayField, LongTextField, UploadField

from .lists import MOST_BYTES, MOST_PASTED, MOST_ROWS, Line, lines_of_file, lines_of_text
from .services import LONGEST_MONTHS

_ACCEPT = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = "page"


class PasteForm(forms.Form):
    """Is for everybody."""

    pasted = LongTextField(
        label="证书编号和姓名",
        max_length=20_000,
        rows=8,
        help_text=f"每行一本，先写编号，再写姓名，最多 {MOST_PASTED} 行。可以从表格里直接复制两列。",
        error_messages={"required": "请粘贴要核验的证书，每行一本。"},
    )
    form = forms.ChoiceField(
        label="结果", choices=[(PAGE, "在网页上看"), ("xlsx", "下载表格（xlsx）"), ("csv", "下载表格（csv）")]
    )

    def clean_pasted(self) -> list[Line]:
        return lines_of_text(self.cleaned_data["pasted"])

    @property
    def lines(self) -> list[Line]:
        lines: list[Line] = self.cleaned_data["pasted"]
        return lines


class ListForm(forms.Form):
    """Is for whoever has a login."""

    file = UploadField(
        label="名单",
        help_text=f"xlsx 或 csv，要有“证书编号”“姓名”两列，最多 {MOST_ROWS:,} 行、{MOST_BYTES // 1_000_000} MB。",
        widget=forms.FileInput(attrs={"accept": _ACCEPT}),
        error_messages={"required": "请选择要核验的名单。", "empty": "文件是空的，请重新选择。"},
    )
    form = forms.ChoiceField(label="报告", choices=[("xlsx", "表格（xlsx）"), ("csv", "表格（csv）")])

    def clean_file(self) -> list[Line]:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(f"文件超过 {MOST_BYTES // 1_000_000} MB：请分成几个文件上传。", code="too_large")
        return lines_of_file(file.read(), file.name or "")

    @property
    def lines(self) -> list[Line]:
        lines: list[Line] = self.cleaned_data["file"]
        return lines


class KeyForm(forms.Form):
    holder = LongTextField(
        label="使用单位",
        max_length=100,
        widget=forms.TextInput(),
        help_text="使用密钥的单位全称。",
        error_messages={"required": "请填写使用单位。"},
    )
    purpose = LongTextField(
        label="用途",
        max_length=200,
        widget=forms.TextInput(),
        help_text="例如：招标投标资格审查。申请文件的文号也写在这里。",
        error_messages={"required": "请填写用途。"},
    )
    rows_per_day = forms.IntegerField(
        label="每天最多核验条数",
        min_value=1,
        initial=10_000,
        error_messages={"required": "请填写条数。", "invalid": "请填写整数。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    expires_on = DayField(
        label="有效期至",
        help_text=f"最长 {LONGEST_MONTHS} 个月。到期前可以另发一个新密钥。",
        error_messages={"required": "请填写有效期。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class RevokeForm(forms.Form):
    reason = LongTextField(
        label="停用原因",
        max_length=200,
        widget=forms.TextInput(),
        error_messages={"required": "请填写停用原因。"},
    )

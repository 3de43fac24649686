"""Defines the forms by which an enterprise signs people up for an exam, and gives a list of ID numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.forms import LongTextField, UploadField

from .pasted import MOST_BYTES, MOST_LINES, Line, lines_of_file, lines_of_text

LONGEST_TEXT = 60_000
BOTH = "上面已经粘贴了号码，一次只核对一份名单：请清空粘贴的内容再上传，或者不选文件直接核对。"


class SignUpForm(forms.Form):
    """The form holds the commitment; people are ticked in the table."""

    commitment = forms.BooleanField(error_messages={"required": "请阅读并勾选承诺。"})

    def __init__(self, *args: Any, years: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        experience = f"从事建筑施工相关工作满 {years} 年，" if years else ""
        label = f"本企业承诺：报名人员{experience}所填内容真实，并通知其按时参加考试。"
        self.fields["commitment"].label = label
        self.fields["commitment"].help_text = "承诺一次，对本次提交的全部人员都有效。"


class ListForm(forms.Form):
    """Takes either a text or a file: of both, one would be left out unseen. `lines` is set once the form is valid."""

    numbers = LongTextField(
        label="粘贴身份证号",
        required=False,
        max_length=LONGEST_TEXT,
        help_text=f"一行一个，可以带姓名；从表格里整列复制过来也行。最多 {MOST_LINES} 人。",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    table = UploadField(
        label="或者上传表格",
        required=False,
        help_text="xlsx 或 csv，有“身份证号”一列就行。",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    lines: list[Line]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        file, name = values.get("table"), "table" if values.get("table") else "numbers"
        try:
            self.lines = (
                lines_of_file(file.read(MOST_BYTES + 1), file.name or "")
                if file
                else lines_of_text(values.get("numbers", ""))
            )
        except ValidationError as error:
            self.add_error(name, error)
        else:
            if file and values.get("numbers", "").strip():
                self.add_error("table", BOTH)
        return values

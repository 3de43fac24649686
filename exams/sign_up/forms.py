"""Defines the forms by which an enterprise signs people up for an exam, and gives a list of ID numbers."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import LongTextField
from common.tabular.given_lists import LONGEST_TEXT, MOST_LINES, GivenListForm

from .pasted import Line, lines_of_file, lines_of_text


class SignUpForm(forms.Form):
    """The form holds the commitment; people are ticked in the table."""

    commitment = forms.BooleanField(error_messages={"required": "请阅读并勾选承诺。"})

    def __init__(self, *args: Any, years: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        experience = f"从事建筑施工相关工作满 {years} 年，" if years else ""
        label = f"本企业承诺：报名人员{experience}所填内容真实，并通知其按时参加考试。"
        self.fields["commitment"].label = label
        self.fields["commitment"].help_text = "承诺一次，对本次提交的全部人员都有效。"


class ListForm(GivenListForm):
    """Takes ID numbers; names may stand beside them."""

    text_field = "numbers"
    numbers = LongTextField(
        label="粘贴身份证号",
        required=False,
        max_length=LONGEST_TEXT,
        help_text=f"一行一个，可以带姓名；从表格里整列复制过来也行。最多 {MOST_LINES} 人。",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("numbers", "table")
    lines: list[Line]

    def lines_of_text(self, text: str) -> list[Line]:
        return lines_of_text(text)

    def lines_of_file(self, content: bytes, name: str) -> list[Line]:
        return lines_of_file(content, name)

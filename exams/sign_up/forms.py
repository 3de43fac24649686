"""Defines the form by which an enterprise signs people up for an exam."""

from __future__ import annotations

from typing import Any

from django import forms


class SignUpForm(forms.Form):
    """The form holds the commitment; people are ticked in the table."""

    commitment = forms.BooleanField(error_messages={"required": "请阅读并勾选承诺。"})

    def __init__(self, *args: Any, years: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        experience = f"从事建筑施工相关工作满 {years} 年，" if years else ""
        self.fields["commitment"].label = f"本企业承诺：报名人员{experience}所填内容真实，并通知其按时参加考试。"

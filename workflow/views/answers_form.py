"""Defines the form by which the province keeps the questions of the guides, and the search of the guides."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import LongTextField

from ..business import businesses
from ..topics import TOPICS


class AnswerForm(forms.Form):
    kind = forms.ChoiceField(label="显示在", required=False)
    question = LongTextField(
        label="问题", max_length=200, widget=forms.TextInput(), help_text="用办事人的话写，例如：学时不够，怎么办？"
    )
    answer = LongTextField(
        label="回答",
        max_length=2000,
        rows=5,
        help_text="先说怎么做、由谁做、在哪里做，再说为什么。不写任何人的姓名、号码。",
    )
    reason = LongTextField(
        label="对应的退回或不予通过原因",
        max_length=200,
        required=False,
        widget=forms.TextInput(),
        help_text="与“常用原因”中的文字一致的，每晚统计近12个月的件数，多的排在前面。",
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        guides = [(one.kind, one.title) for one in (*businesses(), *TOPICS)]
        self.fields["kind"].choices = [("", "所有指南"), *guides]  # type: ignore[attr-defined]


class SearchForm(forms.Form):
    q = LongTextField(
        label="搜指南、常见问题和名词",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "例如：学时不够怎么办"}),
    )

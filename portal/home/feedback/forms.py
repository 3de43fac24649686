"""Defines the form of what is said about a page, the filters of the list, and the answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from administration.enums import FeedbackKind
from administration.models import Feedback
from common.forms import LongTextField
from common.web.addresses import speakable_path

WAITING, ANSWERED = "waiting", "answered"
TRAP = "website"
"""The field that people do not see, and programs fill."""
FILLED_TRAP = "有一个隐藏的栏目被填写了，可能是浏览器自动填的，已经清空。内容还在，请再提交一次。"


class FeedbackForm(forms.Form):
    """The trap has no field here: it is drawn empty each time, so that whoever is no program succeeds the second time."""

    kind = forms.ChoiceField(label="类型", choices=[("", "请选择"), *FeedbackKind.choices])
    text = LongTextField(
        label="内容",
        max_length=2000,
        rows=6,
        help_text="页面出错的，写明做了什么、看到什么。请不要写身份证号码和密码。",
    )
    contact = LongTextField(
        label="联系方式",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="需要答复的，请留手机号码或电子邮箱。",
    )
    page = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, has_mailbox: bool, **kwargs: Any) -> None:
        """Whoever gets the answer among the messages is not asked how to be reached."""
        super().__init__(data, **kwargs)
        if has_mailbox:
            del self.fields["contact"]

    def clean_page(self) -> str:
        return speakable_path(self.cleaned_data["page"])

    def clean(self) -> dict[str, Any]:
        if self.data.get(TRAP):
            raise forms.ValidationError(FILLED_TRAP)
        return self.cleaned_data


class FeedbackFilters(forms.Form):
    """The filters are bound to the address; an invalid value filters nothing."""

    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), (WAITING, "待答复"), (ANSWERED, "已答复")]
    )
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部"), *FeedbackKind.choices])

    def narrowed(self, rows: QuerySet[Feedback]) -> QuerySet[Feedback]:
        self.is_valid()
        if kind := self.cleaned_data.get("kind"):
            rows = rows.filter(kind=kind)
        if state := self.cleaned_data.get("state"):
            rows = rows.filter(answered_at__isnull=state == WAITING)
        return rows


class AnswerForm(forms.Form):
    answer = LongTextField(label="答复", max_length=1000, rows=6)

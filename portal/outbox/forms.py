"""Defines the form of one event's channels and words, and the filters of the log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from administration.enums import Channel, DeliveryState, Receipt
from administration.messages.events import EVENTS
from administration.messages.wording import SOURCES
from administration.models import Delivery, MessageChoice
from administration.outbox.choices import MOST_PARAMETERS, told_outside
from common.forms import LongTextField

_PLACES = "、".join(f"{{{label}}}" for label in SOURCES.values())


class ChoiceForm(forms.Form):
    is_sms_on = forms.BooleanField(label="发短信", required=False)
    sms_template = forms.RegexField(
        r"^[0-9A-Za-z_.:-]+$",
        label="短信模板编号",
        max_length=60,
        required=False,
        help_text="短信服务商审核通过后给出的编号。",
        error_messages={"invalid": "编号只有字母、数字和 _ . : - 。"},
    )
    sms_text = LongTextField(
        label="短信模板文字",
        max_length=500,
        required=False,
        help_text="与审核通过的文字一字不差，变量写作 {1}、{2}。不含签名。",
    )
    is_email_on = forms.BooleanField(label="发电子邮件", required=False)
    email_subject = LongTextField(label="邮件标题", max_length=200, required=False, widget=forms.TextInput())
    email_text = LongTextField(
        label="邮件正文", max_length=4000, rows=8, required=False, help_text=f"可以写：{_PLACES}。"
    )

    def __init__(self, data: Any = None, *, choice: MessageChoice) -> None:
        initial = {name: getattr(choice, name) for name in self.base_fields}
        initial |= {f"parameter_{place}": source for place, source in enumerate(choice.sms_parameters, start=1)}
        super().__init__(data, initial=initial)
        for place in range(1, MOST_PARAMETERS + 1):
            self.fields[f"parameter_{place}"] = forms.ChoiceField(
                label=f"变量 {{{place}}}", required=False, choices=[("", "没有"), *SOURCES.items()]
            )
        places = [f"parameter_{place}" for place in range(1, MOST_PARAMETERS + 1)]
        self.order_fields(["is_sms_on", "sms_template", "sms_text", *places, *self.base_fields])

    def values(self) -> dict[str, object]:
        """A place that was left empty ends the list; the text is checked against it."""
        given = {name: self.cleaned_data[name] for name in self.base_fields}
        sources = [self.cleaned_data[f"parameter_{place}"] for place in range(1, MOST_PARAMETERS + 1)]
        return {**given, "sms_parameters": [source for source in sources if source]}


class LogFilters(forms.Form):
    """The filters are bound to the address; an invalid value filters nothing."""

    event = forms.ChoiceField(label="事项", required=False)
    channel = forms.ChoiceField(label="渠道", required=False, choices=[("", "全部"), *Channel.choices])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *DeliveryState.choices, *Receipt.choices]
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        events = [(key, EVENTS[key].title) for key in told_outside()]
        self.fields["event"].choices = [("", "全部"), *events]  # type: ignore[attr-defined]  # of a ChoiceField

    def narrowed(self, rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
        self.is_valid()
        for name in ("event", "channel"):
            if value := self.cleaned_data.get(name):
                rows = rows.filter(**{name: value})
        if state := self.cleaned_data.get("state"):
            rows = rows.filter(**{"receipt" if state in Receipt.values else "state": state})
        return rows

"""Defines the filters of the inbox."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from administration.enums import MessageKind
from administration.models import Message


class MessageFilters(forms.Form):
    """The filters are bound to the address; an invalid value filters nothing."""

    kind = forms.ChoiceField(label="类别", required=False)
    unread = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), ("1", "未读")])

    def __init__(self, *args: Any, for_office: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [one for one in MessageKind if for_office or one != MessageKind.OFFICE]
        self.fields["kind"].choices = [("", "全部类别"), *((one.value, one.label) for one in shown)]  # type: ignore[attr-defined]

    def narrowed(self, received: QuerySet[Message]) -> QuerySet[Message]:
        self.is_valid()
        if kind := self.cleaned_data.get("kind"):
            received = received.filter(kind=kind)
        return received.filter(read_at__isnull=True) if self.cleaned_data.get("unread") else received

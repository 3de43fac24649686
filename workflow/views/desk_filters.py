"""Narrows the queue of one desk of an office, as its address says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q

from common.forms import LongTextField

from ..actors import Actor
from ..business import Business
from ..forms import QueueFilters
from ..selectors.case_use import is_free_for, is_reserved_by


class DeskFilters(QueueFilters):
    """`used` asks who has reserved a case. Words come from the search, which is posted (`find_case`)."""

    q = LongTextField(label="查找的文字", required=False, max_length=100, widget=forms.HiddenInput())
    used = forms.ChoiceField(
        label="占用",
        required=False,
        choices=[("", "全部"), ("mine", "我占用的"), ("free", "没人占用的")],
    )

    def __init__(self, *args: Any, kinds: Sequence[Business], actor: Actor, desk: str, **kwargs: Any) -> None:
        super().__init__(*args, kinds=kinds, own=actor.assigned_as, **kwargs)
        self.actor, self.desk = actor, desk

    def conditions(self, values: dict[str, Any]) -> list[Q]:
        found = super().conditions(values)
        if values.get("used"):
            is_mine = values["used"] == "mine"
            found.append(is_reserved_by(self.actor) if is_mine else is_free_for(self.actor, self.desk))
        return found

    @property
    def branches(self) -> list[Q]:
        return super().branches or ([Q()] if self.cleaned_data.get("used") == "mine" else [])

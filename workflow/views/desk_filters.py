"""Narrows and orders the queue of one desk of an office, as its address says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.timezone import localdate

from administration.models import Region
from common.database.day_ranges import on_days
from common.forms import DayField, LongTextField
from common.web.paging import PAGE_SIZE

from ..actors import Actor
from ..business import Business
from ..enums import CATEGORIES
from ..forms import SOON_DAYS, QueueFilters
from ..selectors.case_use import is_free_for, is_reserved_by
from ..selectors.lists import QUEUE_ORDER, of_enterprises
from ..selectors.queue_regions import codes_within

ORDERS = {
    "due": QUEUE_ORDER,
    "-due": ("-due_sort",),
    "kind": ("kind", "due_sort"),
    "-kind": ("-kind", "-due_sort"),
    "category": ("category", "due_sort"),
    "-category": ("-category", "-due_sort"),
    "applicant": ("applicant_sort", "due_sort"),
    "-applicant": ("-applicant_sort", "-due_sort"),
    "enterprise": ("firm_sort", "due_sort"),
    "-enterprise": ("-firm_sort", "-due_sort"),
    "marks": ("mark_sort", "due_sort"),
    "-marks": ("-mark_sort", "-due_sort"),
    "entered": ("desk_entered_at",),
    "-entered": ("-desk_entered_at",),
}
"""Each is read from an index of its own, as `workflow.models.queue_indexes` declares them. Who is at a case right now is no
column of it and runs out with time, so no index has that order; the filter 占用 finds it.
"""
SIZES = (PAGE_SIZE, 50, 100)
MAIN = ("kind", "region", "due", "marked")


class DeskFilters(QueueFilters):
    """`used` asks who has reserved a case. Words come from the search, which is posted (`find_case`)."""

    region = forms.CharField(
        label="地区", required=False, validators=[RegexValidator(r"^\d{6}$")], widget=forms.Select(choices=())
    )
    due = forms.ChoiceField(
        label="期限",
        required=False,
        choices=[
            ("", "全部"),
            ("late", "已超期"),
            ("today", "今天到期"),
            ("soon", f"{SOON_DAYS} 天内到期"),
            ("week", "7 天内到期"),
        ],
    )
    marked = forms.ChoiceField(
        label="标记",
        required=False,
        choices=[("", "全部"), ("returned", "退回过"), ("flagged", "有注意事项"), ("deemed", "视为受理")],
    )
    q = LongTextField(label="查找的文字", required=False, max_length=100, widget=forms.HiddenInput())
    category = forms.ChoiceField(
        label="证书类别", required=False, choices=[("", "全部"), *((one, f"{one}证") for one in CATEGORIES)]
    )
    firm = LongTextField(label="企业或信用代码", required=False, max_length=100, widget=forms.TextInput())
    used = forms.ChoiceField(
        label="占用",
        required=False,
        choices=[("", "全部"), ("mine", "我占用的"), ("free", "没人占用的")],
    )
    since = DayField(label="到本环节，从", required=False)
    until = DayField(label="至", required=False)
    size = forms.ChoiceField(
        label="每页",
        required=False,
        choices=[("", f"{PAGE_SIZE} 件"), *((str(size), f"{size} 件") for size in SIZES[1:])],
    )
    sort = forms.ChoiceField(required=False, choices=[(key, key) for key in ORDERS], widget=forms.HiddenInput())

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[Business],
        actor: Actor,
        desk: str,
        regions: Sequence[Region] = (),
        **kwargs: Any,
    ) -> None:
        """Without `regions` none is offered, and one that the address names is still obeyed."""
        super().__init__(*args, kinds=kinds, own=actor.assigned_as, **kwargs)
        self.actor, self.desk = actor, desk
        self.codes: list[str] = []
        self.fields["region"].widget.choices = [("", "全部"), *((one.code, one.name) for one in regions)]

    def conditions(self, values: dict[str, Any]) -> list[Q]:
        found = super().conditions(values)
        today = localdate()
        if values.get("due") in ("today", "week"):
            last = today if values["due"] == "today" else today + timedelta(days=7)
            found.append(Q(due_sort__range=(today, last)))
        if values.get("marked"):
            marks = {"returned": Q(was_returned=True), "flagged": ~Q(flags=[]), "deemed": Q(deemed_accepted=True)}
            found.append(marks[values["marked"]])
        self.codes = codes_within(values["region"]) if values.get("region") else []
        if self.codes:
            found.append(Q(region__in=self.codes))
        if values.get("category"):
            found.append(Q(category=values["category"]))
        if values.get("firm"):
            found.append(of_enterprises(values["firm"]))
        if values.get("since") or values.get("until"):
            found.append(on_days("desk_entered_at", values.get("since"), values.get("until")))
        if values.get("used"):
            is_mine = values["used"] == "mine"
            found.append(is_reserved_by(self.actor) if is_mine else is_free_for(self.actor, self.desk))
        return found

    @property
    def branches(self) -> list[Q]:
        """The cases of a region are read from an index of regions, each in the order in which they are due."""
        values = self.cleaned_data
        if values.get("used") == "mine" or values.get("firm"):
            # Few cases fit: their keys are sorted before the rows are read.
            return [Q()]
        by_due = self.order in (ORDERS["due"], ORDERS["-due"])
        return super().branches or ([Q(region=code) for code in self.codes] if by_due else [])

    @property
    def order(self) -> tuple[str, ...]:
        return ORDERS[self.cleaned_data.get("sort") or "due"]

    @property
    def page_size(self) -> int:
        return int(self.cleaned_data.get("size") or PAGE_SIZE)

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in MAIN]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in MAIN]

    @property
    def has_more(self) -> bool:
        """The fold of further filters stays open where one of them narrows."""
        return any(self.cleaned_data.get(name) for name in ("whose", "category", "firm", "used", "since", "until"))

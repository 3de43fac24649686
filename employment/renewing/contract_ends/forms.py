"""Defines the filters of the list of contract ends, how far contracts are extended, and the new end of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate

from common.dates import add_months, chinese_date
from common.forms import DayField
from common.text.form_fields import PersonSearchField
from employment.models import Employment
from enterprises.enums import Post

OPEN, ON = "open", "on"
USUAL_DAYS = "90"
WITHIN = (
    ("30", "30 天内"),
    ("60", "60 天内"),
    (USUAL_DAYS, "90 天内"),
    ("180", "半年内"),
    ("365", "一年内"),
    ("all", "全部有期限的"),
)


class EndsFilter(forms.Form):
    within = forms.ChoiceField(label="合同到期", choices=WITHIN, required=False, initial=USUAL_DAYS)
    name = PersonSearchField()
    post = forms.ChoiceField(label="职务", choices=[("", "全部"), *Post.choices], required=False)

    def narrowing(self) -> dict[str, Any]:
        """A value that is not offered narrows as the page does without it."""
        values = self.cleaned_data if self.is_valid() else {}
        return {"within": USUAL_DAYS, **{name: value for name, value in values.items() if value}}


class LengthForm(forms.Form):
    """Says how far the ticked contracts go on; each may still be changed on the next page."""

    length = forms.ChoiceField(
        label="续到什么时候",
        choices=[
            ("1", "从原来的到期日再续 1 年"),
            ("2", "从原来的到期日再续 2 年"),
            ("3", "从原来的到期日再续 3 年"),
            ("5", "从原来的到期日再续 5 年"),
            (ON, "都续到同一天"),
            (OPEN, "改为无固定期限"),
        ],
        initial="3",
    )
    until = DayField(label="同一天", required=False, help_text="选“都续到同一天”时填写。")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("length") == ON and not values.get("until") and "until" not in self.errors:
            self.add_error("until", "请填写续到哪一天。")
        return values

    def new_end(self, old: date) -> date | None:
        length = self.cleaned_data["length"]
        if length == OPEN:
            return None
        found: date = self.cleaned_data["until"] if length == ON else add_months(old, 12 * int(length))
        return found


class NewEndsForm(forms.Form):
    """Has one new end for each employment, the mark of the terms that the page has shown, and the promise."""

    promise = forms.BooleanField(
        label="本企业承诺：新的合同期已与本人商定，与续签的劳动合同一致。",
        help_text="承诺一次，对这次提出的全部人员都有效。",
        error_messages={"required": "请阅读并勾选承诺。"},
    )

    def __init__(
        self, *args: Any, employments: Sequence[Employment], ends: Mapping[int, date | None], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.employments = {row.pk: row for row in employments}
        for row in employments:
            widget = forms.DateInput(
                attrs={"type": "date", "class": "form-control", "aria-label": f"{row.person.name}的新合同期止"},
                format="%Y-%m-%d",
            )
            label = f"{row.person.name}的新合同期止"
            self.fields[f"end_{row.pk}"] = DayField(
                label=label, required=False, widget=widget, initial=ends.get(row.pk)
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for pk, row in self.employments.items():
            end, name = values.get(f"end_{pk}"), f"end_{pk}"
            if end and end < row.contract_from:
                self.add_error(name, f"合同结束日期不能早于开始日期（{chinese_date(row.contract_from)}）。")
            elif end and end < localdate():
                self.add_error(name, "新的合同结束日期不能早于今天。")
            elif name not in self.errors and end == row.contract_to:
                self.add_error(name, "与现在登记的相同，请改成新的日期。")
        return values

    def new_ends(self) -> dict[int, date | None]:
        return {pk: self.cleaned_data[f"end_{pk}"] for pk in self.employments}

"""Narrows the list of what an office has done: by day, business, outcome, and words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from common.database.day_ranges import on_days
from common.forms import DayField, LongTextField

from ..business import businesses
from ..enums import Action
from ..forms import kind_choices
from ..selectors.lists import cases_meant

OUTCOMES = (
    (Action.APPROVE, "通过"),
    (Action.RETURN, "退回补正"),
    (Action.REJECT, "不予通过"),
    (Action.ASK, "请上一环节核实"),
    (Action.ANSWER, "核实答复"),
    (Action.ASSIGN, "指定承办人"),
    (Action.REROUTE, "转办"),
    (Action.TAKE_OVER, "接手办理"),
)


class DoneFilters(forms.Form):
    """An invalid value filters nothing."""

    q = LongTextField(label="办件编号、姓名或企业", required=False, max_length=100, widget=forms.TextInput())
    kind = forms.ChoiceField(label="业务", required=False)
    outcome = forms.ChoiceField(
        label="处理", required=False, choices=[("", "全部"), *((one.value, word) for one, word in OUTCOMES)]
    )
    since = DayField(label="从", required=False)
    until = DayField(label="至", required=False)
    scope = forms.ChoiceField(required=False, choices=[("office", "office")], widget=forms.HiddenInput())

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["kind"].choices = kind_choices(businesses())  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def whole_office(self) -> bool:
        return self.cleaned_data.get("scope") == "office"

    @property
    def is_narrow(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "scope")

    def conditions(self) -> Q:
        values, found = self.cleaned_data, Q()
        if values.get("outcome"):
            found &= Q(action=values["outcome"])
        if values.get("kind"):
            found &= Q(application__kind=values["kind"])
        found &= on_days("at", values.get("since"), values.get("until"))
        if values.get("q"):
            found &= Q(application__in=cases_meant(values["q"]))
        return found

"""Defines the forms of the register of staff logins."""

from __future__ import annotations

from django import forms

from accounts.access.home_addresses import ADMINISTRATORS
from accounts.enums import Duty, Sphere
from accounts.people.forms import ReasonForm


class UserFilter(forms.Form):
    words = forms.CharField(label="登录名、姓名或部门", max_length=50, required=False)
    sphere = forms.ChoiceField(
        label="身份",
        required=False,
        choices=[("", "全部"), *((sphere.value, sphere.label) for sphere in (Sphere.STAFF, *sorted(ADMINISTRATORS)))],
    )


class DutiesForm(ReasonForm):
    duties = forms.MultipleChoiceField(
        label="职责", choices=Duty.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("duties", "reason")

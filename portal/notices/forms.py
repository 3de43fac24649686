"""Defines the filter of the notice board."""

from __future__ import annotations

from django import forms

from administration.enums import NoticeKind


class NoticeFilter(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *NoticeKind.choices], required=False)

"""Registries of what the rules run on: regions, offices, calendar, policy parameters, notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.timezone import localdate

from jxcloud.base.registry import KeptRegistry, ReadOnlyRegistry, Registry

from .models import (
    CalendarDay,
    ImportRun,
    JobRun,
    Notice,
    Office,
    OfficeRoute,
    Parameter,
    Region,
    RegionAlias,
)
from .parameters import DECLARED

if TYPE_CHECKING:
    _ParameterForm = forms.ModelForm[Parameter]
else:
    _ParameterForm = forms.ModelForm  # generic for the type checker only


@admin.register(Region)
class RegionAdmin(KeptRegistry):
    list_display = ("code", "name", "parent")
    list_select_related = ("parent",)
    search_fields = ("code__startswith", "name__startswith")
    search_help_text = "代码或名称的开头"

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(RegionAlias)
class RegionAliasAdmin(Registry):
    list_display = ("code", "region")
    list_select_related = ("region",)
    search_fields = ("code__startswith",)


@admin.register(Office)
class OfficeAdmin(KeptRegistry):
    list_display = ("name", "kind", "region", "phone", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("region",)
    search_fields = ("name__contains",)
    fields = ("name", "kind", "region", "address", "phone", "opening_hours", "is_active")


@admin.register(OfficeRoute)
class OfficeRouteAdmin(Registry):
    list_display = ("region", "desk", "office")
    list_filter = ("desk",)
    list_select_related = ("region", "office")
    search_fields = ("region__name__startswith", "office__name__contains")


@admin.register(CalendarDay)
class CalendarDayAdmin(Registry):
    list_display = ("day", "is_workday", "note")
    list_filter = ("is_workday",)
    date_hierarchy = "day"


class ParameterForm(_ParameterForm):
    """What is in force stays as it was: decisions refer to it. Changes are announced for a later day."""

    key = forms.ChoiceField(
        label="参数", choices=[(one.key, f"{one.title}（{one.unit}）") for one in DECLARED.values()]
    )
    value = forms.CharField(label="取值", max_length=20)

    class Meta:
        model = Parameter
        fields = ("key", "value", "effective_from", "document_number", "note")

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        if day <= localdate():
            raise forms.ValidationError("施行日期应在今天之后：已经施行的取值不能更改，以前的决定按它作出。")
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        declared = DECLARED.get(values.get("key", ""))
        if declared is not None and isinstance(declared.seed, int) and "value" in values:
            text = str(values["value"])
            if not (text.isascii() and text.isdecimal() and int(text) > 0):
                self.add_error("value", f"请填写大于 0 的整数，单位：{declared.unit}。")
            else:
                values["value"] = int(text)
        return values


@admin.register(Parameter)
class ParameterAdmin(Registry):
    form = ParameterForm
    list_display = ("title", "value", "unit", "effective_from", "document_number", "is_coming")
    list_filter = ("key",)
    ordering = ("key", "-effective_from")

    @admin.display(description="参数", ordering="key")
    def title(self, row: Parameter) -> str:
        declared = DECLARED.get(row.key)
        return declared.title if declared else row.key

    @admin.display(description="单位")
    def unit(self, row: Parameter) -> str:
        declared = DECLARED.get(row.key)
        return declared.unit if declared else ""

    @admin.display(description="尚未施行", boolean=True)
    def is_coming(self, row: Parameter) -> bool:
        return row.effective_from > localdate()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_coming(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_coming(obj)


def _is_coming(row: Model | None) -> bool:
    return not isinstance(row, Parameter) or row.effective_from > localdate()


@admin.register(Notice)
class NoticeAdmin(KeptRegistry):
    """Taken down by a date, never deleted: links to it are out in the world."""

    list_display = ("title", "kind", "published_at", "withdrawn_at", "office")
    list_filter = ("kind", ("withdrawn_at", admin.EmptyFieldListFilter))
    list_select_related = ("office",)
    search_fields = ("title__contains",)
    fields = ("kind", "title", "body", "published_at", "withdrawn_at", "office")


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyRegistry):
    list_display = ("kind", "file_name", "state", "started_at", "rows_read", "rows_new", "rows_bad", "by")
    list_filter = ("kind", "state")
    exclude = ("upload", "problem_file", "user_id")


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyRegistry):
    list_display = ("name", "day", "state", "started_at", "finished_at", "error")
    list_filter = ("name", "state")

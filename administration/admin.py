"""Declares registries of what the rules use: regions, offices, calendar, policy parameters, notices."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from administration.asking import SEEN, Question, ask
from administration.calendar.asking import AskFirst, in_words, seen_of
from administration.calendar.signals import calendar_changed
from administration.messages.services import open_mailbox
from administration.offices.registry import RoutingRegistry
from administration.parameters.declared import DECLARED
from common.web.admin import KeptRegistry, ReadOnlyRegistry, Registry

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


@admin.register(Region)
class RegionAdmin(KeptRegistry):
    is_small = True
    list_display = ("code", "name", "parent")
    list_select_related = ("parent",)
    search_fields = ("code__startswith", "name__startswith")
    search_help_text = "代码或名称的开头"

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(RegionAlias)
class RegionAliasAdmin(Registry):
    is_small = True
    list_display = ("code", "region")
    list_select_related = ("region",)
    search_fields = ("code__startswith",)


DESCRIBING = {"address", "phone", "opening_hours", "directions"}
"""Whoever writes one of them has looked at all."""


@admin.register(Office)
class OfficeAdmin(RoutingRegistry, KeptRegistry):
    is_small = True
    list_display = ("name", "kind", "region", "phone", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("region",)
    search_fields = ("name__contains",)
    fields = ("name", "kind", "region", "address", "phone", "opening_hours", "directions", "described_on", "is_active")

    def save_model(self, request: HttpRequest, obj: Office, form: Any, change: bool) -> None:
        if obj.mailbox is None:
            obj.mailbox = open_mailbox()
        if DESCRIBING & set(form.changed_data) and "described_on" not in form.changed_data:
            obj.described_on = localdate()
        super().save_model(request, obj, form, change)

    def shown(self, obj: Office, form: Any) -> set[int]:
        return {obj.pk} if {"region", "kind", "is_active"} & set(form.changed_data) else set()


@admin.register(OfficeRoute)
class OfficeRouteAdmin(RoutingRegistry):
    is_small = True
    list_display = ("region", "desk", "office")
    list_filter = ("desk",)
    list_select_related = ("region", "office")
    search_fields = ("region__name__startswith", "office__name__contains")


@admin.register(CalendarDay)
class CalendarDayAdmin(Registry):
    is_small = True
    list_display = ("day", "is_workday", "note")
    list_filter = ("is_workday",)
    date_hierarchy = "day"

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self._tell(request)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        super().delete_model(request, obj)
        self._tell(request)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except AskFirst as stop:
            return self._question(request, stop)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().delete_view(request, *args, **kwargs)
        except AskFirst as stop:
            return self._question(request, stop)

    def _tell(self, request: HttpRequest) -> None:
        """Rolls the change back as long as the reader has not seen which deadlines move."""
        answers: list[tuple[Any, Any]] = calendar_changed.send(sender=CalendarDay)
        moved = [one for _, answer in answers for one in answer]
        if moved and request.POST.get(SEEN) != seen_of(moved):
            raise AskFirst(moved)
        if moved:
            count = sum(one.count for one in moved)
            words = f"{count} 件在办办件的期限随之改变，正在逐件重算；办理记录和消息会写明原期限和新期限。"
            self.message_user(request, words, messages.WARNING)

    def _question(self, request: HttpRequest, stop: AskFirst) -> HttpResponse:
        note = "期限改变写入每一件的办理记录，并通知正在办理的人员和部门。"
        question = Question("请确认期限的改变", in_words(stop.moved), note, seen=seen_of(stop.moved))
        return ask(request, question, self.opts)


@admin.register(Parameter)
class ParameterAdmin(ReadOnlyRegistry):
    """Values are changed on a page of their own, for a later day and with a document."""

    is_small = True
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


@admin.register(Notice)
class NoticeAdmin(ReadOnlyRegistry):
    """Notices have pages of their own: official ones are born from decisions, news have a form."""

    list_display = ("title", "kind", "published_at", "withdrawn_at", "office")
    list_filter = ("kind", ("withdrawn_at", admin.EmptyFieldListFilter))
    list_select_related = ("office",)
    search_fields = ("title__contains",)
    fields = ("kind", "title", "body", "published_at", "withdrawn_at", "withdrawal_reason", "office")


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyRegistry):
    is_small = True
    list_display = ("kind", "file_name", "state", "started_at", "rows_read", "rows_new", "rows_bad", "by")
    list_filter = ("kind", "state")
    exclude = ("upload", "problem_file", "user_id")


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyRegistry):
    is_small = True
    list_display = ("name", "day", "state", "started_at", "finished_at", "error")
    list_filter = ("name", "state")

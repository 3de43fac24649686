"""Declares registries of applications, their events and the bars that follow; nobody changes them there."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from common.web.admin import ReadOnlyRegistry

from .business import UnknownBusiness, business_of, businesses
from .models import Application, Bar, Event


class BusinessFilter(admin.SimpleListFilter):
    title, parameter_name = "业务", "kind"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(business.kind, business.title) for business in businesses()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> QuerySet[Application]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Application)
class ApplicationAdmin(ReadOnlyRegistry):
    list_display = ("number", "title", "person", "enterprise", "status", "desk", "due_on", "first_submitted_at")
    list_filter = ("status", BusinessFilter)
    list_select_related = ("person", "enterprise")
    search_fields = ("number__startswith", "person__name__has_part", "enterprise__name__has_part")
    search_help_text = "办件编号的开头，姓名或企业名称中的几个字"
    exclude = ("payload", "payload_digest", "holder_person", "filer")

    @admin.display(description="业务", ordering="kind")
    def title(self, application: Application) -> str:
        try:
            return business_of(application.kind).title
        except UnknownBusiness:
            return application.kind


@admin.register(Event)
class EventAdmin(ReadOnlyRegistry):
    list_display = ("application", "at", "action", "desk", "to_desk", "actor_name", "acting_for")
    list_filter = ("action",)
    list_select_related = ("application",)
    search_fields = ("application__number__startswith",)
    fields = ("application", "at", "action", "desk", "to_desk", "status", "actor_name", "acting_for", "comment")


@admin.register(Bar)
class BarAdmin(ReadOnlyRegistry):
    list_display = ("person", "scope", "source", "starts_on", "ends_on", "document_number", "lifted_at")
    list_filter = ("scope", ("lifted_at", admin.EmptyFieldListFilter))
    list_select_related = ("person",)
    search_fields = ("person__name__has_part",)

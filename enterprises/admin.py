"""The admin site shows the registers of enterprises, projects and qualifications."""

from __future__ import annotations

from django.contrib import admin

from common.web.admin import ReadOnlyRegistry

from .models import CaKey, Enterprise, EnterpriseName, ProjectInProgress, Qualification


@admin.register(Enterprise)
class EnterpriseAdmin(ReadOnlyRegistry):
    """Only the synchronisation with the business registry changes entries."""

    list_display = ("name", "uscc", "region", "legal_representative", "status", "dissolved_on", "synced_at")
    list_filter = ("status",)
    list_select_related = ("region",)
    search_fields = ("name__has_part", "uscc", "former_codes__code")
    codes = ("uscc", "former_codes__code")
    search_help_text = "企业名称中的几个字，或统一社会信用代码中连续的三位以上（现用、曾用都可以）"
    exclude = ("legal_representative_index", "mailbox")


@admin.register(EnterpriseName)
class EnterpriseNameAdmin(ReadOnlyRegistry):
    list_display = ("name", "enterprise", "used_from", "used_to")
    list_select_related = ("enterprise",)
    search_fields = ("name__has_part",)
    search_help_text = "曾用名中的几个字"


@admin.register(CaKey)
class CaKeyAdmin(ReadOnlyRegistry):
    list_display = ("operator_name", "enterprise", "serial_number", "valid_to", "bound_at", "blocked_at")
    list_filter = (("blocked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("enterprise",)
    search_fields = (
        "enterprise__name__has_part",
        "enterprise__uscc",
        "enterprise__former_codes__code",
        "serial_number",
    )
    codes = ("enterprise__uscc", "enterprise__former_codes__code", "serial_number")


@admin.register(ProjectInProgress)
class ProjectAdmin(ReadOnlyRegistry):
    list_display = ("name", "number", "enterprise", "post", "started_on", "finished_on")
    list_filter = (("finished_on", admin.EmptyFieldListFilter),)
    list_select_related = ("enterprise",)
    search_fields = ("number__startswith", "enterprise__name__has_part")
    exclude = ("id_number_index",)


@admin.register(Qualification)
class QualificationAdmin(ReadOnlyRegistry):
    list_display = ("kind", "number", "name", "specialty", "enterprise", "valid_to", "is_in_force")
    list_filter = ("kind", "is_in_force")
    list_select_related = ("enterprise",)
    search_fields = ("number__startswith",)
    exclude = ("id_number_index",)

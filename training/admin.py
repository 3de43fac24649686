"""The admin site shows training records, read only."""

from __future__ import annotations

from django.contrib import admin

from common.web.admin import ReadOnlyRegistry

from .models import TrainingRecord


@admin.register(TrainingRecord)
class TrainingRecordAdmin(ReadOnlyRegistry):
    list_display = ("name", "institution_name", "course", "hours", "starts_on", "ends_on", "withdrawn_at")
    list_filter = (("withdrawn_at", admin.EmptyFieldListFilter),)
    search_fields = ("name",)
    search_help_text = "完整的姓名"
    exclude = ("id_number_index",)

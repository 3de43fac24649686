"""The admin site shows employments, read only."""

from __future__ import annotations

from django.contrib import admin

from common.web.admin import ReadOnlyRegistry

from .models import Employment


@admin.register(Employment)
class EmploymentAdmin(ReadOnlyRegistry):
    list_display = ("person", "enterprise", "posts_in_words", "contract_from", "contract_to", "started_at", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "end_reason")
    list_select_related = ("person", "enterprise")
    search_fields = ("person__name__has_part", "enterprise__name__has_part")
    search_help_text = "姓名或企业名称中的几个字"

    @admin.display(description="职务")
    def posts_in_words(self, employment: Employment) -> str:
        return employment.post_labels

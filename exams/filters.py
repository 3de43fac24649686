"""Defines the filters of the lists of batches and entries, which enterprises and the office share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from certificates.enums import Category
from common.database.name_search import person_named
from common.text.form_fields import PersonSearchField
from exams.enums import BatchStatus, EntryState, ExamType
from exams.models import ExamBatch, ExamEntry
from exams.selectors import grouped_regions

CATEGORIES = [(one.value, f"{one.value}证（{one.label}）") for one in Category]


class BatchFilters(forms.Form):
    name = forms.CharField(label="批次名称", max_length=60, required=False, help_text="输入名称中的几个字。")
    exam_type = forms.ChoiceField(label="考试类型", choices=[("", "全部类型"), *ExamType.choices], required=False)
    category = forms.ChoiceField(label="证书类别", choices=[("", "全部类别"), *CATEGORIES], required=False)

    def narrowed(self, found: QuerySet[ExamBatch]) -> QuerySet[ExamBatch]:
        """An invalid value narrows nothing."""
        self.is_valid()
        if exam_type := self.cleaned_data.get("exam_type"):
            found = found.filter(exam_type=exam_type)
        if category := self.cleaned_data.get("category"):
            found = found.filter(categories__contains=[category])
        if name := self.cleaned_data.get("name", "").strip():
            found = found.filter(name__icontains=name)
        return found


class OfficeBatchFilters(BatchFilters):
    region = forms.ChoiceField(label="考试地区", required=False)
    status = forms.ChoiceField(label="状态", choices=[("", "全部状态"), *BatchStatus.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", "全部地区"), *grouped_regions()]  # type: ignore[attr-defined]

    def narrowed(self, found: QuerySet[ExamBatch]) -> QuerySet[ExamBatch]:
        found = super().narrowed(found)
        for field in ("region", "status"):
            if value := self.cleaned_data.get(field):
                found = found.filter(**{field: value})
        return found


class EntryFilters(forms.Form):
    name = PersonSearchField()
    state = forms.ChoiceField(label="状态", choices=[("", "全部状态"), *EntryState.choices], required=False)
    category = forms.ChoiceField(label="证书类别", choices=[("", "全部类别"), *CATEGORIES], required=False)

    def narrowed(self, found: QuerySet[ExamEntry]) -> QuerySet[ExamEntry]:
        self.is_valid()
        if name := self.cleaned_data.get("name"):
            found = found.filter(person_named("person__name", name))
        for field in ("state", "category"):
            if value := self.cleaned_data.get(field):
                found = found.filter(**{field: value})
        return found


class OwnEntryFilters(EntryFilters):
    """An enterprise also narrows by batch, among those in which it has ever entered somebody."""

    batch = forms.ChoiceField(label="考试批次", required=False)

    def __init__(self, *args: Any, batches: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batch"].choices = [("", "全部批次"), *((str(pk), name) for pk, name in batches)]  # type: ignore[attr-defined]
        self.order_fields(["name", "batch"])

    def narrowed(self, found: QuerySet[ExamEntry]) -> QuerySet[ExamEntry]:
        found = super().narrowed(found)
        batch = self.cleaned_data.get("batch")
        return found.filter(batch=int(batch)) if batch else found

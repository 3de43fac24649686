"""Defines the filters of the lists of batches and entries, which enterprises and the office share."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet

from certificates.enums import Category
from common.database.name_search import person_named
from common.text.form_fields import PersonSearchField
from exams.enums import EntryState, ExamType
from exams.models import ExamBatch, ExamEntry

CATEGORIES = [(one.value, f"{one.value}证（{one.label}）") for one in Category]


class BatchFilters(forms.Form):
    exam_type = forms.ChoiceField(label="考试类型", choices=[("", "全部类型"), *ExamType.choices], required=False)
    category = forms.ChoiceField(label="证书类别", choices=[("", "全部类别"), *CATEGORIES], required=False)

    def narrowed(self, found: QuerySet[ExamBatch]) -> QuerySet[ExamBatch]:
        """An invalid value narrows nothing."""
        self.is_valid()
        if exam_type := self.cleaned_data.get("exam_type"):
            found = found.filter(exam_type=exam_type)
        if category := self.cleaned_data.get("category"):
            found = found.filter(categories__contains=[category])
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

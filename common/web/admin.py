"""Gives the registries at /office/registry/ lists that stay fast and forms that work without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views.main import ALL_VAR, ChangeList
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.functions import Coalesce
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.functional import cached_property

from common.forms import DayField
from common.text.organisations import normalise_organisation_name

registry_changed = Signal()
"""It is sent with `request`, `action` (add, change, delete), `about` (the row) and `fields` that changed."""

COUNTED = 1000
_LATEST = Coalesce("pk", "pk").desc()
"""By the bare key the planner would walk the whole table in its order, in the hope of meeting enough rows that fit."""
_PART_OF_A_CODE = re.compile(r"[0-9A-Za-z]{3,}")
_BY_FILTER = ("", "__exact", "__isnull", "__isempty")
_BY_DATE = ("__year", "__month", "__day", "__gte", "__lt")

if TYPE_CHECKING:
    # Generic for the type checker only.
    _Paginator = Paginator[Any]
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _Paginator, _ModelAdmin = Paginator, admin.ModelAdmin


class _Rows(ChangeList):
    """An address may ask for an order that no heading offers; it gets the list's own instead of a sort of millions."""

    def get_ordering_field(self, field_name: Any) -> Any:
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None


class CappedPaginator(_Paginator):
    """Counts no further than a thousand, because whoever looks for one row of millions searches for it."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        return rows[:COUNTED].count() if isinstance(rows, QuerySet) else len(rows)


def _date_input() -> forms.DateInput:
    # Without a format the browser's own date field stays empty.
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class Registry(_ModelAdmin):
    """A list is narrowed by its own filters only.

    Django's own rule lets an address filter by every field of the model. A condition that is true or false of a
    password hash then tells the hash, character by character. A table that grows with people and cases is sorted by
    what is unique in it only: that index gives the first rows without reading the others.
    """

    is_small = False
    """Tells that the table does not grow with people and cases, so that it is sorted by every column."""
    codes: ClassVar[tuple[str, ...]] = ()
    """Those of `search_fields` in which only Latin letters and digits stand."""
    paginator = CappedPaginator
    show_full_result_count = False
    # Numbers beside filters would be counted over the whole table.
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    actions = None
    save_as_continue = False
    formfield_overrides: ClassVar[dict[type[models.Field[Any, Any]], dict[str, Any]]] = {
        models.DateField: {"form_class": DayField, "widget": _date_input()},
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        },
    }

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Reads names and numbers that are searched like those that are stored.

        Each field is searched through its own index, and the rows are united: OR over two tables would be judged for
        every row.
        """
        fields = self.get_search_fields(request)
        if not fields:
            return queryset, False
        # Each word is searched in all rows: a search within that of the word before would grow with every field and word.
        plain = queryset.order_by().select_related(None)
        # Between Chinese characters a blank is dropped from a name, and here it parts two words.
        words = [name for word in search_term.split() if (name := normalise_organisation_name(word))]
        for word in words:
            searches = [plain.filter(**{_lookup(field): word}) for field in self._where_it_may_stand(word, fields)]
            queryset = queryset.filter(pk__in=_found(searches, is_only=len(words) == 1))
        return queryset, False

    def _where_it_may_stand(self, word: str, fields: Sequence[str]) -> Sequence[str]:
        """The index of a code knows parts of three signs; of less, or of other signs, every code would be read."""
        if _PART_OF_A_CODE.fullmatch(word):
            return fields
        return [field for field in fields if field not in self.codes] or fields

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Uses plain lists for relations, because Django's buttons that open a second window need scripts."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        wrapper = getattr(field, "widget", None)
        if hasattr(wrapper, "can_add_related") and hasattr(wrapper, "widget"):
            field.widget = wrapper.widget  # type: ignore[union-attr]
        return field

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        names = {one for entry in self.list_filter if (one := _name_of(entry))}
        offered = {f"{name}{ending}" for name in names for ending in _BY_FILTER}
        if self.date_hierarchy:
            offered |= {f"{self.date_hierarchy}{ending}" for ending in _BY_DATE}
        # PostgreSQL takes no NUL in a text.
        return lookup in offered and "\0" not in str(value)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        return to_field == self.opts.pk.name

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _Rows

    def get_sortable_by(self, request: HttpRequest) -> Any:
        shown = super().get_sortable_by(request)
        if self.is_small:
            return shown
        unique = {field.name for field in self.opts.concrete_fields if field.unique}
        return [name for name in shown if name in unique]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        _refuse_windows(request)
        title = {"title": str(self.model._meta.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        _refuse_windows(request)
        return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        _refuse_windows(request)
        return super().delete_view(request, *args, **kwargs)

    @property
    def media(self) -> forms.Media:
        """Leaves out Django's own scripts and styles; pages have the portal's look and plain fields."""
        return forms.Media()

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _tell(request, "add", obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _tell(request, "change", obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            _tell(request, "delete", row, [])
        return super().log_deletions(request, queryset)


def _name_of(entry: Any) -> str:
    """An entry of `list_filter` is a field, a field with its own filter, or a filter with a parameter of its own."""
    if isinstance(entry, tuple):
        entry = entry[0]
    return entry if isinstance(entry, str) else str(getattr(entry, "parameter_name", "") or "")


def _found(searches: list[QuerySet[Any]], *, is_only: bool) -> list[Any] | QuerySet[Any]:
    """Answers the keys of what any of the searches finds: read once for count and page.

    Of the only word no more are read than a list counts, the latest first. Of several words all are needed, since
    another one narrows them.
    """
    first, *others = [search.values("pk") for search in searches]
    limited = [search.order_by(_LATEST)[: COUNTED + 1] for search in (first, *others)]
    united = limited[0].union(*limited[1:]) if others else limited[0]
    keys = sorted({row["pk"] for row in united}, reverse=True)
    if is_only or len(keys) <= COUNTED:
        return keys[:COUNTED]
    return first.union(*others) if others else first


_LOOKUPS = frozenset({"startswith", "contains", "icontains", "exact", "iexact", "has_part"})


def _lookup(field: str) -> str:
    """A search field without a lookup is searched by a part of it, as Django does."""
    return field if field.split(LOOKUP_SEP)[-1] in _LOOKUPS else f"{field}{LOOKUP_SEP}icontains"


def _refuse_windows(request: HttpRequest) -> None:
    """Nothing here opens Django's second windows, which would give a field of the caller's choice to the first."""
    for name in (IS_POPUP_VAR, TO_FIELD_VAR, ALL_VAR):
        if name in request.GET or name in request.POST:
            raise BadRequest(f"{name} is no parameter of a registry")


def _tell(request: HttpRequest, action: str, about: Model, message: Any) -> None:
    parts = message if isinstance(message, list) else []
    changed = [name for part in parts for name in part.get("changed", {}).get("fields", [])]
    registry_changed.send(sender=type(about), request=request, action=action, about=about, fields=changed)


class KeptRegistry(Registry):
    """Other records depend on these rows, which are added and changed but never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyRegistry(Registry):
    """Only the portal's own services write these rows."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

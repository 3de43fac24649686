"""Registries at /office/registry/: read-mostly. Status, card data and passwords are changed elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jxcloud.base.masking import mask_id_number, mask_phone

from . import audit
from .enums import Sphere
from .models import Person, User

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin  # generic for the type checker only


class ReadOnlyAdmin(_ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Staff and administrators; persons and operators have their own registers."""

    list_display = ("login", "name", "sphere", "office", "duties", "is_active", "last_login")
    list_filter = ("sphere", "is_active", "office__kind")
    list_select_related = ("office",)
    search_fields = ("login", "name", "office__name")
    fields = ("login", "name", "sphere", "office", "duties", "is_active", "last_login", "created_at")
    readonly_fields = ("login", "sphere", "last_login", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).exclude(sphere__in=(Sphere.PERSON, Sphere.OPERATOR))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The system administrator assigns offices and duties; nobody changes their own."""
        user = request.user
        return isinstance(user, User) and user.sphere == Sphere.SYSTEM_ADMIN and obj != user

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        user = request.user
        audit.record(
            "change_user",
            by=user if isinstance(user, User) else None,
            about=obj,
            detail={"changed": form.changed_data, "duties": obj.duties, "is_active": obj.is_active},
            request=request,
        )


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    """Masked. The whole number is shown by an explicit press of a button, which leaves an audit entry."""

    list_display = ("name", "masked_id_number", "sex", "registered_at", "registered_at_office", "quarantined_reason")
    list_filter = (("quarantined_reason", admin.EmptyFieldListFilter), "registered_at_office__kind")
    list_select_related = ("registered_at_office",)
    search_fields = ("name__startswith",)
    show_full_result_count = False
    fields = (
        "name",
        "alias_names",
        "masked_id_number",
        "sex",
        "ethnicity",
        "birth_date",
        "card_valid_from",
        "card_valid_to",
        "masked_phone",
        "education",
        "professional_title",
        "id_photo_uploaded_at",
        "registered_at",
        "registered_at_office",
        "quarantined_reason",
    )
    readonly_fields = ("masked_id_number", "masked_phone")
    change_form_template = "accounts/registry_person.html"

    @admin.display(description="身份证号码")
    def masked_id_number(self, person: Person) -> str:
        return mask_id_number(person.id_number)

    @admin.display(description="手机号码")
    def masked_phone(self, person: Person) -> str:
        return mask_phone(person.phone)

    def get_urls(self) -> list[URLPattern]:
        reveal = path("<int:pk>/reveal/", self.admin_site.admin_view(self.reveal), name="accounts_person_reveal")
        return [reveal, *super().get_urls()]

    @method_decorator(never_cache)
    @method_decorator(require_POST)
    def reveal(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = request.user
        person = get_object_or_404(Person, pk=pk)
        if not isinstance(user, User) or not self.has_view_permission(request, person):
            raise PermissionDenied("您没有查看人员台账的权限。")
        audit.record("reveal_id_number", by=user, about=person, request=request)
        context = {
            **self.admin_site.each_context(request),
            "title": person.name,
            "person": person,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "accounts/registry_reveal.html", context)

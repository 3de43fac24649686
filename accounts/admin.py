"""Declares the registries of this app at /office/registry/. Status, card data and passwords are changed elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.access.login_sessions import end_sessions
from accounts.credentials.passwords import initial_password, reset_staff_password
from accounts.models import Person, User
from accounts.models.people import STAFF_SPHERES
from accounts.people.fields import IdNumberField
from accounts.people.numbers import present_index
from accounts.staff.services import STAFF_LOGIN, STAFF_LOGIN_SENTENCE, create_staff, unguessable_login
from common.text.form_fields import PersonNameField
from common.text.masking import mask_id_number, mask_phone
from common.web.admin import ReadOnlyRegistry
from common.web.methods import require_POST

from .access import audit
from .enums import SessionEnd, Sphere
from .kiosk import admin as kiosk  # noqa: F401  registers itself
from .lookups import services as lookups

if TYPE_CHECKING:
    _StaffForm = forms.ModelForm[User]
else:
    _StaffForm = forms.ModelForm  # generic for the type checker only


class NewStaffForm(_StaffForm):
    id_number = IdNumberField(
        help_text="只用来核对此人没有另一种身份的账号，不保存号码。系统、安全、审计管理员和业务人员必须是不同的人。"
    )

    class Meta:
        model = User
        fields = ("login", "name", "office")
        field_classes = {"name": PersonNameField}

    def clean_login(self) -> str:
        login: str = self.cleaned_data["login"]
        if not STAFF_LOGIN.fullmatch(login):
            raise ValidationError(STAFF_LOGIN_SENTENCE)
        return login

    def clean_id_number(self) -> str:
        number: str = self.cleaned_data["id_number"]
        if User.objects.filter(identity_index=present_index(number)).exclude(sphere=Sphere.STAFF).exists():
            raise ValidationError("此人已有管理员账号。系统、安全、审计管理员和业务人员必须是不同的人。")
        return number

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].initial = unguessable_login("staff")
        self.fields[
            "login"
        ].help_text = (
            "前半部分可以改成便于本人记忆的字母，请保留短横后的随机字符：用姓名、部门或地区代码做登录名，外人猜得到。"
        )
        office = self.fields["office"]
        office.required, office.error_messages["required"] = True, "工作人员必须属于一个部门。"


@admin.register(User)
class UserAdmin(ReadOnlyRegistry):
    """Lists staff and administrators; persons and operators have their own registers.

    The system administrator opens logins of staff, assigns offices, closes logins and resets passwords; nobody does so
    for themselves. Duties and second factors are the security administrator's (`staff/views.py`), so that no single
    administrator can make a login that may decide. Administrators are made on the server (`manage.py create_administrator`).
    """

    list_display = ("login", "name", "sphere", "office", "duties", "is_active", "last_login")
    list_filter = ("sphere", "is_active", "office__kind")
    list_select_related = ("office",)
    search_fields = ("login", "name__has_part", "office__name__has_part")
    fields = ("login", "name", "sphere", "office", "duties", "is_active", "last_login", "created_at")
    readonly_fields = ("login", "sphere", "duties", "last_login", "created_at")
    add_fields = ("login", "name", "id_number", "office")
    change_form_template = "accounts/registry_user.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(sphere__in=STAFF_SPHERES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_system_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_system_administrator(request) and obj != request.user

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fields if obj else self.add_fields

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.readonly_fields if obj else ()

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None and request.method == "POST":
            lookups.ask(request)  # whose number is an administrator's already is told
        return super().get_form(request, obj, change, **kwargs if obj else {**kwargs, "form": NewStaffForm})

    def get_urls(self) -> list[URLPattern]:
        reset = path("<int:pk>/reset/", self.admin_site.admin_view(self.reset), name="accounts_user_reset")
        return [reset, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            new = form.cleaned_data
            password = initial_password()
            made = create_staff(
                **{field: new[field] for field in self.add_fields}, duties=(), password=password, by=_user(request)
            )
            obj.__dict__.update(made.__dict__)
            request.new_password = password  # type: ignore[attr-defined]  # for response_add
            return
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            end_sessions(obj, why=SessionEnd.DISABLED)
        audit.record(
            "change_user",
            by=_user(request),
            about=obj,
            detail={"changed": form.changed_data, "duties": obj.duties, "is_active": obj.is_active},
            request=request,
        )

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        return self._password_page(request, obj, request.new_password)  # type: ignore[attr-defined]

    @method_decorator(never_cache)
    @method_decorator(require_POST)
    def reset(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied("只有系统管理员可以重置他人的密码。")
        return self._password_page(request, user, reset_staff_password(user, by=_user(request)))

    def _password_page(self, request: HttpRequest, user: User, password: str) -> HttpResponse:
        """The page shows the password this once, since it is not stored in clear."""
        context = {
            **self.admin_site.each_context(request),
            "title": "初始密码",
            "person": user,
            "password": password,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "accounts/registry_password.html", context)


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _is_system_administrator(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.sphere == Sphere.SYSTEM_ADMIN


@admin.register(Person)
class PersonAdmin(ReadOnlyRegistry):
    """The ID number is masked. A button shows the whole number and writes an audit entry."""

    list_display = ("name", "masked_id_number", "sex", "registered_at", "registered_at_office", "quarantined_reason")
    list_filter = (("quarantined_reason", admin.EmptyFieldListFilter), "registered_at_office__kind")
    list_select_related = ("registered_at_office",)
    search_fields = ("name__has_part",)
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
        person = get_object_or_404(Person, pk=pk)
        if not self.has_view_permission(request, person):
            raise PermissionDenied("您没有查看人员台账的权限。")
        audit.record("reveal_id_number", by=_user(request), about=person, request=request)
        context = {
            **self.admin_site.each_context(request),
            "title": person.name,
            "person": person,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "accounts/registry_reveal.html", context)

"""Registers lists to export: every registry of /office/registry/ by the columns and filters of its page, and the logins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.db.models import Field, ForeignKey, Model
from django.http import Http404, HttpRequest, QueryDict
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from accounts.enums import Sphere
from accounts.models import Person, User
from accounts.staff.forms import UserFilter
from accounts.staff.selectors import staff_logins, staff_logins_matching
from administration.table_downloads import CHUNK, Line, walked
from common.dates import chinese_date
from common.text.masking import mask_name
from common.web.paging import paginate
from workflow.exports.exporting import ID_NUMBER
from workflow.exports.lists import EXPORT_LISTS, Listed

from .admin_site import ACCESS

USER_TITLES = ("登录名", "姓名", "身份", "部门", "职责", "动态口令", "状态")
LIST = "list"
"""The query names the registry beside the filters of its page, such as accounts.person."""


def registry_list(user: User, query: QueryDict) -> Listed:
    if reason := ACCESS.why_not(user):
        raise PermissionDenied(reason)
    model_admin = _registry_of(query.get(LIST, ""))
    request = _as_on_the_page(user, query)
    if not model_admin.has_view_permission(request):
        raise PermissionDenied("这个台账不在您的职责之内。")
    try:
        rows = model_admin.get_changelist_instance(request).get_queryset(request)
    except (IncorrectLookupParameters, DisallowedModelAdminLookup) as error:
        raise Http404("没有这样的筛选") from error
    columns = [name for name in model_admin.get_list_display(request) if isinstance(name, str)]
    order = ("-pk",) if str(next(iter(model_admin.get_ordering(request)), "")) in ("-pk", "-id") else ("pk",)
    whole = _person_of(model_admin.model)

    def titles(is_masked: bool) -> Line:
        said = [str(label_for_field(name, model_admin.model, model_admin)) for name in columns]
        return said if is_masked or whole is None else [*said, ID_NUMBER]

    def lines(is_masked: bool) -> Iterator[Line]:
        for page in walked(lambda cursor: paginate(rows, order=order, cursor=cursor, size=CHUNK)):
            for row in page:
                cells = [_cell(name, row, model_admin, is_masked) for name in columns]
                yield cells if is_masked or whole is None else [*cells, whole(row)]

    return Listed(str(model_admin.model._meta.verbose_name_plural), titles, lines)


def _registry_of(label: str) -> admin.ModelAdmin[Any]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise Http404("没有这个台账") from error
    found = admin.site._registry.get(model)
    if found is None:
        raise Http404("没有这个台账")
    return found


def _as_on_the_page(user: User, query: QueryDict) -> HttpRequest:
    """The worker makes files without a request of its own, and the filters of a registry read one."""
    request = HttpRequest()
    request.method, request.user = "GET", user
    kept = query.copy()
    for name in (LIST, "p", "o"):
        kept.pop(name, None)
    request.GET = QueryDict(kept.urlencode())
    return request


def _person_of(model: type[Model]) -> Callable[[Any], str] | None:
    """Answers who reads the ID number of a row's person, where the registry is one of persons."""
    if model is Person:
        return lambda row: str(row.id_number)
    field = next(
        (one for one in model._meta.fields if isinstance(one, ForeignKey) and one.related_model is Person), None
    )
    if field is None or field.name != "person":
        return None
    return lambda row: str(row.person.id_number) if row.person else ""


def _cell(name: str, row: Model, model_admin: admin.ModelAdmin[Any], is_masked: bool) -> str:
    field, _, value = lookup_field(name, row, model_admin)
    if is_masked and (isinstance(value, Person) or _names_somebody(name, row)):
        return mask_name(str(value))
    return _in_words(field, value)


def _names_somebody(name: str, row: Model) -> bool:
    """Rows that know an ID number are about a person, and what stands as their name is that person's."""
    knows_number = any(hasattr(row, attribute) for attribute in ("id_number", "id_number_index"))
    return name == "name" and (isinstance(row, Person) or knows_number)


def _in_words(field: Field[Any, Any] | None, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return chinese_date(value)
    if isinstance(value, Iterable) and not isinstance(value, (str, dict)):
        return "、".join(map(str, value))
    return strip_tags(str(value)) if isinstance(value, SafeString) else str(value)


def user_list(user: User, query: QueryDict) -> Listed:
    """The logins of staff and administrators are those of the security administrator's page; they are names of office."""
    if not user.is_active or user.sphere != Sphere.SECURITY_ADMIN:
        raise PermissionDenied("用户清单由安全管理员导出。")
    filters = UserFilter(query)
    rows = staff_logins_matching(**filters.cleaned_data) if filters.is_valid() else staff_logins()

    def lines(is_masked: bool) -> Iterator[Line]:
        for page in walked(lambda cursor: paginate(rows, order=("login", "id"), cursor=cursor, size=CHUNK)):
            yield from (_login(one) for one in page)

    return Listed("用户", lambda is_masked: USER_TITLES, lines)


def _login(one: User) -> Line:
    return [
        one.login,
        one.name,
        str(one.get_sphere_display()),
        one.office.name if one.office else "",
        one.duties_in_words,
        "已启用" if getattr(one, "has_factor", False) else "未启用",
        "正常" if one.is_active else "已停用",
    ]


EXPORT_LISTS.register("registry", registry_list)
EXPORT_LISTS.register("users", user_list)

"""The registries (登记台账): Django's admin behind the portal's own login, with the portal's look."""

from __future__ import annotations

from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver

from accounts.access import audit
from accounts.access.decorators import Access, send_to_login
from accounts.enums import Sphere
from accounts.models import User
from common.web.admin import registry_changed

PACKAGES = (
    "administration",
    "accounts",
    "enterprises",
    "workflow",
    "training",
    "employment",
    "certificates",
    "exams",
)
_UNUSED = frozenset(
    {"login", "logout", "password_change", "password_change_done", "jsi18n", "autocomplete", "view_on_site"}
)
"""Pages of Django's own admin: logins are the portal's, and nothing here needs scripts."""


NAMES = {
    "acting_for": "所代表的单位或部门",
    "action": "操作",
    "actor": "办理人",
    "actor_name": "办理人",
    "additional_to": "所附的A证",
    "application": "办件",
    "at": "时间",
    "attempts": "次数",
    "batch": "批次",
    "cause": "起因",
    "certificate": "证书",
    "close_reason": "终止原因",
    "comment": "意见",
    "created_at": "创建时间",
    "days_left": "剩余工作日",
    "desk": "环节",
    "desk_entered_at": "进入环节时间",
    "detail": "附加信息",
    "display_at": "状态核验时间",
    "display_status": "证书状态",
    "due_is_provisional": "期限为预计",
    "ended_by": "解除所依据的办件",
    "enterprise": "企业",
    "event": "所属事件",
    "findings": "检查结果",
    "flags": "提示",
    "former_enterprise": "原单位",
    "holder_enterprise": "当前办理企业",
    "holder_office": "当前办理部门",
    "id_photo_uploaded_at": "证件照上传时间",
    "import_run": "导入批次",
    "is_open": "未办结",
    "kind": "业务",
    "last_change_on": "最近变更日期",
    "last_error": "最近错误",
    "latest_version": "当前版本",
    "mailbox": "消息箱",
    "number_serial": "编号序号",
    "number_year": "编号年份",
    "operation": "操作",
    "ordered_at": "下达时间",
    "parameters": "所用参数",
    "password_changed_at": "密码修改时间",
    "person": "姓名",
    "recorded_by": "登记人",
    "region": "地区",
    "registered_by": "登记人",
    "replaced_by": "替换为",
    "returned_from": "退回环节",
    "reversed_at": "撤回时间",
    "row_number": "行号",
    "sex": "性别",
    "sha256": "文件摘要",
    "started_by": "建立所依据的办件",
    "state_after": "之后的法定状态",
    "state_before": "之前的法定状态",
    "status": "状态",
    "lifted_at": "解除时间",
    "term": "有效期",
    "to_desk": "转到环节",
    "tried_at": "最近尝试",
    "undoes": "所撤回的事件",
    "until": "截止",
    "user": "用户",
    "version": "版本",
}
"""Columns that only the registries show by name; the forms of the portal never need it."""


class RegistryAccess(Access):
    """The system administrator, and staff of any office with that duty: `User.is_staff`."""

    def why_not(self, user: User) -> str | None:
        if not user.is_active or not user.is_staff:
            return "登记台账由系统管理员和有“登记台账”职责的工作人员使用，您的账号没有这项职责。"
        return None


ACCESS = RegistryAccess(frozenset({Sphere.SYSTEM_ADMIN, Sphere.STAFF}))


class RegistrySite(admin.AdminSite):
    site_title = site_header = index_title = "登记台账"
    site_url = None
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and ACCESS.why_not(request.user) is None

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return send_to_login(request, Access(frozenset({Sphere.STAFF})))
            if reason := ACCESS.why_not(request.user):
                raise PermissionDenied(reason)
            answer: HttpResponseBase = inner(request, *args, **kwargs)
            return answer

        guarded.access = ACCESS  # type: ignore[attr-defined]
        return guarded

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [entry for entry in super().get_urls() if getattr(entry, "name", "") not in _UNUSED]


def load_registries() -> None:
    """Only our own: other packages bring registers that nobody here should edit."""
    for package in PACKAGES:
        if find_spec(f"{package}.admin") is not None:
            import_module(f"{package}.admin")
    for model in admin.site._registry:
        for field in model._meta.fields:
            # What Django made of the attribute's own name is English.
            if field.name in NAMES and str(field.verbose_name) == field.name.replace("_", " "):
                field.verbose_name = NAMES[field.name]


@receiver(registry_changed, dispatch_uid="portal.registry_changed")
def note_change(sender: Any, *, request: HttpRequest, action: str, about: Any, fields: list[str], **_: Any) -> None:
    user = request.user
    audit.record(
        f"registry_{action}",
        by=user if isinstance(user, User) else None,
        about=about,
        detail={"row": str(about), "fields": fields},
        request=request,
    )

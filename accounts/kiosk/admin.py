"""Declares the registry of machines. A key that is made here is shown once, when the machine is added."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.access import audit
from accounts.enums import Sphere
from accounts.models import KioskDevice, User
from accounts.people.selectors import REGISTERING
from administration.models import Office
from common.findings import Refused
from common.web.admin import ReadOnlyRegistry
from common.web.methods import require_POST

from .services import check_device, create_device, revoke_device

if TYPE_CHECKING:
    _DeviceForm = forms.ModelForm[KioskDevice]
else:
    _DeviceForm = forms.ModelForm  # generic for the type checker only

_USUAL_TERM = timedelta(days=2 * 365)


class DeviceForm(_DeviceForm):
    class Meta:
        model = KioskDevice
        fields: tuple[str, ...] = ("name", "office", "valid_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.fields:  # a page that only shows
            return
        offices: Any = self.fields["office"]
        offices.queryset = Office.objects.filter(is_active=True, kind__in=REGISTERING)
        self.fields["valid_until"].initial = timezone.localdate() + _USUAL_TERM


class NewDeviceForm(DeviceForm):
    class Meta(DeviceForm.Meta):
        fields = ("name", "office", "valid_until", "public_key")

    public_key = forms.CharField(
        label="设备公钥",
        required=False,
        max_length=44,
        help_text="设备自己生成密钥的（python -m clients.kiosk keygen），填它显示的公钥，私钥不离开设备；"
        "不填则由系统生成，私钥只显示一次。",
    )

    def clean_public_key(self) -> str:
        public_key: str = self.cleaned_data["public_key"].strip()
        try:
            check_device(public_key)
        except Refused as refused:
            raise ValidationError([finding.message for finding in refused.findings]) from refused
        return public_key


@admin.register(KioskDevice)
class KioskDeviceAdmin(ReadOnlyRegistry):
    """The system administrator adds, moves and revokes machines. They are never deleted, because people were
    registered through them.
    """

    is_small = True
    list_display = ("name", "office", "key_id", "valid_until", "is_revoked", "last_seen_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "office__kind")
    list_select_related = ("office",)
    search_fields = ("name", "key_id", "office__name")
    fields = ("name", "office", "valid_until", "key_id", "public_key", "revoked_at", "last_seen_at", "created_at")
    readonly_fields = ("key_id", "public_key", "revoked_at", "last_seen_at", "created_at")
    change_form_template = "accounts/registry_kiosk.html"

    @admin.display(description="已停用", boolean=True)
    def is_revoked(self, device: KioskDevice) -> bool:
        return device.revoked_at is not None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.sphere == Sphere.SYSTEM_ADMIN

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_add_permission(request) and not (isinstance(obj, KioskDevice) and obj.revoked_at)

    def get_fields(self, request: HttpRequest, obj: KioskDevice | None = None) -> Any:
        return self.fields if obj else NewDeviceForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: KioskDevice | None = None) -> Any:
        return self.readonly_fields if obj else ()

    def get_form(
        self, request: HttpRequest, obj: KioskDevice | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return super().get_form(request, obj, change, **{**kwargs, "form": DeviceForm if obj else NewDeviceForm})

    def get_urls(self) -> list[URLPattern]:
        revoke = path("<int:pk>/revoke/", self.admin_site.admin_view(self.revoke), name="accounts_kioskdevice_revoke")
        return [revoke, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: KioskDevice, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            detail: dict[str, object] = {"changed": form.changed_data, "office": obj.office_id}
            audit.record("change_kiosk", by=_user(request), about=obj, detail=detail, request=request)
            return
        made, private_key = create_device(**form.cleaned_data, by=_user(request))
        obj.__dict__.update(made.__dict__)
        request.private_key = private_key  # type: ignore[attr-defined]  # for response_add

    @method_decorator(never_cache)
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, extra_context)

    def response_add(
        self, request: HttpRequest, obj: KioskDevice, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The page shows the private key this once, because it is not stored."""
        private_key = request.private_key  # type: ignore[attr-defined]
        content = {
            "server": settings.PUBLIC_BASE_URL,
            "office": obj.office_id,
            "key_id": obj.key_id,
            "private_key": private_key,
        }
        context = {
            **self.admin_site.each_context(request),
            "title": "设备已登记",
            "device": obj,
            "key_file": json.dumps(content, indent=2) if private_key else "",
            "server": settings.PUBLIC_BASE_URL,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "accounts/registry_kiosk_key.html", context)

    @method_decorator(never_cache)
    @method_decorator(require_POST)
    def revoke(self, request: HttpRequest, pk: int) -> HttpResponse:
        device = get_object_or_404(KioskDevice, pk=pk)
        if not self.has_add_permission(request):
            raise PermissionDenied("只有系统管理员可以停用一体机。")
        revoke_device(device, by=_user(request), now=timezone.now())
        return redirect(reverse("admin:accounts_kioskdevice_change", args=[device.pk]))


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user

"""The administrator's page of the machines."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty, Sphere
from accounts.models import KioskDevice, User
from administration.enums import OfficeKind
from administration.models import AuditEntry
from clients.kiosk import keys
from tests.factories import make_office, make_staff

from .machine import Machine, public_text

ADDRESS = "/office/registry/accounts/kioskdevice/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def admin(db: None) -> Client:
    return browser(User.objects.create(login="sysadmin", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员"))


def given(office: Any, public_key: str = "") -> dict[str, Any]:
    until = timezone.localdate() + timedelta(days=300)
    return {"name": "1号机", "office": office.pk, "valid_until": until.isoformat(), "public_key": public_key}


def test_a_key_made_here_is_shown_once_and_stored_nowhere(admin: Client, tmp_path: Path) -> None:
    office = make_office(kind=OfficeKind.REGISTRATION)
    assert "设备公钥" in admin.get(f"{ADDRESS}add/").text
    answer = admin.post(f"{ADDRESS}add/", given(office))
    shown = re.search(r"<pre[^>]*>(.*?)</pre>", answer.text, re.DOTALL)
    file = tmp_path / "key.json"
    file.write_text(html.unescape(shown[1]))
    private_key = json.loads(file.read_text())["private_key"]
    device = KioskDevice.objects.get()
    assert "no-store" in answer["Cache-Control"]
    assert private_key not in str(KioskDevice.objects.values().get())
    assert private_key not in admin.get(f"{ADDRESS}{device.pk}/change/").text
    file.write_text(file.read_text().replace("http://testserver", "https://testserver"))
    key = keys.read(file)
    assert (key.key_id, key.public_text, key.office) == (device.key_id, device.public_key, office.pk)
    assert AuditEntry.objects.filter(action="create_kiosk", object_id=str(device.pk)).exists()


def test_a_machine_may_bring_its_own_key(admin: Client) -> None:
    office = make_office(kind=OfficeKind.COUNTY)
    public_key = public_text(Ed25519PrivateKey.generate())
    answer = admin.post(f"{ADDRESS}add/", given(office, public_key))
    assert "使用它自己的密钥" in answer.text
    assert "<pre" not in answer.text
    again = admin.post(f"{ADDRESS}add/", given(office, public_key))
    assert "已经登记给另一台设备" in again.text
    assert KioskDevice.objects.count() == 1


@pytest.mark.parametrize("public_key", ["abc", "!" * 44, "AAAA" * 11])
def test_what_is_no_key_is_told_at_its_field(admin: Client, public_key: str) -> None:
    answer = admin.post(f"{ADDRESS}add/", given(make_office(kind=OfficeKind.COUNTY), public_key))
    assert "Ed25519" in answer.text
    assert not KioskDevice.objects.exists()


def test_only_offices_that_register_have_machines(admin: Client) -> None:
    answer = admin.post(f"{ADDRESS}add/", given(make_office(kind=OfficeKind.TRAINING)))
    assert answer.status_code == 200
    assert not KioskDevice.objects.exists()


def test_revoked_for_good(admin: Client, machine: Machine) -> None:
    page = f"{ADDRESS}{machine.device.pk}/"
    assert "停用这台设备" in admin.get(f"{page}change/").text
    assert admin.post(f"{page}revoke/").url == f"{page}change/"
    assert "停用这台设备" not in admin.get(f"{page}change/").text
    assert machine.send("GET", "/api/kiosk/ping/").status_code == 403
    assert admin.get(f"{page}revoke/").status_code == 405


def test_moved_to_another_office(admin: Client, machine: Machine) -> None:
    office = make_office("红谷滩登记点", kind=OfficeKind.REGISTRATION)
    page = f"{ADDRESS}{machine.device.pk}/change/"
    data = given(office)
    del data["public_key"]
    assert admin.post(page, data).status_code == 302
    assert AuditEntry.objects.get(action="change_kiosk").detail["office"] == office.pk
    assert machine.register().json()["code"] == "device.wrong_office"


def test_staff_with_the_duty_of_the_registry_only_look(machine: Machine) -> None:
    client = browser(make_staff(make_office(), Duty.REGISTRY))
    assert client.get(ADDRESS).status_code == 200
    assert client.get(f"{ADDRESS}add/").status_code == 403
    assert client.post(f"{ADDRESS}{machine.device.pk}/revoke/").status_code == 403

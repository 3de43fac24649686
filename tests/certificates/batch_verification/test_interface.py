"""The interface for other systems: keys, limits, and the description against real answers."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Sphere
from accounts.models import User
from administration.models import AuditEntry
from administration.nightly import run_nightly
from administration.throttle import Limit
from certificates.models import VerificationKey, VerificationUse
from certificates.public.batch_verification import limits, views_api
from certificates.public.batch_verification.reading import MOST_ITEMS
from certificates.public.batch_verification.services import issue_key, revoke_key
from common.findings import Refused
from tests.accounts.kiosk.schema import problems
from tests.clock import Clock

from .test_lists import NOW, make_holder

pytestmark = pytest.mark.django_db
ADDRESS = "/api/verification/"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> Clock:
    clock.stop_at(NOW)
    return clock


@pytest.fixture
def administrator() -> User:
    return User.objects.create(login="sec.one", sphere=Sphere.SECURITY_ADMIN, name="安全")


def make_key(by: User, *, rows: int = 1000, expires_on: date = date(2027, 5, 1)) -> tuple[VerificationKey, str]:
    return issue_key(holder="省招标中心", purpose="资格审查", rows_per_day=rows, expires_on=expires_on, by=by, now=NOW)


def send(client: Client, key: str, content: Any, **more: Any) -> Any:
    body = content if isinstance(content, (str, bytes)) else json.dumps(content)
    kind = more.pop("content_type", "application/json")
    return client.post(ADDRESS, body, content_type=kind, headers={"Authorization": f"Bearer {key}"}, **more)


def item(number: str = "赣建安C1（2019）0000001", name: str = "张三") -> dict[str, str]:
    return {"number": number, "name": name}


def schema_of(client: Client, status: int) -> tuple[dict[str, Any], dict[str, Any]]:
    document = client.get("/api/verification/openapi.json").json()
    answers = document["paths"][ADDRESS]["post"]["responses"]
    return answers[str(status)]["content"]["application/json"]["schema"], document


def fits(client: Client, answer: Any) -> None:
    schema, document = schema_of(client, answer.status_code)
    assert list(problems(answer.json(), schema, document)) == []


def test_a_key_verifies_and_the_answer_is_as_described(client: Client, administrator: User) -> None:
    good, (row, key) = make_holder(), make_key(administrator)
    answer = send(client, key, {"items": [item(good.number, good.person.name), item(good.number), item("1")]})
    assert answer.status_code == 200
    fits(client, answer)
    first, second, third = answer.json()["results"]
    assert first["certificate"] == {
        "number": good.number,
        "category": "C1",
        "category_name": good.get_category_display(),
        "holder": "欧*·*𬭎",
        "enterprise": good.enterprise_name,
        "ends_on": good.ends_on.isoformat(),
        "status": "正常使用",
    }
    assert [one["outcome"] for one in (second, third)] == ["not_confirmed", "unreadable"]
    assert second["certificate"] is None
    assert answer.json()["rows_left_today"] == 997
    use = VerificationUse.objects.get(key=row)
    assert (use.requests, use.rows, use.day) == (1, 3, NOW.date())


def test_refusals_are_as_described(client: Client, administrator: User) -> None:
    row, key = make_key(administrator)
    bad: tuple[Any, ...] = (
        "{", "[" * 3000, b"\xff", {}, [], {"items": []}, {"items": [1]}, {"items": [{"number": 1, "name": "x"}]},
        {"items": [item(name=" ")]}, {"items": [item(name="x" * 201)]}, {"items": [item(name="\0")]},
        {"items": [item()] * (MOST_ITEMS + 1)},
    )  # fmt: skip
    for content in bad:
        answer = send(client, key, content)
        assert answer.status_code == 400, content
        fits(client, answer)
    for answer, status in (
        (send(client, "jxv_wrong", {"items": [item()]}), 401),
        (client.post(ADDRESS, "{}", content_type="application/json"), 401),
        (send(client, key, {"items": [item()]}, content_type="text/plain"), 415),
        (client.get(ADDRESS), 405),
    ):
        assert answer.status_code == status
        fits(client, answer)
    assert not VerificationUse.objects.exists(), "what is refused is not counted"
    revoke_key(row.pk, reason="遗失", by=administrator, now=NOW)
    answer = send(client, key, {"items": [item()]})
    assert (answer.status_code, answer.json()["code"]) == (403, "key.closed")
    fits(client, answer)


def test_a_key_expires_after_its_last_day(client: Client, administrator: User, today: Clock) -> None:
    _, key = make_key(administrator, expires_on=date(2026, 11, 24))
    today.stop_at(datetime.fromisoformat("2026-11-24T23:59:00+08:00"))
    assert send(client, key, {"items": [item()]}).status_code == 200
    today.stop_at(datetime.fromisoformat("2026-11-25T00:01:00+08:00"))
    assert send(client, key, {"items": [item()]}).status_code == 403


@pytest.mark.usefixtures("fresh_windows")
def test_rows_requests_and_wrong_keys_are_limited(
    client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch, today: Clock
) -> None:
    _, key = make_key(administrator, rows=5)
    assert send(client, key, {"items": [item()] * 4}).status_code == 200
    used_up = send(client, key, {"items": [item()] * 2})
    assert (used_up.status_code, used_up.json()["code"]) == (429, "key.used_up")
    fits(client, used_up)
    assert send(client, key, {"items": [item()] * 6}).status_code == 429
    assert send(client, key, {"items": [item()]}).json()["rows_left_today"] == 0
    today.stop_at(NOW + timedelta(days=1))
    assert send(client, key, {"items": [item()] * 5}).status_code == 200
    monkeypatch.setattr(views_api, "WRONG_KEYS", Limit("verification_wrong", 1))
    assert [send(client, "jxv_x", {}).status_code for _ in range(2)] == [401, 429]
    monkeypatch.setattr(views_api, "REQUESTS_OF_KEY", Limit("verification_key", 1))
    assert [send(client, key, {}).status_code for _ in range(2)] == [429, 429]
    assert limits.REQUESTS_OF_KEY.times == 120


def test_a_key_is_stored_as_a_hash_and_bounded(administrator: User) -> None:
    row, key = make_key(administrator)
    values = [str(value) for value in VerificationKey.objects.values_list().get(pk=row.pk)]
    assert not any(key in value for value in values)
    assert key.startswith(row.mark)
    for days in (0, 400):
        with pytest.raises(Refused):
            make_key(administrator, expires_on=NOW.date() + timedelta(days=days))
    with pytest.raises(Refused):
        make_key(administrator, rows=0)


def test_the_administrator_gives_a_key_which_is_told_once(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    given = {"holder": "省招标中心", "purpose": "资格审查", "rows_per_day": "5000", "expires_on": "2027-05-01"}
    page = client.post("/office/verification-keys/new/", given, follow=True).text
    row = VerificationKey.objects.get()
    key = page.split("<code")[1].split(">")[1].split("<")[0]
    assert key.startswith(row.mark)
    assert key not in client.get("/office/verification-keys/").text
    assert send(Client(), key, {"items": [item()]}).status_code == 200
    address = f"/office/verification-keys/{row.pk}/revoke/"
    assert client.post(address, {"reason": ""}).status_code == 400
    assert "已停用" in client.post(address, {"reason": "遗失"}, follow=True).text
    assert "已经停用" in client.post(address, {"reason": "又一次"}, follow=True).text
    assert VerificationKey.objects.get().revoke_reason == "遗失"
    actions = list(AuditEntry.objects.filter(actor_id=administrator.pk).order_by("id").values_list("action", flat=True))
    assert [action for action in actions if action != "refused"] == [
        "verification_key.issue",
        "verification_key.revoke",
    ]
    bad = client.post("/office/verification-keys/new/", given | {"expires_on": "2026-11-23", "rows_per_day": "0"})
    assert bad.status_code in (400, 409)
    assert "省招标中心" in bad.text


def test_the_page_of_keys_costs_the_same_for_many(
    client: Client, administrator: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(administrator)
    for _ in range(12):
        row, _key = make_key(administrator)
        VerificationUse.objects.create(key=row, day=NOW.date(), requests=1, rows=7)
    with django_assert_max_num_queries(12):
        assert client.get("/office/verification-keys/").text.count("7 / 1000") == 12


def test_old_counts_are_forgotten(administrator: User) -> None:
    row, _ = make_key(administrator)
    for days in (399, 401):
        VerificationUse.objects.create(key=row, day=NOW.date() - timedelta(days=days), requests=1, rows=1)
    run_nightly("verification_uses")
    assert VerificationUse.objects.count() == 1

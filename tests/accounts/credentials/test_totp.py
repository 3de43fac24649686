"""One-time passwords: enrolled by a right code, each code once, throttled, recovered."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.credentials import totp
from accounts.enums import Sphere
from accounts.models import LoginFailures, RecoveryCode, SecondFactor, User
from accounts.staff.services import create_administrator
from administration.models import AuditEntry, Message
from common.findings import Refused
from tests.concurrency import at_once
from tests.factories import PASSWORD, make_office, make_person, make_staff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 4, 0, 10, tzinfo=UTC)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""Of the vectors in RFC 6238: the digits 1 to 0, twice."""
STEP = timedelta(seconds=30)


def person_user() -> User:
    user = make_person().user
    assert user is not None
    return user


def enrolled(user: User | None = None, *, at: datetime = NOW - timedelta(days=1)) -> User:
    user = user or person_user()
    totp.confirm(user, secret=SECRET, code=totp.code_at(SECRET, at), now=at)
    return user


def messages_of(user: User) -> list[str]:
    mailbox = user.office.mailbox_id if user.office else user.person.mailbox_id
    return list(Message.objects.filter(mailbox=mailbox).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert totp.code_at(SECRET, datetime.fromtimestamp(seconds, UTC)) == code


def test_secret_is_stored_encrypted_only_after_a_right_code() -> None:
    user = person_user()
    with pytest.raises(Refused, match="验证码不正确"):
        totp.confirm(user, secret=SECRET, code="000000", now=NOW)
    assert not totp.is_enrolled(user)
    codes = totp.confirm(user, secret=SECRET, code=totp.code_at(SECRET, NOW), now=NOW)
    assert totp.is_enrolled(user)
    assert SecondFactor.objects.get().secret == SECRET
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f::text FROM accounts_secondfactor f UNION ALL SELECT c::text FROM accounts_recoverycode c"
        )
        stored = str(cursor.fetchall())
    assert SECRET not in stored
    assert len(codes) == 10
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert messages_of(user) == ["动态口令已启用"]


def test_each_time_step_opens_once() -> None:
    user = enrolled()
    code = totp.code_at(SECRET, NOW)
    assert totp.verify(user, code, now=NOW).accepted
    again = totp.verify(user, code, now=NOW)
    assert not again.accepted
    assert again.finding is not None
    assert again.finding.code == "totp.used"
    assert not totp.verify(user, totp.code_at(SECRET, NOW - STEP), now=NOW).accepted, "nor an earlier one"
    assert totp.verify(user, totp.code_at(SECRET, NOW + STEP), now=NOW + STEP).accepted


def test_code_of_the_enrolment_is_used_up() -> None:
    user = enrolled(at=NOW)
    assert not totp.verify(user, totp.code_at(SECRET, NOW), now=NOW).accepted


def test_pressed_twice_is_no_guess() -> None:
    user = enrolled()
    code = totp.code_at(SECRET, NOW)
    for _ in range(8):
        totp.verify(user, code, now=NOW)
    assert not LoginFailures.objects.filter(times__gt=0).exists()


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clock_may_be_off_by_one_step(steps: int, accepted: bool) -> None:
    assert totp.verify(enrolled(), totp.code_at(SECRET, NOW + steps * STEP), now=NOW).accepted is accepted


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}{1} ", "full-width"])
def test_code_may_be_typed_with_blanks_and_full_width_digits(typed: str) -> None:
    user, code = enrolled(), totp.code_at(SECRET, NOW)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    text = wide if typed == "full-width" else typed.format(code[:3], code[3:])
    assert totp.verify(user, text, now=NOW).accepted


def test_five_wrong_codes_lock_for_fifteen_minutes_and_tell_the_owner_once() -> None:
    user = enrolled()
    Message.objects.all().delete()
    checks = [totp.verify(user, f"00000{digit}", now=NOW) for digit in range(5)]
    assert [check.is_locked for check in checks] == [False] * 4 + [True]
    right = totp.verify(user, totp.code_at(SECRET, NOW), now=NOW)
    assert right.is_locked, "the right code neither"
    assert totp.verify(user, "zzzzz-zzzzz", now=NOW).is_locked
    assert len(messages_of(user)) == 1
    assert AuditEntry.objects.filter(action="totp_locked").count() == 1
    later = NOW + timedelta(minutes=15)
    assert totp.verify(user, totp.code_at(SECRET, later), now=later).accepted


def test_failures_do_not_add_up_over_days() -> None:
    user = enrolled()
    for day in range(10):
        assert not totp.verify(user, "000000", now=NOW + timedelta(days=day)).is_locked


def test_recovery_code_opens_once_and_says_how_many_are_left() -> None:
    user = person_user()
    first, second, *_ = totp.confirm(user, secret=SECRET, code=totp.code_at(SECRET, NOW), now=NOW)
    assert totp.verify(user, first.upper().replace("-", " "), now=NOW).codes_left == 9
    assert not totp.verify(user, first, now=NOW).accepted
    assert totp.verify(user, second, now=NOW).codes_left == 8
    assert "使用了一个恢复码" in messages_of(user)


def test_recovery_code_of_somebody_else_opens_nothing() -> None:
    codes = totp.confirm(person_user(), secret=SECRET, code=totp.code_at(SECRET, NOW), now=NOW)
    assert not totp.verify(enrolled(), codes[0], now=NOW).accepted


def test_new_recovery_codes_replace_the_former() -> None:
    user = person_user()
    old = totp.confirm(user, secret=SECRET, code=totp.code_at(SECRET, NOW), now=NOW)
    new = totp.renew_recovery_codes(user)
    assert not totp.verify(user, old[0], now=NOW).accepted
    assert totp.verify(user, new[0], now=NOW).accepted
    assert RecoveryCode.objects.count() == 10


def test_without_a_factor_nothing_is_accepted() -> None:
    check = totp.verify(person_user(), totp.code_at(SECRET, NOW), now=NOW)
    assert not check.accepted
    assert check.finding is not None
    assert check.finding.code == "totp.none"


def test_staff_cannot_be_without_a_factor_but_the_security_administrator_resets_it() -> None:
    staff = enrolled(make_staff(make_office()))
    security = create_administrator(login="sec.one", name="安全", sphere=Sphere.SECURITY_ADMIN, password=PASSWORD)
    with pytest.raises(Refused, match="必须使用"):
        totp.remove(staff)
    with pytest.raises(Refused, match="没有填写原因"):
        totp.reset(staff, by=security, reason=" ")
    totp.reset(staff, by=security, reason="手机丢失，本人到场核对工作证")
    assert not totp.is_enrolled(staff)
    assert AuditEntry.objects.get(action="totp_reset").detail == {"reason": "手机丢失，本人到场核对工作证"}
    assert any("已由安全管理员重置" in title for title in messages_of(staff))
    enrolled(security)
    with pytest.raises(Refused, match="不能重置自己的"):
        totp.reset(security, by=security, reason="手机丢失")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_requests_with_one_code_one_is_accepted() -> None:
    user = enrolled()
    code = totp.code_at(SECRET, NOW)
    answers = at_once([lambda: totp.verify(user, code, now=NOW).accepted] * 20)
    assert sorted(map(bool, answers)) == [False] * 19 + [True]


# --- the page 账号安全 ---


def verified_client(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["verified_at"], session["verified_user"] = timezone.now().timestamp(), user.pk
    session.save()
    return client


def shown_secret(text: str) -> str:
    found = re.search(r'totp-key">([A-Z2-7 ]+)<', text)
    assert found is not None
    return found[1].replace(" ", "")


def enrol_on_page(client: Client) -> tuple[str, Any]:
    secret = shown_secret(client.get("/security/totp/").text)
    return secret, client.post("/security/totp/", {"code": totp.code_at(secret, timezone.now())})


def test_person_enrols_after_a_second_verification() -> None:
    user = person_user()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/security/totp/").url == "/m/verify/?next=/security/totp/"
    assert "启用动态口令" in client.get("/person/security/").text
    client = verified_client(user)
    page = client.get("/security/totp/")
    assert "no-store" in page["Cache-Control"]
    assert shown_secret(page.text) == shown_secret(client.get("/security/totp/").text), "the same on a reload"
    wrong = client.post("/security/totp/", {"code": "000000"})
    assert wrong.status_code == 400
    assert "验证码不正确" in wrong.text
    secret, done = enrol_on_page(client)
    assert len(re.findall(r"<li>[a-z2-9]{5}-[a-z2-9]{5}</li>", done.text)) == 10
    assert totp.is_enrolled(user)
    shown = client.get("/person/security/").text
    assert "已启用" in shown
    assert secret not in shown


def test_secret_shown_to_one_browser_is_not_that_of_another() -> None:
    user = person_user()
    first, second = verified_client(user), verified_client(user)
    assert shown_secret(first.get("/security/totp/").text) != shown_secret(second.get("/security/totp/").text)


def test_another_telephone_needs_the_code_of_the_former() -> None:
    user = enrolled(at=timezone.now() - timedelta(minutes=5))
    client = verified_client(user)
    secret = shown_secret(client.get("/security/totp/").text)
    code = totp.code_at(secret, timezone.now())
    assert client.post("/security/totp/", {"code": code}).status_code == 400
    assert "验证码不正确" in client.post("/security/totp/", {"code": code, "current": "000000"}).text
    assert SecondFactor.objects.get().secret == SECRET
    client.post("/security/totp/", {"code": code, "current": totp.code_at(SECRET, timezone.now())})
    assert SecondFactor.objects.get().secret == secret


def test_person_removes_it_with_a_code() -> None:
    user = enrolled(at=timezone.now() - timedelta(minutes=5))
    client = verified_client(user)
    assert client.post("/security/totp/remove/", {"code": "000000"}).status_code == 400
    assert totp.is_enrolled(user)
    answer = client.post("/security/totp/remove/", {"code": totp.code_at(SECRET, timezone.now())})
    assert answer.url == "/person/security/"
    assert not totp.is_enrolled(user)


def test_new_codes_need_a_code() -> None:
    user = enrolled(at=timezone.now() - timedelta(minutes=5))
    client = verified_client(user)
    assert client.post("/security/totp/codes/", {"code": "000000"}).status_code == 400
    page = client.post("/security/totp/codes/", {"code": totp.code_at(SECRET, timezone.now())})
    assert len(re.findall(r"<li>[a-z2-9]{5}-[a-z2-9]{5}</li>", page.text)) == 10

"""Looking people up by ID number: limits for each asker, alarms, and the page of the security administrator."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Duty, Sphere
from accounts.lookups.services import asker_of_kiosk
from accounts.models import KioskDevice, User
from administration.enums import AskerKind
from administration.lookups.limits import Asker, TooManyLookups, ask, forget_lookups, missed, registered
from administration.models import AuditEntry, LookupAlarm, LookupCount, Parameter
from common.dates import SHANGHAI
from tests.clock import Clock
from tests.factories import (
    log_in_at_office,
    make_certificate,
    make_enterprise,
    make_id_number,
    make_office,
    make_operator,
    make_person,
    make_staff,
)

pytestmark = pytest.mark.django_db
WORKDAY = datetime(2026, 11, 25, 10, 30, tzinfo=SHANGHAI)
SUNDAY = datetime(2026, 11, 29, 10, 30, tzinfo=SHANGHAI)
CLERK = Asker(AskerKind.USER, "7", "王敏（某局）")


@pytest.fixture(autouse=True)
def now(clock: Clock) -> None:
    clock.stop_at(WORKDAY)


def set_limit(key: str, value: int) -> None:
    Parameter.objects.create(key=key, value=value, effective_from=date(2026, 1, 1), document_number="测试")


def enter(user: User) -> Client:
    client = Client()
    backend = "enterprises.ca_login.backend.CaKeyBackend" if user.sphere == Sphere.OPERATOR else None
    client.force_login(user, backend=backend or "django.contrib.auth.backends.ModelBackend")
    return client


def security() -> User:
    return User.objects.create(login="sec.one", name="安全", sphere=Sphere.SECURITY_ADMIN)


# --- limits ---


def test_limit_of_an_hour_and_of_a_day() -> None:
    set_limit("lookups_user_hour", 3)
    set_limit("lookups_user_day", 5)
    for _ in range(3):
        ask(CLERK, now=WORKDAY)
    with pytest.raises(TooManyLookups, match="一小时内按身份证号查询已达到上限3次") as refused:
        ask(CLERK, now=WORKDAY)
    assert "请在11:00以后再查" in refused.value.findings[0].detail
    assert "安全管理员" in refused.value.findings[0].detail
    assert refused.value.retry_after == 1800
    ask(CLERK, now=WORKDAY + timedelta(hours=1))
    with pytest.raises(TooManyLookups, match="今天按身份证号查询已达到上限5次") as refused:
        ask(CLERK, now=WORKDAY + timedelta(hours=2))
    assert "请在11月26日 00:00以后再查" in refused.value.findings[0].detail
    ask(CLERK, now=WORKDAY + timedelta(days=1))
    ask(Asker(AskerKind.USER, "8", "别人"), now=WORKDAY)


PLACES = {
    "enterprise": ("/enterprise/employment/new/", "lookups_enterprise_hour"),
    "counter": ("/office/counter/", "lookups_user_hour"),
    "ending": ("/office/employment/", "lookups_user_hour"),
    "certificates": ("/office/certificates/", "lookups_user_hour"),
    "audit": ("/office/audit/person/", "lookups_user_hour"),
    "public": ("/lookup/", "lookups_address_hour"),
}


def asker_for(place: str) -> Client:
    if place == "enterprise":
        return enter(make_operator(make_enterprise()))
    if place == "audit":
        return enter(User.objects.create(login="aud", name="审计", sphere=Sphere.AUDIT_ADMIN))
    if place == "public":
        return Client()
    return enter(make_staff(make_office(), Duty.REGISTER, Duty.REVIEW, Duty.COUNTER))


def search(client: Client, address: str, number: str) -> Any:
    return client.post(address, {"id_number": number, "name": "张三"})


@pytest.mark.parametrize("place", PLACES)
def test_every_page_stops_at_its_limit_and_says_until_when(place: str) -> None:
    address, key = PLACES[place]
    set_limit(key, 4)
    client = asker_for(place)
    for number in range(4):
        assert search(client, address, make_id_number(700 + number)).status_code != 429
    stopped = search(client, address, make_person().id_number)
    assert stopped.status_code == 429
    assert "请在11:00以后再查" in stopped.text
    assert stopped["Retry-After"] == "1800"
    count = LookupCount.objects.get()
    assert (count.asked, count.missed) == (5, 4)


def test_operators_of_one_enterprise_count_together() -> None:
    set_limit("lookups_enterprise_hour", 2)
    enterprise = make_enterprise()
    clients = [enter(make_operator(enterprise, name)) for name in ("甲", "乙", "丙")]
    answers = [search(client, "/enterprise/employment/new/", make_person().id_number) for client in clients]
    assert [answer.status_code for answer in answers] == [302, 302, 429]


def test_form_for_a_new_login_is_no_oracle_without_end() -> None:
    set_limit("lookups_user_hour", 2)
    client = enter(User.objects.create(login="sys", name="系统", sphere=Sphere.SYSTEM_ADMIN))
    answers = [
        client.post("/office/registry/accounts/user/add/", {"login": "x", "id_number": make_id_number(n)})
        for n in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_machine_counts_by_itself_and_newcomers_are_no_misses() -> None:
    office = make_office()
    device = KioskDevice.objects.create(
        name="1号机", office=office, key_id="k" + "0" * 20, public_key="x" * 44, valid_until=date(2030, 1, 1)
    )
    asker = asker_of_kiosk(device)
    for _ in range(40):
        ask(asker, now=SUNDAY)
        missed(asker, now=SUNDAY)
    assert not LookupAlarm.objects.exists()
    set_limit("lookups_kiosk_hour", 40)
    with pytest.raises(TooManyLookups, match="已达到上限40次"):
        ask(asker, now=SUNDAY)


def test_no_number_is_stored() -> None:
    client = asker_for("enterprise")
    number = make_id_number(4711)
    for _ in range(20):
        search(client, "/enterprise/employment/new/", number)
    stored = str([*LookupCount.objects.values(), *LookupAlarm.objects.values()])
    assert LookupAlarm.objects.exists()
    assert number not in stored


def test_counts_are_kept_for_a_quarter_of_a_year() -> None:
    ask(CLERK, now=WORKDAY)
    assert forget_lookups(now=WORKDAY + timedelta(days=89)) == 0
    assert forget_lookups(now=WORKDAY + timedelta(days=91)) == 1


# --- alarms ---


def alarms() -> list[list[str]]:
    return list(LookupAlarm.objects.order_by("pk").values_list("reasons", flat=True))


def test_many_numbers_raise_one_alarm_a_day() -> None:
    for _ in range(299):
        ask(CLERK, now=WORKDAY + timedelta(hours=_ // 60))
    assert alarms() == []
    for _ in range(30):
        ask(CLERK, now=WORKDAY + timedelta(hours=5))
    assert alarms() == [["many"]]
    assert LookupAlarm.objects.get().asked == 329


def test_misses_raise_an_alarm_but_not_among_many_hits() -> None:
    for number in range(100):
        ask(CLERK, now=WORKDAY)
        if number % 5 == 0:
            missed(CLERK, now=WORKDAY)
    assert alarms() == []
    other = Asker(AskerKind.ENTERPRISE, "3", "某公司")
    for _ in range(15):
        ask(other, now=WORKDAY)
        missed(other, now=WORKDAY)
    assert alarms() == [["misses"]]


def test_newcomer_at_the_counter_is_no_miss_once_registered() -> None:
    for _ in range(30):
        ask(CLERK, now=WORKDAY)
        missed(CLERK, now=WORKDAY)
        registered(CLERK, now=WORKDAY)
    assert alarms() == []


@pytest.mark.parametrize(
    ("moment", "is_unusual"),
    [
        (WORKDAY, False),
        (WORKDAY.replace(hour=6), True),
        (WORKDAY.replace(hour=23), True),
        (SUNDAY, True),
        (datetime(2026, 10, 1, 10, tzinfo=SHANGHAI), True),
    ],
)
def test_lookups_outside_of_working_hours_raise_an_alarm(moment: datetime, is_unusual: bool) -> None:
    for _ in range(10):
        ask(CLERK, now=moment)
    assert alarms() == ([["outside"]] if is_unusual else [])


def test_going_on_beyond_the_limit_is_told() -> None:
    set_limit("lookups_user_hour", 2)
    for _ in range(2):
        ask(CLERK, now=WORKDAY)
    with pytest.raises(TooManyLookups):
        ask(CLERK, now=WORKDAY)
    assert alarms() == [["refused"]]


def test_something_new_opens_an_alarm_again() -> None:
    for _ in range(15):
        ask(CLERK, now=WORKDAY)
        missed(CLERK, now=WORKDAY)
    LookupAlarm.objects.update(seen_at=WORKDAY, seen_by="安全", remark="已核实")
    ask(CLERK, now=WORKDAY)
    assert LookupAlarm.objects.get().seen_at is not None
    for _ in range(10):
        ask(CLERK, now=WORKDAY.replace(hour=22))
    alarm = LookupAlarm.objects.get()
    assert (alarm.seen_at, alarm.reasons) == (None, ["misses", "outside"])


# --- the page ---


@pytest.fixture
def alarm() -> LookupAlarm:
    client = asker_for("enterprise")
    for number in range(16):
        search(client, "/enterprise/employment/new/", make_id_number(900 + number))
    return LookupAlarm.objects.get()


def test_security_administrator_sees_who_how_many_and_the_share_of_misses(alarm: LookupAlarm) -> None:
    client = enter(security())
    page = client.get("/office/lookups/").text
    assert alarm.name in page
    assert "16 次（100%）" in page
    assert "查不到人的比例高" in page
    assert "异常查询" in client.get("/office/users/").text, "in the menu"
    detail = client.get(f"/office/lookups/{alarm.pk}/").text
    assert f"?actor={alarm.user_id}" in detail
    assert "停用登录账号" in detail


def test_decision_is_kept_with_its_remark_and_leaves_an_entry(alarm: LookupAlarm) -> None:
    client = enter(security())
    address = f"/office/lookups/{alarm.pk}/"
    for remark in ("", "   "):
        refused = client.post(f"{address}seen/", {"remark": remark})
        assert refused.status_code == 400
        assert "请写明核实了什么" in refused.text
    assert client.post(f"{address}seen/", {"remark": "集中办理聘用，已电话核实"}).status_code == 302
    assert "集中办理聘用，已电话核实" in client.get(address).text
    assert "没有待复核的异常查询" in client.get("/office/lookups/").text
    assert alarm.name in client.get("/office/lookups/?all=1").text
    assert AuditEntry.objects.filter(action="see_lookup_alarm", object_id=str(alarm.pk)).count() == 1


def test_login_behind_an_alarm_is_closed_at_once_and_opened_again(alarm: LookupAlarm) -> None:
    operator = User.objects.get(pk=alarm.user_id)
    running = enter(operator)
    assert running.get("/enterprise/").status_code == 200
    client = enter(security())
    address = f"/office/lookups/{alarm.pk}/login/"
    assert client.post(address, {"reason": ""}).status_code == 400
    assert client.post(address, {"reason": "疑似批量试探"}).status_code == 302
    assert running.get("/enterprise/").status_code == 302
    assert "恢复登录账号" in client.get(f"/office/lookups/{alarm.pk}/").text
    assert client.post(address, {"reason": "已核实"}).status_code == 302
    operator.refresh_from_db()
    assert operator.is_active
    assert [entry.action for entry in AuditEntry.objects.filter(action__endswith="_login").order_by("pk")] == [
        "close_login",
        "open_login",
    ]


def test_nobody_decides_about_themselves() -> None:
    own = security()
    alarm = LookupAlarm.objects.create(
        kind=AskerKind.USER, key=str(own.pk), name=own.name, user_id=own.pk, day=date(2026, 11, 25), reasons=["many"]
    )
    client = enter(own)
    assert client.post(f"/office/lookups/{alarm.pk}/seen/", {"remark": "没事"}).status_code == 400
    assert client.post(f"/office/lookups/{alarm.pk}/login/", {"reason": "没事"}).status_code == 400
    alarm.refresh_from_db()
    assert alarm.seen_at is None


def test_page_is_the_security_administrators_alone(alarm: LookupAlarm) -> None:
    others = [
        make_staff(make_office(), Duty.REVIEW, Duty.REGISTRY),
        User.objects.create(login="aud", name="审计", sphere=Sphere.AUDIT_ADMIN),
        User.objects.create(login="sys", name="系统", sphere=Sphere.SYSTEM_ADMIN),
        User.objects.get(pk=alarm.user_id),
    ]
    for user in others:
        client = enter(user)
        assert client.get("/office/lookups/").status_code == 403
        assert client.get(f"/office/lookups/{alarm.pk}/").status_code == 403
        assert client.post(f"/office/lookups/{alarm.pk}/seen/", {"remark": "x"}).status_code == 403
        assert client.post(f"/office/lookups/{alarm.pk}/login/", {"reason": "x"}).status_code == 403


def test_security_administrator_is_told_at_the_login(alarm: LookupAlarm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    user = security()
    user.set_password("Shan-gao-shui-chang")
    user.save()
    client = Client()
    log_in_at_office(client, user, password="Shan-gao-shui-chang")
    assert "有1条按身份证号的异常查询等待复核" in client.get("/office/users/").text


def test_stranger_is_shown_shortened(client: Client) -> None:
    make_certificate(make_person(), make_enterprise(), "A")
    set_limit("lookups_address_hour", 1)
    for _ in range(2):
        client.post("/lookup/", {"id_number": make_id_number(5), "name": "张三"}, REMOTE_ADDR="203.0.113.77")
    assert LookupAlarm.objects.get().name == "203.0.113.*"

"""Policy parameters: what holds since when, values to come, and what a change does not touch."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.audit.services import Author
from administration.models import AuditEntry, Parameter
from administration.parameters.book import ParameterBook, UnknownParameter
from administration.parameters.declared import DECLARED, SEED_DOCUMENT
from administration.parameters.selectors import parameter_sheets
from administration.parameters.services import set_parameter, withdraw_parameter
from common.findings import Refused
from tests.clock import Clock
from tests.factories import Province, make_staff
from tests.worlds.base import NOW, TODAY
from tests.worlds.extension import ExtensionWorld
from workflow.selectors.parameter_cases import EFFECT, FILING, touched_by

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
CLERK = Author(user_id=None, name="李处长")
KEY = "acceptance_days"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def province() -> Province:
    return Province()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def announce(**fields: object) -> Parameter:
    order = {"key": KEY, "value": 3, "effective_from": TOMORROW, "document_number": "赣建办〔2026〕12号"}
    return set_parameter(**order | fields, by=CLERK, now=NOW)  # type: ignore[arg-type]


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in refused.value.findings}


@pytest.mark.parametrize("declared", DECLARED.values(), ids=lambda one: one.key)
def test_every_declared_parameter_accepts_its_own_seed_and_has_it(declared) -> None:
    assert declared.clean(declared.seed) == declared.seed
    assert declared.clean(str(declared.seed)) == declared.seed
    assert ParameterBook.load().row(declared.key, TODAY).value == declared.seed


@pytest.mark.parametrize("value", ["", "0", "61", "-1", "3.5", "３", "三", True, None])
def test_a_value_out_of_range_or_of_another_type_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        DECLARED[KEY].clean(value)
    with pytest.raises(Refused) as refused:
        announce(value=value)
    assert codes(refused) == {"parameter.value"}


def test_a_choice_is_one_of_those_declared() -> None:
    assert announce(key="undivided_c_category", value="C2").value == "C2"
    with pytest.raises(Refused) as refused:
        announce(key="undivided_c_category", value="C4", effective_from=TODAY + timedelta(days=9))
    assert "C3" in refused.value.findings[0].detail


def test_all_reasons_are_given_at_once() -> None:
    with pytest.raises(Refused) as refused:
        announce(value=0, effective_from=TODAY, document_number="  ")
    assert codes(refused) == {"parameter.value", "parameter.not_later", "parameter.no_document"}
    with pytest.raises(Refused) as refused:
        announce(key="nothing")
    assert codes(refused) == {"parameter.unknown"}


def test_a_value_holds_from_its_day_on_and_the_old_one_before() -> None:
    announce()
    book = ParameterBook.load()
    assert [book.integer(KEY, day) for day in (TODAY, TOMORROW, date(2030, 1, 1))] == [5, 3, 3]
    with pytest.raises(UnknownParameter):
        book.integer(KEY, date(1999, 12, 31))
    with pytest.raises(UnknownParameter):
        book.integer("nothing", TODAY)


def test_one_value_a_day() -> None:
    announce()
    with pytest.raises(Refused) as refused:
        announce(value=4)
    assert codes(refused) == {"parameter.taken"}
    assert ParameterBook.load().integer(KEY, TOMORROW) == 3


def test_a_value_to_come_can_be_withdrawn_and_one_in_force_cannot() -> None:
    row = announce()
    withdraw_parameter(row.pk, by=CLERK, now=NOW)
    assert ParameterBook.load().integer(KEY, TOMORROW) == 5
    with pytest.raises(Refused) as refused:
        withdraw_parameter(row.pk, by=CLERK, now=NOW)
    assert codes(refused) == {"parameter.gone"}
    again = announce()
    with pytest.raises(Refused) as refused:
        withdraw_parameter(again.pk, by=CLERK, now=NOW + timedelta(days=1))
    assert codes(refused) == {"parameter.in_force"}
    kept = AuditEntry.objects.filter(action__startswith="parameter.").order_by("pk")
    assert [entry.action for entry in kept] == ["parameter.set", "parameter.withdrawn", "parameter.set"]
    assert kept[1].detail["document_number"] == "赣建办〔2026〕12号"
    assert kept[1].actor_name == "李处长"


def test_tomorrow_begins_at_midnight_in_shanghai() -> None:
    before_midnight = datetime.fromisoformat("2026-11-23T23:59:00+08:00")
    after_midnight = datetime.fromisoformat("2026-11-24T00:01:00+08:00")
    order = {"key": KEY, "value": 3, "effective_from": TOMORROW, "document_number": "文号", "by": CLERK}
    with pytest.raises(Refused):
        set_parameter(**order, now=after_midnight)  # type: ignore[arg-type]
    assert set_parameter(**order, now=before_midnight)  # type: ignore[arg-type]


def test_the_book_notes_for_each_case_what_was_asked_for_it() -> None:
    announce()
    book = ParameterBook.load()
    book.integer("term_years", TODAY)
    with book.noting(1):
        book.integer(KEY, TODAY)
        book.integer(KEY, TOMORROW)
    with book.noting(2):
        book.integer(KEY, TOMORROW)
    shared = {"term_years": [[3, "2000-01-01", SEED_DOCUMENT]]}
    new = [3, TOMORROW.isoformat(), "赣建办〔2026〕12号"]
    assert book.used_for(1) == shared | {KEY: [[5, "2000-01-01", SEED_DOCUMENT], new]}
    assert book.used_for(2) == shared | {KEY: [new]}
    assert book.used_for(3) == shared


def test_the_history_says_what_is_past_present_and_to_come() -> None:
    Parameter.objects.create(key=KEY, value=4, effective_from=date(2026, 1, 1), document_number="旧文")
    announce()
    announce(value=2, effective_from=TOMORROW + timedelta(days=30))
    (sheet,) = parameter_sheets([KEY], on=TODAY)
    assert [(one.row.value, one.state) for one in sheet.history] == [
        (2, "coming"),
        (3, "coming"),
        (4, "present"),
        (5, "past"),
    ]
    assert sheet.present is not None
    assert sheet.present.words == "4 个工作日"
    assert [one.row.value for one in sheet.coming] == [3, 2]


def test_the_list_takes_one_query_for_all_parameters(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert len(parameter_sheets(on=TODAY)) == len(DECLARED)


# --- pages ---


def test_a_value_is_announced_and_withdrawn_by_its_pages(province: Province) -> None:
    client = browser(province.decider)
    assert "受理或一次性告知补正的期限" in client.get("/office/parameters/").content.decode()
    page = client.get(f"/office/parameters/{KEY}/new/").content.decode()
    assert "整数，1 至 60 个工作日。" in page
    form = {"value": "3", "effective_from": "2026年12月1日", "document_number": "赣建办〔2026〕12号", "note": ""}
    answer = client.post(f"/office/parameters/{KEY}/new/", form, follow=True)
    assert "2026年12月1日起，受理或一次性告知补正的期限为 3 个工作日" in answer.content.decode()
    row = Parameter.objects.get(key=KEY, value=3)
    entry = AuditEntry.objects.get(action="parameter.set")
    assert (entry.actor_id, entry.object_id, entry.address) == (province.decider.pk, str(row.pk), "127.0.0.1")
    assert "2026年12月1日起 3 个工作日" in client.get("/office/parameters/").content.decode()
    withdraw = f"/office/parameters/{KEY}/{row.pk}/withdraw/"
    assert "确定撤回这个取值吗" in client.get(withdraw).content.decode()
    assert "已撤回" in client.post(withdraw, follow=True).content.decode()
    assert not Parameter.objects.filter(pk=row.pk).exists()
    assert client.post(withdraw).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("value", "600", "应在1至60个工作日之间"),
        ("value", "", "请填写新取值"),
        ("effective_from", "2026-11-23", "施行日期应在今天之后"),
        ("effective_from", "明天", "无法识别的日期"),
        ("document_number", "", "请填写文号"),
    ],
)
def test_a_wrong_field_is_told_at_the_field(province: Province, field: str, value: str, sentence: str) -> None:
    form = {"value": "3", "effective_from": "2026-12-01", "document_number": "文号"} | {field: value}
    answer = browser(province.decider).post(f"/office/parameters/{KEY}/new/", form)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert Parameter.objects.filter(key=KEY).count() == 1


def test_a_day_that_is_taken_is_refused_with_the_way_out(province: Province) -> None:
    announce()
    form = {"value": "4", "effective_from": TOMORROW.isoformat(), "document_number": "文号"}
    answer = browser(province.decider).post(f"/office/parameters/{KEY}/new/", form)
    assert answer.status_code == 409
    assert "该参数在这一天已有取值" in answer.content.decode()
    assert "先撤回那一天的" in answer.content.decode()


def test_a_value_in_force_is_not_withdrawn_by_its_page(province: Province) -> None:
    row = Parameter.objects.get(key=KEY)
    answer = browser(province.decider).post(f"/office/parameters/{KEY}/{row.pk}/withdraw/", follow=True)
    assert "已经施行的取值不能撤回" in answer.content.decode()
    assert Parameter.objects.filter(pk=row.pk).exists()


def test_who_reads_and_who_changes(province: Province) -> None:
    system = User.objects.create(login="sys", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员")
    security = User.objects.create(login="sec", sphere=Sphere.SECURITY_ADMIN, name="安全管理员")
    registry = make_staff(province.provincial, Duty.REGISTRY)
    municipal = make_staff(province.municipal, Duty.REGISTRY)
    expected = {  # list, form
        province.decider: (200, 200),
        registry: (200, 200),
        municipal: (200, 403),
        system: (200, 403),
        security: (403, 403),
        province.reviewer: (403, 403),
    }
    for user, answers in expected.items():
        client = browser(user)
        pages = ("/office/parameters/", f"/office/parameters/{KEY}/new/")
        assert tuple(client.get(page).status_code for page in pages) == answers, user
        assert client.get(f"/office/parameters/{KEY}/").status_code == answers[0]
        row = Parameter.objects.get(key=KEY)
        assert client.get(f"/office/parameters/{KEY}/{row.pk}/withdraw/").status_code == answers[1]
    assert "登记新取值" not in browser(system).get(f"/office/parameters/{KEY}/").content.decode()
    assert browser(system).get("/office/parameters/nothing/").status_code == 404


def test_a_page_says_which_open_cases_a_new_value_touches(province: Province, count_queries) -> None:
    client = browser(province.decider)
    world = ExtensionWorld(province)
    world.file()
    for address in (f"/office/parameters/{KEY}/", f"/office/parameters/{KEY}/new/"):
        page = client.get(address).content.decode()
        assert "证书延续" in page
        assert "1 件" in page
        assert "已在环节中的办件期限不变" in page
    few = count_queries(lambda: client.get(f"/office/parameters/{KEY}/"))
    world.another().file()
    assert count_queries(lambda: client.get(f"/office/parameters/{KEY}/")) == few
    assert "没有办件业务使用这项参数" in client.get("/office/parameters/messages_per_hour/").content.decode()


def test_what_a_new_value_means_is_what_the_rules_do(province: Province) -> None:
    """The window is judged by the filing day; so are the hours of a term, whose length counts from the decision on."""
    rules = {
        key: {one.title: one.rules for one in touched_by(key)} for key in ("extension_window_months", "term_years")
    }
    assert rules["extension_window_months"]["证书延续"] == (FILING,)
    assert rules["term_years"]["证书延续"] == (FILING, EFFECT)

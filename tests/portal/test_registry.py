"""The registries: who enters, what may be changed, what is never shown, and that the lists stay cheap."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Duty, Sphere
from accounts.models import Person, User
from administration.models import AuditEntry, CalendarDay, ImportRun, Mailbox, Notice, Office, Parameter
from certificates.models import Certificate, LegacyCertificate
from common.web.admin import COUNTED, CappedPaginator
from employment.models import Employment
from enterprises.enums import Post
from enterprises.models import Enterprise
from tests.factories import make_certificate, make_employment, make_enterprise, make_office, make_person, make_staff

pytestmark = pytest.mark.django_db
EDITABLE = {"region", "regionalias", "office", "officeroute", "calendarday", "user"}
ALL = sorted(admin.site._registry, key=lambda model: model._meta.label)


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def registrar() -> Client:
    return enter(make_staff(make_office(), Duty.REGISTRY))


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_strangers_go_to_the_login_of_staff() -> None:
    answer = Client().get("/office/registry/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/office/login/")
    for page in ("login", "logout", "password_change", "jsi18n", "autocomplete"):
        assert Client().get(f"/office/registry/{page}/").status_code in (302, 404)


def test_only_the_system_administrator_and_the_duty_registry_enter(registrar: Client) -> None:
    assert registrar.get("/office/registry/").status_code == 200
    system = User.objects.create(login="sys", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员")
    assert enter(system).get("/office/registry/").status_code == 200
    person = make_person()
    assert person.user is not None
    others = [
        person.user,
        make_staff(make_office(), Duty.REVIEW, Duty.DECIDE),
        User.objects.create(login="sec", sphere=Sphere.SECURITY_ADMIN, name="安全管理员"),
        User.objects.create(login="aud", sphere=Sphere.AUDIT_ADMIN, name="审计管理员"),
    ]
    for other in others:
        answer = enter(other).get("/office/registry/")
        assert answer.status_code == 403
        assert "登记台账" in answer.text


@pytest.mark.parametrize("model", ALL, ids=lambda model: model._meta.label)
def test_every_registry_opens_in_the_look_of_the_portal(registrar: Client, model: type[Model]) -> None:
    page = registrar.get(address(model, "changelist"))
    assert page.status_code == 200
    assert "css/theme.css" in page.text
    assert "admin/js" not in page.text
    assert "admin/css" not in page.text


@pytest.mark.parametrize("model", ALL, ids=lambda model: model._meta.label)
def test_registries_search_and_are_read_only_unless_named(registrar: Client, model: type[Model]) -> None:
    assert registrar.get(address(model, "changelist"), {"q": "欧阳"}).status_code == 200
    if model._meta.model_name not in EDITABLE:
        assert registrar.get(address(model, "add")).status_code == 403


def test_every_column_and_field_is_named_in_chinese() -> None:
    chinese = re.compile("[\u4e00-\u9fff]|^ID$")
    unnamed = []
    for model, registry in admin.site._registry.items():
        shown = {field.name for field in model._meta.fields} - set(registry.exclude or ())
        if registry.fields:
            shown &= set(registry.fields)  # type: ignore[arg-type]
        names = [field for field in model._meta.fields if field.name in shown and field.editable]
        unnamed += [f"{model._meta.label}.{one.name}" for one in names if not chinese.search(str(one.verbose_name))]
    assert unnamed == []


def test_a_certificate_is_shown_and_nothing_of_it_can_be_changed(registrar: Client) -> None:
    person = make_person("欧阳·䶮𬭎")
    certificate = make_certificate(person, make_enterprise(), "B")
    page = registrar.get(address(Certificate, "changelist"), {"q": "欧阳"}).text
    assert certificate.number in page
    detail = address(Certificate, "change", certificate.pk)
    assert person.id_number not in registrar.get(detail).text
    assert registrar.post(detail, {"legal_state": "04"}).status_code == 403
    assert registrar.post(address(Certificate, "delete", certificate.pk), {"post": "yes"}).status_code == 403
    certificate.refresh_from_db()
    assert certificate.legal_state == "01"


def test_old_records_show_a_masked_number_only(registrar: Client) -> None:
    person = make_person()
    row = LegacyCertificate.objects.create(
        id_number=person.id_number,
        id_number_index=person.id_number_index,
        name="张三",
        category="A",
        enterprise_name="某公司",
        valid_to=date(2027, 1, 1),
        import_run=ImportRun.objects.create(kind="legacy", file_name="a.csv", sha256="0" * 64),
        row_number=1,
        fingerprint="f" * 64,
    )
    for page in (address(LegacyCertificate, "changelist"), address(LegacyCertificate, "change", row.pk)):
        text = registrar.get(page).text
        assert person.id_number not in text
        assert person.id_number_index not in text
        assert f"360***********{person.id_number[-4:]}" in text


@pytest.mark.parametrize("model", [Certificate, Office, Notice], ids=lambda model: str(model._meta.model_name))
def test_lists_cost_the_same_for_one_and_three(
    registrar: Client, model: type[Model], count_queries: Callable[[Callable[[], object]], int]
) -> None:
    def more() -> None:
        person, enterprise = make_person(), make_enterprise()
        make_employment(person, enterprise)
        make_certificate(person, enterprise, "B")
        Notice.objects.create(title="公告", body="正文", office=make_office())

    more()
    one = count_queries(lambda: registrar.get(address(model, "changelist")))
    more()
    more()
    assert count_queries(lambda: registrar.get(address(model, "changelist"))) == one


def test_counting_stops_at_a_thousand() -> None:
    CalendarDay.objects.all().delete()
    start = date(2040, 1, 1)
    CalendarDay.objects.bulk_create(CalendarDay(day=start + timedelta(days=n), is_workday=True) for n in range(1100))
    assert CappedPaginator(CalendarDay.objects.order_by("day"), 50).count == COUNTED


# --- what may be changed ---


def test_parameters_have_a_page_of_their_own(registrar: Client) -> None:
    row = Parameter.objects.get(key="training_hours_per_term")
    shown = registrar.get(f"{address(Parameter, 'changelist')}?key={row.key}").text
    assert "每个有效期内的继续教育学时" in shown
    assert registrar.get(address(Parameter, "add")).status_code == 403
    assert registrar.post(address(Parameter, "change", row.pk), {"value": "1"}).status_code == 403


def test_a_day_of_the_calendar_is_changed_and_removed(registrar: Client) -> None:
    day = date(2041, 5, 1)
    assert registrar.post(address(CalendarDay, "add"), {"day": f"{day}", "note": "劳动节"}).status_code == 302
    assert not CalendarDay.objects.get(day=day).is_workday
    assert registrar.post(address(CalendarDay, "delete", day), {"post": "yes"}).status_code == 302
    assert not CalendarDay.objects.filter(day=day).exists()
    assert AuditEntry.objects.filter(action="registry_delete").count() == 1


def test_a_new_office_can_receive_messages(registrar: Client) -> None:
    data = {"name": "瑞金市行政审批局", "kind": "county", "region": "360781", "is_active": "on"}
    assert registrar.post(address(Office, "add"), data).status_code == 302
    assert Office.objects.get(name="瑞金市行政审批局").mailbox is not None


def test_offices_are_kept_and_notices_have_pages_of_their_own(registrar: Client) -> None:
    office = make_office()
    notice = Notice.objects.create(title="公告", body="正文")
    assert registrar.post(address(Office, "delete", office.pk), {"post": "yes"}).status_code == 403
    assert registrar.post(address(Notice, "delete", notice.pk), {"post": "yes"}).status_code == 403
    assert registrar.post(address(Notice, "change", notice.pk), {"title": "另一则"}).status_code == 403
    assert registrar.get(address(Notice, "add")).status_code == 403


def found_rows(client: Client, model: type[Model], words: str) -> tuple[int, str]:
    """Answers how many rows the first page of the list shows, and its text."""
    answer = client.get(address(model, "changelist"), {"q": words})
    assert answer.status_code == 200
    return len(answer.context["cl"].result_list), answer.content.decode()


def test_a_code_is_searched_for_words_that_may_be_a_part_of_it_only(registrar: Client) -> None:
    one = make_enterprise(name="伟芳建设有限公司")
    make_enterprise(name="别的建设有限公司")
    for words, is_code in (
        ("伟芳", False),
        (one.uscc[5:9], True),
        (one.uscc[5:9].lower(), True),
        (one.uscc[:2], False),
    ):
        with CaptureQueriesContext(connection) as asked:
            found, page = found_rows(registrar, Enterprise, words)
        assert any('"uscc"::text) LIKE' in query["sql"] for query in asked) is is_code
        assert (one.name in page) is (found > 0)
        assert found == 0 if words == one.uscc[:2] else found >= 1


def test_of_many_bearers_of_a_name_a_thousand_are_read_and_a_second_word_finds_among_all(registrar: Client) -> None:
    """A person's name alone may have more bearers than a list counts; with the enterprise each of them can be found."""
    many, one = make_enterprise(name="众多建设有限公司"), make_enterprise(name="唯一建设有限公司")
    people = Person.objects.bulk_create(
        [
            Person(name="王伟强", birth_date=date(1980, 1, 1), id_number_index=f"{number:064x}", mailbox=mailbox)
            for number, mailbox in enumerate(Mailbox.objects.bulk_create([Mailbox() for _ in range(COUNTED + 5)]))
        ]
    )
    Employment.objects.bulk_create(
        [
            Employment(
                person=person,
                enterprise=one if person == people[-1] else many,
                posts=[Post.SAFETY_OFFICER],
                contract_from=date(2026, 1, 1),
                contract_to=date(2027, 1, 1),
            )
            for person in people
        ]
    )
    found, page = found_rows(registrar, Employment, "王伟强")
    assert (found, "1000 条以上" in page) == (50, True)
    found, page = found_rows(registrar, Employment, "王伟强 唯一建设")
    assert (found, "唯一建设有限公司" in page) == (1, True)

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from django.utils.timezone import localdate

from accounts.people.identity import id_number_index
from administration.imports.services import Book, run_import
from certificates.models import Certificate
from common.findings import Refused
from employment.models import Employment
from enterprises.enums import EnterpriseStatus
from enterprises.models import Enterprise, EnterpriseName, ProjectInProgress, Qualification
from enterprises.register.importing import Regions
from enterprises.register.services import EnterpriseFacts, change_name, save_enterprise
from enterprises.signals import qualifications_changed
from tests.factories import (
    make_certificate,
    make_employment,
    make_enterprise,
    make_id_number,
    make_person,
    make_uscc,
)

pytestmark = pytest.mark.django_db


def table(*rows: Mapping[str, str], encoding: str = "utf-8") -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(dict.fromkeys(title for row in rows for title in row)))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


def load(kind: str, *rows: Mapping[str, str], **options: Any) -> Book:
    return run_import(kind, table(*rows), "f.csv", **options)


def counts(book: Book) -> tuple[int, int, int, int]:
    return book.new, book.changed, book.known, book.bad


def enterprise_row(uscc: str, name: str = "江西甲建筑有限公司", **changed: str) -> dict[str, str]:
    return {
        "企业名称": name,
        "统一社会信用代码": uscc,
        "注册地": "南昌市东湖区",
        "法定代表人": "张三",
        "状态": "存续",
    } | changed


# --- enterprises ---


def test_new_changed_and_known_enterprises() -> None:
    uscc = make_uscc()
    assert counts(load("enterprises", enterprise_row(uscc))) == (1, 0, 0, 0)
    assert counts(load("enterprises", enterprise_row(uscc))) == (0, 0, 1, 0)
    assert counts(load("enterprises", enterprise_row(uscc, "江西乙建筑(集团)有限公司", 变更名称="是"))) == (
        0, 1, 0, 0,
    )  # fmt: skip
    enterprise = Enterprise.objects.get()
    assert (enterprise.name, enterprise.region_id) == ("江西乙建筑（集团）有限公司", "360102")
    assert enterprise.mailbox is not None
    former = EnterpriseName.objects.get()
    assert (former.name, former.used_to) == ("江西甲建筑有限公司", localdate())


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("东湖区", "360102"),
        ("江西省南昌市东湖区", "360102"),
        ("南昌市", "360100"),
        ("南昌东湖区", "360102"),
        ("360102", "360102"),
        ("360122", "360112"),
        ("杭州市", None),
        ("110101", None),
        ("江西省", None),
    ],
)
def test_places_of_registration(place: str, code: str | None) -> None:
    assert Regions().code_of(place) == code


def test_a_missing_place_follows_the_code() -> None:
    load("enterprises", enterprise_row(make_uscc(region="360122"), 注册地=""))
    assert Enterprise.objects.get().region_id == "360112"


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"注册地": "某地"}, "注册地"),
        ({"状态": "迁出"}, "状态"),
        ({"企业名称": ""}, "企业名称"),
        ({"统一社会信用代码": "91360102MA0000001"}, "统一社会信用代码"),
    ],
)
def test_bad_enterprise_rows_hold_nothing_up(changed: dict[str, str], column: str) -> None:
    bad = enterprise_row(make_uscc()) | changed
    book = load("enterprises", bad, enterprise_row(make_uscc(), "江西丁建筑有限公司"))
    assert counts(book) == (1, 0, 0, 1)
    assert [problem.column_title for problem in book.problems] == [column]


def test_one_code_with_two_contents_in_a_file() -> None:
    uscc = make_uscc()
    rows = [enterprise_row(uscc), enterprise_row(uscc), enterprise_row(uscc, "江西乙建筑有限公司")]
    book = load("enterprises", *rows)
    assert counts(book) == (1, 0, 1, 1)
    assert book.problems[0].row_number == 4
    assert Enterprise.objects.get().name == "江西甲建筑有限公司"


def test_dissolving_ends_employments_by_a_job_of_the_import(run_jobs: Callable[[], list[str]]) -> None:
    enterprise, person = make_enterprise("江西甲建筑有限公司"), make_person(user=False)
    make_employment(person, enterprise)
    certificate = make_certificate(person, enterprise)
    book = load("enterprises", enterprise_row(enterprise.uscc, 状态="注销", 注销日期="2026-01-05"))
    run_jobs()
    enterprise.refresh_from_db()
    certificate.refresh_from_db()
    assert counts(book) == (0, 1, 0, 0)
    assert (enterprise.status, enterprise.dissolved_on) == (EnterpriseStatus.DISSOLVED, date(2026, 1, 5))
    assert Employment.objects.get().end_reason == "enterprise_gone"
    assert "enterprise.gone" in Certificate.objects.get().display_codes
    assert counts(load("enterprises", enterprise_row(enterprise.uscc, 状态="注销"))) == (0, 0, 1, 0)


def test_a_new_enterprise_may_be_gone_already_and_come_back(run_jobs: Callable[[], list[str]]) -> None:
    uscc = make_uscc()
    assert counts(load("enterprises", enterprise_row(uscc, 状态="吊销，未注销"))) == (1, 0, 0, 0)
    run_jobs()
    assert Enterprise.objects.get().status == EnterpriseStatus.REVOKED
    load("enterprises", enterprise_row(uscc, 状态="存续（在营、开业、在册）"))
    enterprise = Enterprise.objects.get()
    assert (enterprise.status, enterprise.dissolved_on) == (EnterpriseStatus.EXISTING, None)


def test_a_dry_run_changes_nothing() -> None:
    enterprise = make_enterprise("江西甲建筑有限公司")
    rows = [enterprise_row(enterprise.uscc, 状态="注销"), enterprise_row(make_uscc(), "江西乙建筑有限公司")]
    assert counts(load("enterprises", *rows, dry_run=True)) == (1, 1, 0, 0)
    assert [one.status for one in Enterprise.objects.all()] == [EnterpriseStatus.EXISTING]


def test_a_new_representative_takes_the_number_of_the_old_one_away() -> None:
    uscc, number = make_uscc(), make_id_number()
    load("enterprises", enterprise_row(uscc, 法定代表人身份证号=number))
    assert Enterprise.objects.get().legal_representative_index == id_number_index(number)
    load("enterprises", enterprise_row(uscc, 法定代表人="李四"))
    assert Enterprise.objects.get().legal_representative_index == ""


def test_saving_says_only_what_the_registry_says() -> None:
    enterprise = make_enterprise("江西甲建筑有限公司", address="旧址", legal_representative="张三")
    facts = EnterpriseFacts(uscc=enterprise.uscc, name=enterprise.name, region_code="360102", address="新址")
    saved = save_enterprise(facts, synced=True)
    assert (saved.address, saved.legal_representative) == ("新址", "张三")
    assert saved.synced_at is not None


def test_change_name_keeps_the_history_without_gaps() -> None:
    enterprise = make_enterprise("甲")
    assert change_name(enterprise_id=enterprise.pk, name="乙(集团)", on=date(2025, 1, 1))
    assert not change_name(enterprise_id=enterprise.pk, name="乙（集团）")
    assert change_name(enterprise_id=enterprise.pk, name="丙", on=date(2026, 1, 1))
    rows = list(EnterpriseName.objects.values_list("name", "used_from", "used_to"))
    assert rows == [("甲", None, date(2025, 1, 1)), ("乙（集团）", date(2025, 1, 1), date(2026, 1, 1))]
    with pytest.raises(Refused):
        change_name(enterprise_id=enterprise.pk, name=" ")


def test_a_changed_name_shows_on_the_certificates_at_once() -> None:
    enterprise, person = make_enterprise("甲"), make_person(user=False)
    make_employment(person, enterprise)
    make_certificate(person, enterprise)
    change_name(enterprise_id=enterprise.pk, name="乙")
    assert "enterprise.renamed" in Certificate.objects.get().display_codes


def test_large_files_take_the_same_queries_a_chunk(count_queries: Any) -> None:
    few = [enterprise_row(make_uscc(), f"江西第{n}建筑有限公司") for n in range(3)]
    many = [enterprise_row(make_uscc(), f"江西第{n}建设有限公司") for n in range(60)]
    assert count_queries(lambda: load("enterprises", *few)) == count_queries(lambda: load("enterprises", *many))


# --- projects in progress, registered constructors ---


def project_row(uscc: str, id_number: str, **changed: str) -> dict[str, str]:
    return {
        "项目名称": "滨江公园",
        "项目编号": "3601002026001",
        "统一社会信用代码": uscc,
        "身份证号": id_number,
        "岗位": "项目负责人",
        "开工日期": "2026-01-01",
        "竣工日期": "",
    } | changed


def test_projects_are_kept_by_project_person_and_post() -> None:
    uscc, number = make_enterprise().uscc, make_id_number()
    assert counts(load("projects", project_row(uscc, number))) == (1, 0, 0, 0)
    assert counts(load("projects", project_row(uscc, number))) == (0, 0, 1, 0)
    assert counts(load("projects", project_row(uscc, number, 竣工日期="2026/6/30"))) == (0, 1, 0, 0)
    project = ProjectInProgress.objects.get()
    assert (project.id_number_index, project.finished_on) == (id_number_index(number), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"统一社会信用代码": "91350100M000100Y43"}, "统一社会信用代码"),
        ({"竣工日期": "2025-12-31"}, "竣工日期"),
        ({"身份证号": "36010219800101001"}, "身份证号"),
        ({"项目名称": ""}, "项目名称"),
    ],
)
def test_bad_project_rows(changed: dict[str, str], column: str) -> None:
    book = load("projects", project_row(make_enterprise().uscc, make_id_number()) | changed)
    assert counts(book) == (0, 0, 0, 1)
    assert book.problems[0].column_title == column


def constructor_row(id_number: str, **changed: str) -> dict[str, str]:
    return {
        "姓名": "张三",
        "身份证号": id_number,
        "注册编号": "赣1362026000001",
        "专业": "建筑工程",
        "统一社会信用代码": "",
        "有效期止": "2028-12-31",
        "状态": "有效",
    } | changed


def test_constructors_come_and_go_and_listeners_hear_of_it() -> None:
    heard: list[set[str]] = []

    def listen(sender: Any, *, id_number_indexes: set[str], **_: Any) -> None:
        heard.append(id_number_indexes)

    number, uscc = make_id_number(), make_enterprise().uscc
    qualifications_changed.connect(listen)
    try:
        assert counts(load("constructors", constructor_row(number, 统一社会信用代码=uscc))) == (1, 0, 0, 0)
        assert counts(load("constructors", constructor_row(number, 统一社会信用代码=uscc))) == (0, 0, 1, 0)
        assert counts(load("constructors", constructor_row(number, 统一社会信用代码=uscc, 状态="已注销"))) == (
            0,
            1,
            0,
            0,
        )
    finally:
        qualifications_changed.disconnect(listen)
    one = Qualification.objects.get()
    assert (one.is_in_force, one.kind, one.specialty) == (False, "constructor", "建筑工程")
    assert heard == [{id_number_index(number)}] * 2


def test_one_constructor_may_have_several_specialties() -> None:
    number = make_id_number()
    book = load("constructors", constructor_row(number), constructor_row(number, 专业="市政公用工程"))
    assert counts(book) == (2, 0, 0, 0)


def test_a_constructor_of_an_unknown_enterprise_is_refused() -> None:
    book = load("constructors", constructor_row(make_id_number(), 统一社会信用代码=make_uscc()))
    assert book.problems[0].sentence == "该企业还没有登记，请先导入企业。"


# --- files in which unlikely many rows have legal effect ---


def test_a_file_of_nothing_but_dissolved_enterprises_stops_and_asks() -> None:
    rows = [enterprise_row(make_uscc(), f"江西第{n}建筑有限公司", 状态="注销") for n in range(5)]
    stopped = load("enterprises", *rows)
    assert "5 行中有 5 行（100%）为“注销、吊销”" in stopped.run.error
    assert not Enterprise.objects.exists()
    assert load("enterprises", *rows, confirmed=True).new == 5
    assert load("enterprises", *rows[:4]).run.error == ""


def test_a_file_of_nothing_but_lapsed_constructors_stops_and_asks() -> None:
    rows = [
        {"姓名": "张三", "身份证号": make_id_number(n), "注册编号": f"赣136{n:09d}", "状态": "注销"}
        for n in range(1, 7)
    ]
    assert "6 行中有 6 行（100%）为“无效、注销等”" in load("constructors", *rows).run.error
    assert not Qualification.objects.exists()
    assert load("constructors", *rows[:2], *({**row, "状态": "有效"} for row in rows[2:])).new == 6

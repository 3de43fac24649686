"""Each kind of import can be taken back: the tables are as before, and a row on which something was built stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty
from accounts.models import User
from administration.enums import OfficeKind
from administration.imports import reversing
from administration.imports.reversing import WAYS, reach_of, take_back_chunk
from administration.imports.row_ways import RowWay
from administration.imports.services import IMPORTERS, run_import
from administration.models import AuditEntry, ImportRepetition, ImportReversal, ImportRow, ImportRun, Mailbox
from certificates.models import CertificateItem, OutOfProvinceCertificate
from employment.models import Employment
from enterprises.models import Enterprise, EnterpriseName, ProjectInProgress, Qualification
from tests.factories import make_enterprise, make_id_number, make_office, make_person, make_staff, make_uscc
from training.models import TrainingRecord
from workflow.models import Application

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], list[str]]
TABLES = (Enterprise, EnterpriseName, Mailbox, ProjectInProgress, Qualification, OutOfProvinceCertificate)


@pytest.fixture
def clerk() -> User:
    office = make_office("省厅登记处", kind=OfficeKind.PROVINCIAL, region="360000")
    return make_staff(office, Duty.REGISTRY, name="项暮云")


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def tables() -> dict[str, list[Any]]:
    """What counts in every table: withdrawn records of training stay to be seen, and are left out here."""
    found: dict[str, list[Any]] = {
        model.__name__: list(model._default_manager.order_by("pk").values()) for model in TABLES
    }
    found["training"] = list(TrainingRecord.objects.filter(withdrawn_at__isnull=True).order_by("pk").values())
    return found


def load(kind: str, head: str, *rows: str) -> ImportRun:
    book = run_import(kind, "\n".join([head, *rows]).encode(), "表.csv", by="测试")
    assert book.run.error == "", book.run.error
    assert book.bad == 0, [problem.sentence for problem in book.problems]
    return book.run


def address(run: ImportRun) -> str:
    return f"/office/imports/{run.pk}/reversal/"


def take_back(client: Client, run: ImportRun, run_jobs: RunJobs) -> tuple[int, int]:
    by = User.objects.get(name="项暮云")
    answer = client.post(address(run), {"plan": reach_of(run, by.pk).digest, "reason": "文件选错了"})
    assert answer.status_code == 302, answer.content.decode()
    run_jobs()
    done = ImportReversal.objects.latest("pk")
    assert done.finished_at is not None
    return done.taken, done.kept


ENTERPRISE = "企业名称,统一社会信用代码,注册地,住所,变更名称,状态,注销日期"


def enterprises() -> tuple[str, list[str], list[str]]:
    one, two, free = make_uscc(), make_uscc(), make_uscc()
    first = [f"江西甲建筑有限公司,{one},360102,旧街1号,,,", f"江西乙建筑有限公司,{two},360102,旧街2号,,,"]
    second = [
        f"江西甲新名建筑有限公司,{one},360103,新街1号,是,,",
        f"江西乙新名建筑有限公司,{two},360102,旧街2号,是,,",
        f"江西丙建筑有限公司,{free},360102,街3号,,,",
    ]
    return ENTERPRISE, first, second


def projects() -> tuple[str, list[str], list[str]]:
    code, people = make_enterprise().uscc, [make_id_number(n) for n in (51, 52, 53)]
    rows = [f"演示大厦,P{n},{code},{number},项目经理" for n, number in enumerate(people)]
    first = [f"{row},2027-01-01" for row in rows[:2]]
    return "项目名称,项目编号,统一社会信用代码,身份证号,岗位,竣工日期", first, [f"{row},2028-05-06" for row in rows]


def constructors() -> tuple[str, list[str], list[str]]:
    rows = [f"张三,{make_id_number(60 + n)},赣136{n},建筑工程" for n in range(3)]
    first = [f"{row},2027-01-01,有效" for row in rows[:2]]
    return "姓名,身份证号,注册编号,专业,有效期止,状态", first, [f"{row},2028-05-06,注销" for row in rows]


def outside() -> tuple[str, list[str], list[str]]:
    rows = [f"张三,{make_id_number(70 + n)},浙建安B（2024）000000{n}" for n in range(1, 4)]
    first = [f"{row},2027-01-01,浙江" for row in rows[:2]]
    return "姓名,身份证号,证书编号,有效期止,省份", first, [f"{row},2028-05-06,浙江" for row in rows]


def training() -> tuple[str, list[str], list[str]]:
    rows = [f"张三,{make_id_number(80 + n)},江西培训中心,安全法规,24,2025-03-01,2025-03-03" for n in range(3)]
    return "姓名,身份证号,培训机构,课程,学时,开始日期,结束日期", rows[:1], rows[1:]


def build_on_enterprise(row: ImportRow) -> str:
    Enterprise.objects.filter(pk=row.object_id).update(address="后来的地址")
    return "后来又改过：住所"


def build_on_project(row: ImportRow) -> str:
    ProjectInProgress.objects.filter(pk=row.object_id).update(name="改过的大厦")
    return "后来又改过：项目名称"


def built_case(index: str, kind: str, category: str) -> Application:
    person = make_person(id_number=index)
    case = Application.objects.create(
        number="JX1", kind=kind, filed_by="person", person=person, region_id="360102", status="draft",
        first_submitted_at=timezone.now() + timedelta(minutes=1),
    )  # fmt: skip
    Application.objects.filter(pk=case.pk).update(
        status="approved", closed_at=timezone.now(), accepted_at=timezone.now()
    )
    CertificateItem.objects.create(application=case, claim_key=f"person:{person.pk}:{category}", is_open=False)
    return case


def build_on_constructor(row: ImportRow) -> str:
    built_case(make_id_number(60), "first_issue", "B")
    return "办件 JX1 已据此办结"


def build_on_outside(row: ImportRow) -> str:
    OutOfProvinceCertificate.objects.filter(pk=row.object_id).update(settled_at=timezone.now())
    return "已换证或注销"


def build_on_training(row: ImportRow) -> str:
    built_case(make_id_number(81), "extension", "A")
    return "办件 JX1 已据此办结"


KINDS = {
    "enterprises": (enterprises, build_on_enterprise),
    "projects": (projects, build_on_project),
    "constructors": (constructors, build_on_constructor),
    "outside": (outside, build_on_outside),
    "training": (training, build_on_training),
}
"""Each has files of what was there before and of the import, and something that is built on its first row."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_taken_back_and_what_was_built_upon_stays(desk: Client, kind: str, run_jobs: RunJobs) -> None:
    make, build = KINDS[kind]
    head, first, second = make()
    load(kind, head, *first)
    before = tables()
    run = load(kind, head, *second)
    assert tables() != before
    page = desk.get(address(run)).text
    assert "<b>0</b>不能撤回的行" in page
    # With something built on it, one row stays and the others go.
    row = ImportRow.objects.filter(run=run).order_by("pk").first()
    assert row is not None
    words = build(row)
    kept = desk.get(f"{address(run)}?show=kept").text
    assert words in kept
    assert kept.count("不能撤回</span>") == 1
    made = model_of(row)._default_manager.filter(pk=row.object_id).values().get()
    assert take_back(desk, run, run_jobs) == (len(second) - 1, 1)
    left = [(name, one) for name, rows in tables().items() for one in rows if one not in before[name]]
    assert made in [one for _, one in left]
    assert {name for name, _ in left} <= {model_of(row).__name__, "EnterpriseName", "training", "Mailbox"}
    # The former name belongs to the enterprise that stays, and the mailbox to the person of the case.
    assert len([one for name, one in left if name not in ("EnterpriseName", "Mailbox")]) == 1
    record = desk.get(f"/office/imports/{run.pk}/").text
    assert f"已撤回 {len(second) - 1} 行，1 行不能撤回。" in record
    assert "文件选错了" in record
    assert AuditEntry.objects.filter(action="import.reversed", detail__reason="文件选错了").count() == 1


def model_of(row: ImportRow) -> type[Model]:
    return next(model for model in (*TABLES, TrainingRecord) if model._meta.label_lower == row.object_type)


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_reversal_the_tables_are_as_before(desk: Client, kind: str, run_jobs: RunJobs) -> None:
    head, first, second = KINDS[kind][0]()
    load(kind, head, *first)
    before = tables()
    run = load(kind, head, *second)
    assert take_back(desk, run, run_jobs) == (len(second), 0)
    assert tables() == before
    # Nothing is left of it, and the same file may come again.
    assert "没有可以撤回的行" in desk.get(address(run)).text
    again = load(kind, head, *second)
    assert again.rows_new + again.rows_changed == len(second)


def test_every_importer_that_offices_use_can_be_taken_back() -> None:
    offered = {one.kind for one in IMPORTERS if one.duties}
    assert offered <= set(WAYS.names())
    assert {kind for kind in WAYS.names() if isinstance(WAYS[kind], RowWay)} == {*KINDS, "exam_results"}


def test_a_later_import_is_taken_back_first(desk: Client, run_jobs: RunJobs) -> None:
    head, first, second = projects()
    earlier, later = load("projects", head, *first), load("projects", head, *second)
    page = desk.get(address(earlier)).text
    assert "请先撤回后来的导入" in page
    assert f"/office/imports/{later.pk}/" in page
    assert "<b>0</b>可以撤回的行" in page
    assert take_back(desk, later, run_jobs) == (3, 0)
    assert take_back(desk, earlier, run_jobs) == (2, 0)
    assert not ProjectInProgress.objects.exists()


def test_a_value_that_later_imports_changed_and_brought_back_stays(desk: Client, run_jobs: RunJobs) -> None:
    head, first, second = projects()
    runs = [load("projects", head, *rows) for rows in (first, second[:2], first, second[:2])]
    page = desk.get(address(runs[1])).text
    assert "后来又改过：" in page
    assert f"/office/imports/{runs[3].pk}/" in page
    assert "<b>0</b>可以撤回的行" in page
    assert [take_back(desk, run, run_jobs) for run in runs[:0:-1]] == [(2, 0)] * 3
    assert {str(one.finished_on) for one in ProjectInProgress.objects.all()} == {"2027-01-01"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_later_import_repeats_stays_until_that_one_is_taken_back(
    desk: Client, kind: str, run_jobs: RunJobs
) -> None:
    head, first, second = KINDS[kind][0]()
    rows = first if kind == "enterprises" else second
    earlier, later = load(kind, head, *rows), load(kind, head, rows[0], rows[0])
    assert (later.rows_new, later.rows_changed, later.rows_known) == (0, 0, 2)
    kept = desk.get(f"{address(earlier)}?show=kept").text
    assert kept.count("后来的导入也有这一行，内容相同") == 1
    assert f"/office/imports/{later.pk}/" in kept
    row = ImportRow.objects.filter(run=earlier).order_by("pk").first()
    assert row is not None
    stored = model_of(row)._default_manager.filter(pk=row.object_id).values()
    repeated = stored.get()
    assert take_back(desk, earlier, run_jobs) == (len(rows) - 1, 1)
    assert stored.get() == repeated
    # The import that only repeats can be taken back too, and the other then has nothing against it.
    page = desk.get(address(later)).text
    assert "<b>1</b>与以前相同的行" in page
    assert take_back(desk, later, run_jobs) == (0, 0)
    assert stored.get() == repeated
    assert "没有可以撤回的行" in desk.get(address(later)).text
    assert take_back(desk, earlier, run_jobs) == (1, 0)


def test_a_row_repeats_only_what_it_names(desk: Client, run_jobs: RunJobs) -> None:
    code = make_uscc()
    short = "企业名称,统一社会信用代码,注册地"
    name = "江西甲建筑有限公司"
    load("enterprises", f"{short},住所,联系电话", f"{name},{code},360102,旧街1号,0791-1")
    moved = load("enterprises", f"{short},住所", f"{name},{code},360102,新街1号")
    assert load("enterprises", short, f"{name},{code},360102").rows_known == 1
    assert load("enterprises", f"{short},住所", f"江西甲误建筑有限公司,{code},360102,").rows_known == 1
    assert "后来的导入也有这一行" not in desk.get(address(moved)).text
    # A row that changes something else repeats the rest.
    called = load("enterprises", f"{short},住所,联系电话", f"{name},{code},360102,新街1号,0791-2")
    assert called.rows_changed == 1
    page = desk.get(address(moved)).text
    assert "后来的导入也有这一行，内容相同" in page
    assert f"/office/imports/{called.pk}/" in page
    assert take_back(desk, called, run_jobs) == (1, 0)
    assert take_back(desk, moved, run_jobs) == (1, 0)
    assert Enterprise.objects.values_list("address", "phone").get() == ("旧街1号", "0791-1")


def test_an_end_that_a_later_import_repeats_stays(desk: Client, run_jobs: RunJobs) -> None:
    head, (one, _), _ = enterprises()
    gone = f"{one.rsplit(',', 3)[0]},,注销,2026-01-05"
    load("enterprises", head, one)
    ended = load("enterprises", head, gone)
    run_jobs()
    assert load("enterprises", head, gone).rows_known == 1
    assert "后来的导入也有这一行，内容相同" in desk.get(address(ended)).text


def test_a_value_that_a_later_import_repeats_while_it_changes_another_stays(desk: Client) -> None:
    head, first, second = projects()
    load("projects", head, *first)
    renamed = load("projects", head, *(row.replace("演示大厦", "大厦") for row in first))
    later = load("projects", head, *(row.replace("演示大厦", "大厦") for row in second))
    page = desk.get(address(renamed)).text
    assert "<b>0</b>可以撤回的行" in page
    assert f"/office/imports/{later.pk}/" in page


def test_repeated_rows_are_kept_in_blocks(count_queries: Callable[[Callable[[], object]], int]) -> None:
    counts = []
    for rows in (2, 6):
        codes = [make_uscc() for _ in range(rows)]
        lines = [f"江西{code[9:]}建筑有限公司,{code},360102,街,,," for code in codes]
        load("enterprises", ENTERPRISE, *lines)
        counts.append(count_queries(lambda lines=lines: load("enterprises", ENTERPRISE, *lines)))
        block = ImportRepetition.objects.get(run=ImportRun.objects.latest("pk"))
        assert (len(block.object_ids), block.first_id) == (rows, min(block.object_ids))
    assert counts[0] == counts[1]


def test_a_preview_repeats_nothing(desk: Client) -> None:
    head, first, _ = projects()
    load("projects", head, *first)
    assert run_import("projects", "\n".join([head, *first]).encode(), "表.csv", dry_run=True).known == 2
    assert not ImportRepetition.objects.exists()


def test_the_report_is_written_whole(desk: Client) -> None:
    """A title that the file has and the portal does not know may be a whole paragraph."""
    head, first, _ = projects()
    title = "这一列是甲方要求的说明" * 30
    run = load("projects", f"{head},{title}", f"{first[0]},", first[1])
    assert title in [one.column for one in run.problems.all()]
    assert title in desk.get(f"/office/imports/{run.pk}/?show=problems").text


def test_a_long_reason_is_stored_whole(desk: Client, run_jobs: RunJobs) -> None:
    head, first, _ = training()
    run, reason = load("training", head, *first), "学时读错了，" * 160
    desk.post(address(run), {"plan": reach_of(run, None).digest, "reason": reason})
    run_jobs()
    assert TrainingRecord.objects.get().withdrawn_reason == f"撤回导入：{reason}"


def test_an_enterprise_in_use_and_a_dissolution(desk: Client, run_jobs: RunJobs) -> None:
    head, first, second = enterprises()
    load("enterprises", head, *first)
    gone = [f"{row.rsplit(',', 3)[0]},,注销,2026-01-05" for row in first]
    used = load("enterprises", head, second[2], *gone)
    run_jobs()
    three, one = Enterprise.objects.get(name="江西丙建筑有限公司"), Enterprise.objects.get(name="江西甲建筑有限公司")
    assert one.is_gone
    Employment.objects.create(person=make_person(), enterprise=three, posts=["05"], contract_from="2026-01-01")
    assert "已有聘用关系" in desk.get(f"{address(used)}?show=kept").text
    assert take_back(desk, used, run_jobs) == (2, 1)
    one.refresh_from_db()
    assert (one.status, one.dissolved_on) == ("existing", None)
    assert Enterprise.objects.filter(pk=three.pk).exists()


def test_the_confirmation_names_what_was_shown(desk: Client, clerk: User, run_jobs: RunJobs) -> None:
    head, first, _ = projects()
    run = load("projects", head, *first)
    shown = {"plan": reach_of(run, clerk.pk).digest, "reason": "选错了"}
    assert desk.post(address(run), shown | {"reason": " "}).status_code == 400
    ProjectInProgress.objects.filter(number="P0").update(name="改过的大厦")
    answer = desk.post(address(run), shown)
    assert answer.status_code == 409
    assert "情况有了变化" in answer.text
    assert "选错了" in answer.text
    assert not ImportReversal.objects.exists()


def test_only_the_office_of_the_file_or_the_province_takes_it_back(desk: Client, run_jobs: RunJobs) -> None:
    head, first, _ = projects()
    run = load("projects", head, *first)
    office = make_office("九江市局", region="360400")
    ImportRun.objects.filter(pk=run.pk).update(office=office)
    own, other = Client(), Client()
    own.force_login(make_staff(office, Duty.REGISTRY))
    other.force_login(make_staff(make_office("上饶市局", region="361100"), Duty.REGISTRY))
    assert own.get(address(run)).status_code == 200
    assert other.get(address(run)).status_code == 403
    assert other.post(address(run), {"reason": "x"}).status_code == 403
    assert "撤回这次导入" not in other.get(f"/office/imports/{run.pk}/").text
    assert "撤回这次导入" in own.get(f"/office/imports/{run.pk}/").text


def test_an_import_without_former_values_and_one_at_work(desk: Client, run_jobs: RunJobs) -> None:
    head, first, _ = projects()
    run = load("projects", head, *first)
    ImportRow.objects.filter(run=run, place__contains="2").update(trace={})
    assert "没有保存原来的内容" in desk.get(address(run)).text
    ImportRun.objects.filter(pk=run.pk).update(state="previewed")
    assert desk.get(address(run)).status_code == 404


def test_a_long_reversal_goes_on_where_it_was_killed(
    desk: Client, clerk: User, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reversing, "CHUNK", 2)
    head, _, second = projects()
    run = load("projects", head, *second)
    desk.post(address(run), {"plan": reach_of(run, clerk.pk).digest, "reason": "选错了"})
    started = ImportReversal.objects.get()
    assert take_back_chunk(started.pk)
    assert ProjectInProgress.objects.count() == 1
    run_jobs()
    started.refresh_from_db()
    assert (started.taken, started.kept, ProjectInProgress.objects.count()) == (3, 0, 0)


def test_queries_do_not_grow_with_the_rows(
    desk: Client, run_jobs: RunJobs, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    counts = []
    for rows in (2, 6):
        codes = [make_uscc() for _ in range(rows)]
        run = load("enterprises", ENTERPRISE, *(f"江西{code[9:]}建筑有限公司,{code},360102,街,,," for code in codes))
        desk.get(address(run))
        counts.append(count_queries(lambda run=run: desk.get(address(run))))
    assert counts[0] == counts[1]

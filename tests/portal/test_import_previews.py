"""Every import shows what it will do, and does that, for whoever has uploaded the file, as long as it is fresh."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty
from accounts.models import User
from administration.enums import ImportState
from administration.imports.services import run_import
from administration.models import AuditEntry, ImportProblem, ImportRow, ImportRun, Office
from administration.nightly import run_nightly
from certificates.models import Certificate, LegacyCertificate, OutOfProvinceCertificate
from common.database.fields import EncryptedFileSystemStorage
from enterprises.models import Enterprise, ProjectInProgress, Qualification
from tests.certificates.legacy.legacy_files import csv_bytes, person, row
from tests.clock import Clock
from tests.factories import make_enterprise, make_id_number, make_office, make_staff, make_uscc
from training.models import TrainingRecord

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], list[str]]


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def clerk(office: Office) -> User:
    return make_staff(office, Duty.REGISTRY, name="王科员")


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def preview(client: Client, kind: str, content: bytes, run_jobs: RunJobs) -> ImportRun:
    answer = client.post("/office/imports/new/", {"kind": kind, "file": SimpleUploadedFile("表.csv", content)})
    assert answer.status_code == 302, answer.content.decode()
    run_jobs()
    return ImportRun.objects.latest("pk")


def confirm(client: Client, run: ImportRun, **data: str) -> int:
    return client.post(f"/office/imports/{run.pk}/confirm/", {"plan": run.plan} | data).status_code


def page_of(client: Client, run: ImportRun) -> str:
    return client.get(f"/office/imports/{run.pk}/").content.decode()


def lines(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def enterprises() -> tuple[bytes, bytes, str]:
    head, code = "企业名称,统一社会信用代码,注册地,住所", make_uscc()
    first = lines(head, f"江西甲建筑有限公司,{code},360102,旧街1号")
    return first, lines(head, f"江西甲建筑有限公司,{code},360102,新街2号"), "新街2号"


def projects() -> tuple[bytes, bytes, str]:
    head = "项目名称,项目编号,统一社会信用代码,身份证号,岗位,竣工日期"
    start = f"演示大厦,P1,{make_enterprise().uscc},{make_id_number()},项目经理"
    return lines(head, f"{start},2027-01-01"), lines(head, f"{start},2028-05-06"), "2028年5月6日"


def constructors() -> tuple[bytes, bytes, str]:
    head, start = "姓名,身份证号,注册编号,专业,有效期止,状态", f"张三,{make_id_number()},赣136,建筑工程"
    return lines(head, f"{start},2027-01-01,有效"), lines(head, f"{start},2028-05-06,有效"), "2028年5月6日"


def outside() -> tuple[bytes, bytes, str]:
    head, start = "姓名,身份证号,证书编号,有效期止,省份", f"张三,{make_id_number()},浙建安B（2024）0000001"
    return lines(head, f"{start},2027-01-01,浙江"), lines(head, f"{start},2028-05-06,浙江"), "2028年5月6日"


def training() -> tuple[bytes, None, str]:
    head = "姓名,身份证号,培训机构,课程,学时,开始日期,结束日期"
    return lines(head, f"张三,{make_id_number()},江西培训中心,安全法规,24,2025-03-01,2025-03-03"), None, "24"


def legacy() -> tuple[bytes, None, str]:
    return csv_bytes(row("张三", 1, 1)), None, "赣建安"


KINDS: dict[str, tuple[Callable[[], tuple[bytes, bytes | None, str]], type[Model]]] = {
    "enterprises": (enterprises, Enterprise),
    "projects": (projects, ProjectInProgress),
    "constructors": (constructors, Qualification),
    "outside": (outside, OutOfProvinceCertificate),
    "training": (training, TrainingRecord),
    "legacy": (legacy, LegacyCertificate),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_shows_and_then_takes_in_the_same(desk: Client, kind: str, run_jobs: RunJobs) -> None:
    make, model = KINDS[kind]
    first, second, value = make()
    before = model._default_manager.count()
    run = preview(desk, kind, first, run_jobs)
    assert (run.state, run.rows_new, model._default_manager.count()) == (ImportState.PREVIEWED, 1, before)
    assert ImportRow.objects.filter(run=run, outcome="new", object_id=None).count() == 1
    assert confirm(desk, run) == 302
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.rows_new, model._default_manager.count()) == (ImportState.DONE, 1, before + 1)
    if kind != "legacy":
        made = ImportRow.objects.get(run=run)
        assert (made.object_type, made.object_id) == (model._meta.label_lower, model._default_manager.latest("pk").pk)
    if second is not None:
        changed = preview(desk, kind, second, run_jobs)
        assert (changed.rows_new, changed.rows_changed) == (0, 1)
        ((_, old, new),) = (one for one in ImportRow.objects.get(run=changed).changes if one[2] == value)
        page = page_of(desk, changed)
        assert f"{old}" in page
        assert f"<b>{new}</b>" in page
        assert confirm(desk, changed) == 302
        run_jobs()
    again = preview(desk, kind, (second or first) + b"\n", run_jobs)
    assert (again.rows_new, again.rows_changed, again.rows_known) == (0, 0, 1)
    assert "没有可以导入的行" in page_of(desk, again)
    assert confirm(desk, again) == 409


def test_old_records_say_how_many_become_certificates_at_once(desk: Client, run_jobs: RunJobs) -> None:
    person("张三", 1)
    run = preview(desk, "legacy", csv_bytes(row("张三", 1, 1)), run_jobs)
    assert "1 行的持证人已实名登记" in page_of(desk, run)
    assert not Certificate.objects.exists()
    assert confirm(desk, run) == 302
    run_jobs()
    assert Certificate.objects.exists()


def test_old_records_that_have_become_others_are_shown_again(desk: Client, run_jobs: RunJobs) -> None:
    run = preview(desk, "legacy", csv_bytes(row("张三", 1, 1), row("李四", 2, 2)), run_jobs)
    assert confirm(desk, run) == 302
    run_other = csv_bytes(row("张三", 1, 1, 企业名称="另一家建筑有限公司"))
    LegacyCertificate.objects.all().delete()
    from_command(run_other)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.rows_new, run.rows_quarantined) == (ImportState.PREVIEWED, 1, 1)
    assert LegacyCertificate.objects.count() == 1
    assert "确认以后数据有了变化" in page_of(desk, run)


def night() -> object:
    run = run_nightly("import_previews")
    assert run is not None
    return run.counts


def from_command(content: bytes) -> None:
    run_import("legacy", content, "别的.csv")


def test_only_whoever_uploaded_may_confirm_and_the_office_may_give_up(
    desk: Client, office: Office, run_jobs: RunJobs
) -> None:
    run = preview(desk, "legacy", csv_bytes(row("张三", 1, 1)), run_jobs)
    colleague, stranger, reviewer = Client(), Client(), Client()
    colleague.force_login(make_staff(office, Duty.REGISTRY, name="李科员"))
    stranger.force_login(make_staff(make_office("别处"), Duty.REGISTRY, name="周科员"))
    reviewer.force_login(make_staff(office, Duty.REVIEW))
    for other in (colleague, stranger):
        assert "只有上传文件的人（王科员）可以确认" in page_of(other, run)
        assert confirm(other, run) == 403
    assert confirm(reviewer, run) == 403
    trainer = Client()
    trainer.force_login(make_staff(make_office("培训"), Duty.TRAINING))
    assert confirm(trainer, run) == 404
    assert stranger.post(f"/office/imports/{run.pk}/discard/").status_code == 403
    run.refresh_from_db()
    assert run.state == ImportState.PREVIEWED
    assert colleague.post(f"/office/imports/{run.pk}/discard/").status_code == 302
    run.refresh_from_db()
    assert (run.state, run.upload) == (ImportState.DISCARDED, "")
    assert AuditEntry.objects.filter(action="import.discarded").exists()
    assert confirm(desk, run) == 409
    assert not LegacyCertificate.objects.exists()


def test_a_late_preview_cannot_be_confirmed_and_the_night_deletes_it(
    desk: Client, run_jobs: RunJobs, clock: Clock
) -> None:
    clock.stop_at(timezone.now())
    run = preview(desk, "legacy", csv_bytes(row("张三", 1, 1), row("李四", 2, 2, 有效期止="不详")), run_jobs)
    assert night() == {"expired": 0}
    stored, storage = (run.upload, run.problem_file), EncryptedFileSystemStorage()
    assert all(storage.exists(name) for name in stored)
    clock.stop_at(timezone.now() + timedelta(days=3, minutes=1))
    desk.force_login(User.objects.get(pk=run.user_id))
    late = desk.post(f"/office/imports/{run.pk}/confirm/", {"plan": run.plan, "good_rows_only": "on"})
    assert late.status_code == 409
    assert "预览已经过期" in late.content.decode()
    assert night() == {"expired": 1}
    run.refresh_from_db()
    assert (run.state, run.upload, run.problem_file) == (ImportState.EXPIRED, "", "")
    assert not ImportRow.objects.filter(run=run).exists()
    assert not ImportProblem.objects.filter(run=run).exists()
    assert "没有导入任何一行" in page_of(desk, run)
    assert night() == {"expired": 0}


def test_the_same_file_waits_once_and_may_be_uploaded_after_it_was_given_up(desk: Client, run_jobs: RunJobs) -> None:
    content = csv_bytes(row("张三", 1, 1))
    run = preview(desk, "legacy", content, run_jobs)
    answer = desk.post("/office/imports/new/", {"kind": "legacy", "file": SimpleUploadedFile("表.csv", content)})
    assert answer.status_code == 409
    assert "正等待确认" in answer.content.decode()
    assert desk.post(f"/office/imports/{run.pk}/discard/").status_code == 302
    assert preview(desk, "legacy", content, run_jobs).state == ImportState.PREVIEWED


def test_the_bad_rows_of_a_preview_can_be_fetched(desk: Client, run_jobs: RunJobs) -> None:
    run = preview(desk, "legacy", csv_bytes(row("张三", 1, 1), row("李四", 2, 2, 有效期止="不详")), run_jobs)
    content = b"".join(desk.get(f"/office/imports/{run.pk}/problems/").streaming_content)  # type: ignore[attr-defined]
    assert "李四".encode() in content
    assert "张三".encode() not in content


@pytest.mark.parametrize("data", [{}, {"plan": "x" * 1000}, {"plan": "\x00"}, {"good_rows_only": "on", "answer": "x"}])
def test_a_confirmation_without_what_was_shown_is_refused(
    desk: Client, run_jobs: RunJobs, data: dict[str, str]
) -> None:
    run = preview(desk, "legacy", csv_bytes(row("张三", 1, 1)), run_jobs)
    assert desk.post(f"/office/imports/{run.pk}/confirm/", data).status_code in (400, 409)
    run.refresh_from_db()
    assert run.state == ImportState.PREVIEWED


def test_nothing_of_a_person_is_stored_readably(desk: Client, run_jobs: RunJobs) -> None:
    preview(desk, "legacy", csv_bytes(row("张三", 1, 1)), run_jobs)
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject || changes::text FROM administration_importrow")
        assert all("张三" not in text for (text,) in cursor.fetchall())

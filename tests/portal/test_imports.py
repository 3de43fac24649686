from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import Duty
from accounts.models import User
from administration.enums import ImportState, OfficeKind
from administration.imports.services import IMPORTERS, run_import
from administration.imports.uploads import run_queued
from administration.models import AuditEntry, ImportRun, Message
from certificates.models import LegacyCertificate
from common.database.fields import EncryptedFileSystemStorage
from common.tabular.table import read_table
from tests.certificates.legacy.legacy_files import csv_bytes, row
from tests.factories import make_enterprise, make_office, make_staff

pytestmark = pytest.mark.django_db
NEW = "/office/imports/new/"


@pytest.fixture
def clerk() -> User:
    return make_staff(make_office(), Duty.REGISTRY, name="王科员")


@pytest.fixture
def office_client(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def upload(client: Client, content: bytes, kind: str = "legacy", name: str = "旧证.csv") -> tuple[int, str]:
    answer = client.post(NEW, {"kind": kind, "file": SimpleUploadedFile(name, content)})
    return answer.status_code, answer.content.decode()


def confirm(client: Client) -> None:
    run = ImportRun.objects.get()
    answer = client.post(f"/office/imports/{run.pk}/confirm/", {"plan": run.plan, "good_rows_only": "on"})
    assert answer.status_code == 302, answer.content.decode()


GOOD_AND_BAD = csv_bytes(row("张三", 1, 1), row("李四", 2, 2, 有效期止="不详"))


def test_a_file_is_taken_in_by_the_worker_and_its_result_shown(
    office_client: Client, clerk: User, run_jobs: Callable[[], list[str]]
) -> None:
    assert upload(office_client, GOOD_AND_BAD)[0] == 302
    run = ImportRun.objects.get()
    waiting = office_client.get(f"/office/imports/{run.pk}/").content.decode()
    assert "正在排队" in waiting
    assert "data-refresh" in waiting
    assert not LegacyCertificate.objects.exists()
    run_jobs()
    assert "还没有导入任何一行" in office_client.get(f"/office/imports/{run.pk}/").content.decode()
    assert not LegacyCertificate.objects.exists()
    confirm(office_client)
    run_jobs()
    page = office_client.get(f"/office/imports/{run.pk}/").content.decode()
    assert "data-refresh" not in page
    assert "无法识别的日期" in page
    assert "下载有问题的行" in page
    assert "王科员" in page
    assert "旧证.csv" in office_client.get("/office/imports/").content.decode()
    assert LegacyCertificate.objects.count() == 1
    assert clerk.office is not None
    told = Message.objects.filter(mailbox=clerk.office.mailbox_id, link=f"/office/imports/{run.pk}/").order_by("pk")
    assert [one.title.partition("：")[0] for one in told] == ["导入预览已生成，等待确认", "导入已完成"]


def test_the_upload_is_encrypted_and_gone_afterwards(office_client: Client, run_jobs: Callable[[], list[str]]) -> None:
    upload(office_client, GOOD_AND_BAD)
    storage = EncryptedFileSystemStorage()
    stored = ImportRun.objects.get().upload
    with open(storage.path(stored), "rb") as file:
        assert "张三".encode() not in file.read()
    run_jobs()
    assert storage.exists(stored)
    confirm(office_client)
    run_jobs()
    assert not storage.exists(stored)
    assert ImportRun.objects.get().upload == ""


def test_a_job_that_runs_twice_changes_nothing(office_client: Client, run_jobs: Callable[[], list[str]]) -> None:
    upload(office_client, GOOD_AND_BAD)
    run_jobs()
    waiting = ImportRun.objects.values().get()
    run_queued(waiting["id"])
    assert ImportRun.objects.values().get() == waiting
    confirm(office_client)
    run_jobs()
    before = ImportRun.objects.values().get()
    run_queued(before["id"])
    assert ImportRun.objects.values().get() == before


def test_a_job_that_was_killed_half_way_starts_its_report_anew(
    office_client: Client, run_jobs: Callable[[], list[str]]
) -> None:
    make_enterprise("江西甲建筑有限公司")
    upload(office_client, GOOD_AND_BAD)
    run_jobs()
    confirm(office_client)
    run = ImportRun.objects.get()
    run_import("legacy", GOOD_AND_BAD, "同一文件")
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.RUNNING, rows_read=1, has_begun=True)
    run_queued(run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_new, run.rows_known, run.rows_bad) == (ImportState.DONE, 0, 1, 1)
    assert run.problems.filter(column="有效期止").count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7 ...", "您选的是 PDF 文件，不是表格"),
        ("姓名,身份证号\n张三,1\n".encode(), "缺少必需的列"),
        (b"", "空"),
    ],
)
def test_a_wrong_file_is_told_at_the_field(office_client: Client, content: bytes, sentence: str) -> None:
    status, page = upload(office_client, content)
    assert status == 400
    assert sentence in page
    assert not ImportRun.objects.exists()


def test_the_same_file_at_the_same_time_is_refused_with_a_link(office_client: Client) -> None:
    upload(office_client, GOOD_AND_BAD)
    status, page = upload(office_client, GOOD_AND_BAD)
    assert status == 409
    assert "这个文件正在导入" in page
    assert f"/office/imports/{ImportRun.objects.get().pk}/" in page


def test_the_problem_file_is_given_out_and_noted(office_client: Client) -> None:
    run = run_import("legacy", GOOD_AND_BAD, "旧证.csv").run
    answer = office_client.get(f"/office/imports/{run.pk}/problems/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert "李四".encode() in content
    assert "attachment" in answer["Content-Disposition"]
    assert AuditEntry.objects.get(action="import.problems_downloaded").object_id == str(run.pk)


def test_no_problem_file_no_page(office_client: Client) -> None:
    make_enterprise("江西甲建筑有限公司")
    run = run_import("legacy", csv_bytes(row()), "旧证.csv").run
    assert office_client.get(f"/office/imports/{run.pk}/problems/").status_code == 404
    assert "所有的行都没有问题" in office_client.get(f"/office/imports/{run.pk}/").content.decode()


@pytest.mark.parametrize("kind", [importer.kind for importer in IMPORTERS if importer.duties])
def test_every_kind_has_a_template_that_its_own_reader_accepts(client: Client, kind: str) -> None:
    client.force_login(make_staff(make_office(), *map(Duty, sorted(IMPORTERS[kind].duties))))
    template = client.get(f"/office/imports/template/{kind}/?format=csv").content
    assert template.startswith(b"\xef\xbb\xbf")
    assert upload(client, template, kind)[0] == 302
    workbook = client.get(f"/office/imports/template/{kind}/").content
    titles = [column.title for column in IMPORTERS[kind].columns]
    with read_table(workbook, "模板.xlsx", IMPORTERS[kind].columns) as table:
        assert [title.strip("*") for title in table.titles] == titles
        assert list(table.rows()) == [], "a sample row stands above the titles and is not read"


def test_a_training_institution_sees_its_kind_and_its_runs_only(client: Client) -> None:
    own = make_office("江西建设培训中心", kind=OfficeKind.TRAINING)
    client.force_login(make_staff(own, Duty.TRAINING))
    run_import("legacy", GOOD_AND_BAD, "旧证.csv")
    other = ImportRun.objects.create(kind="training", file_name="别家.csv", office=make_office())
    mine = ImportRun.objects.create(kind="training", file_name="本家.csv", office=own, state=ImportState.DONE)
    page = client.get("/office/imports/").content.decode()
    assert "本家.csv" in page
    assert "别家.csv" not in page
    assert "旧证.csv" not in page
    assert client.get(f"/office/imports/{mine.pk}/").status_code == 200
    assert client.get(f"/office/imports/{other.pk}/").status_code == 404
    assert client.get("/office/imports/template/legacy/").status_code == 404
    assert upload(client, GOOD_AND_BAD, "legacy")[0] == 400


@pytest.mark.parametrize("address", ["", "new/", "1/", "1/problems/", "template/legacy/"])
def test_reviewers_are_refused(client: Client, address: str) -> None:
    client.force_login(make_staff(make_office(), Duty.REVIEW))
    assert client.get(f"/office/imports/{address}").status_code == 403


def test_filters_narrow_the_list(office_client: Client) -> None:
    ImportRun.objects.create(kind="legacy", file_name="甲.csv", state=ImportState.DONE)
    ImportRun.objects.create(kind="projects", file_name="乙.csv", state=ImportState.FAILED)
    assert "甲.csv" not in office_client.get("/office/imports/?kind=projects").content.decode()
    assert "乙.csv" not in office_client.get("/office/imports/?state=done").content.decode()
    assert "没有符合条件" in office_client.get("/office/imports/?kind=legacy&state=failed").content.decode()


def test_the_list_takes_the_same_queries_for_one_and_for_three(
    office_client: Client, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    ImportRun.objects.create(kind="legacy", file_name="甲.csv", office=make_office())
    one = count_queries(lambda: office_client.get("/office/imports/"))
    for name in ("乙", "丙"):
        ImportRun.objects.create(kind="legacy", file_name=f"{name}.csv", office=make_office())
    assert count_queries(lambda: office_client.get("/office/imports/")) == one


def test_a_file_of_revoked_certificates_needs_a_reason_and_a_second_person(
    office_client: Client, run_jobs: Callable[[], list[str]]
) -> None:
    content = csv_bytes(*(row("张三", n, n, 状态="吊销") for n in range(1, 7)))
    upload(office_client, content)
    run_jobs()
    run = ImportRun.objects.get()
    page = office_client.get(f"/office/imports/{run.pk}/").content.decode()
    assert "6 行中有 6 行（100%）为“撤销、吊销、暂扣”" in page
    assert "请停一下" in page
    address, plan = f"/office/imports/{run.pk}/confirm/", {"plan": run.plan}

    def post(by: Client, **data: str) -> tuple[int, str]:
        answer = by.post(address, plan | data)
        return answer.status_code, answer.content.decode()

    assert run.office is not None
    uploader = User.objects.get(pk=run.user_id)
    second, elsewhere, same = Client(), Client(), Client()
    second.force_login(make_staff(run.office, Duty.REGISTRY, name="第二人"))
    elsewhere.force_login(make_staff(make_office("别处"), Duty.REGISTRY))
    twin = make_staff(run.office, Duty.REGISTRY, name="同一人")
    for one in (uploader, twin):
        one.identity_index = "a" * 64
        one.save()
    same.force_login(twin)
    # Nothing goes ahead without a reason, nor by anybody but who uploaded it.
    assert post(office_client)[0] == post(office_client, answer="  \n")[0] == 400
    assert post(office_client, answer="长" * 1001)[0] == 400
    assert post(second, answer="核对过")[0] == 403
    assert AuditEntry.objects.filter(action="import.answered").count() == 0
    assert post(office_client, answer="与处罚文件逐一核对")[0] == 302
    asked = Message.objects.get(mailbox=run.office.mailbox, title__contains="请另一人核对")
    assert "与处罚文件逐一核对" in asked.body
    # Now the first one, under any login, and other offices are the wrong people.
    for by in (office_client, same, elsewhere):
        status, said = post(by)
        assert status == 403
        assert "由同部门另一名" in said or "由测试" in said or "的另一人核对后确认" in said
    assert "与处罚文件逐一核对" in second.get(f"/office/imports/{run.pk}/").content.decode()
    assert second.post(address, {"plan": "0" * 64}).status_code == 409
    run_jobs()
    assert not LegacyCertificate.objects.exists()
    assert post(second)[0] == 302
    run_jobs()
    assert LegacyCertificate.objects.count() == 6
    entry = AuditEntry.objects.get(action="import.confirmed")
    assert (entry.actor_name, entry.detail["reason"]) == ("第二人", "与处罚文件逐一核对")
    run.refresh_from_db()
    assert (run.answered_by, run.confirmed_by, run.is_confirmed) == (uploader.name, "第二人", True)
    assert "与处罚文件逐一核对" in office_client.get(f"/office/imports/{run.pk}/").content.decode()


def test_a_reason_is_forgotten_when_the_preview_has_become_another(
    office_client: Client, run_jobs: Callable[[], list[str]]
) -> None:
    upload(office_client, csv_bytes(*(row("张三", n, n, 状态="吊销") for n in range(1, 7))))
    run_jobs()
    run = ImportRun.objects.get()
    address = f"/office/imports/{run.pk}/confirm/"
    office_client.post(address, {"plan": run.plan, "answer": "核对过"})
    second = Client()
    assert run.office is not None
    second.force_login(make_staff(run.office, Duty.REGISTRY, name="第二人"))
    assert second.post(address, {"plan": run.plan}).status_code == 302
    run_import("legacy", csv_bytes(row("张三", 1, 1, 状态="有效")), "另一份.csv")
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.answered_at, run.answer) == ("previewed", None, "")
    assert second.post(address, {"plan": run.plan}).status_code == 403

"""未脱敏导出: asked for with a reason, decided by another person, made by a job, marked, taken, and deleted."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.models import AuditEntry, Message, Parameter
from common.findings import Refused
from tests.clock import Clock
from tests.factories import make_office, make_staff
from tests.workflow.browsing import browser, words
from tests.worlds.base import NOW, TODAY
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk
from workflow.exports.services import decide_export, delete_expired, make_export
from workflow.models import ExportRequest
from workflow.services.acting import act

pytestmark = pytest.mark.django_db
NEW = "/office/exports/new/"
OWN = "/office/exports/"
ADMIN = "/office/exports/requests/"
WHY = "核对发文名单，只在科室内使用。"


@pytest.fixture
def world(clock: Clock) -> ExtensionWorld:
    clock.stop_at(NOW)
    world = ExtensionWorld()
    application = world.file()
    while application.desk != Desk.MUNICIPAL:
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
    return world


@pytest.fixture
def secadmin() -> User:
    return User.objects.create(login="sec.one", sphere=Sphere.SECURITY_ADMIN, name="安全")


def ask(user: User, address: str = f"{NEW}queue/?desk=municipal", **values: str) -> Any:
    return browser(user).post(address, {"reason": WHY, "form": "xlsx"} | values)


def sheet_of(answer: Any) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    assert "第" in (sheet.oddFooter.center.text or "")
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_from_the_request_to_the_deleted_file(
    world: ExtensionWorld, secadmin: User, run_jobs: Callable[..., list[str]], clock: Clock
) -> None:
    asker, person = world.province.reviewer, world.person
    page = words(browser(asker).get(f"{NEW}queue/?desk=municipal"))
    assert "清单：地市受理待办" in page
    assert "身份证号码" in page
    assert ask(asker).status_code == 302
    asked = ExportRequest.objects.get()
    assert "等待审批" in words(browser(asker).get(OWN))
    admin = browser(secadmin)
    assert "导出审批" in words(admin.get("/office/"))
    assert WHY in words(admin.get(ADMIN))
    assert "地市审核" in words(admin.get(f"{ADMIN}{asked.pk}/"))
    assert admin.post(f"{ADMIN}{asked.pk}/", {"decision": "approve"}).status_code == 302
    assert "正在生成" in words(browser(asker).get(OWN))
    assert "workflow.make_export" in run_jobs()
    told = Message.objects.get(title__startswith="未脱敏导出可以下载")
    assert told.mailbox_id == asker.office.mailbox_id  # type: ignore[union-attr]
    assert asker.name in told.title
    assert "可以下载" in words(browser(asker).get("/office/"))
    rows = sheet_of(browser(asker).post(f"{OWN}{asked.pk}/take/"))
    assert all(part in rows[0][0] for part in (asker.name, "南昌市住房和城乡建设局", "2026年", secadmin.name))
    assert rows[1][3] == "身份证号码"
    assert (person.name, str(person.id_number)) in [(row[2], row[3]) for row in rows[2:]]
    done = list(AuditEntry.objects.filter(action__startswith="export.").order_by("pk").values_list("action", flat=True))
    assert done == ["export.ask", "export.approve", "export.take"]
    clock.stop_at(NOW + timedelta(days=3, minutes=1))
    answer = browser(asker).post(f"{OWN}{asked.pk}/take/", follow=True)
    assert "没有可以下载的文件" in words(answer)
    asked.refresh_from_db()
    storage, name = asked.file.storage, str(asked.file.name)
    assert delete_expired() == 1
    assert delete_expired() == 0
    asked.refresh_from_db()
    assert asked.file.name == ""
    assert "已到期删除" in words(browser(asker).get(OWN))
    assert storage.exists(name), "a file goes when the deletion is committed"


def test_csv_has_the_mark_first_and_no_formula(
    world: ExtensionWorld, secadmin: User, run_jobs: Callable[..., list[str]]
) -> None:
    world.person.name = "=1+1"
    world.person.save(update_fields=["name"])
    Parameter.objects.create(key="export_days", value=1, effective_from=TODAY, document_number="赣建〔2026〕1号")
    asker = world.province.reviewer
    assert ask(asker, f"{NEW}overdue/", form="csv").status_code == 302
    assert ask(asker, form="csv").status_code == 302
    for one in ExportRequest.objects.order_by("pk"):
        decide_export(one.pk, approve=True, answer="", by=secadmin, now=NOW)
    run_jobs()
    asked = ExportRequest.objects.get(key="queue")
    assert asked.expires_at == NOW + timedelta(days=1)
    text = b"".join(browser(asker).post(f"{OWN}{asked.pk}/take/").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0].startswith(f"未脱敏导出第{asked.pk}号")
    assert rows[2][2] == "'=1+1"


def test_a_refusal_says_why_and_two_decisions_are_one(world: ExtensionWorld, secadmin: User) -> None:
    asker = world.province.reviewer
    ask(asker)
    asked = ExportRequest.objects.get()
    admin = browser(secadmin)
    answer = admin.post(f"{ADMIN}{asked.pk}/", {"decision": "refuse", "answer": ""})
    assert answer.status_code == 400
    assert "请写明不同意的原因" in words(answer)
    assert admin.post(f"{ADMIN}{asked.pk}/", {"answer": "x"}).status_code == 400
    assert admin.post(f"{ADMIN}{asked.pk}/", {"decision": "refuse", "answer": "范围太大"}).status_code == 302
    assert "范围太大" in words(browser(asker).get(OWN))
    assert Message.objects.filter(title__startswith="未脱敏导出没有获准").count() == 1
    late = admin.post(f"{ADMIN}{asked.pk}/", {"decision": "approve", "answer": "想法变了"})
    assert late.status_code == 409
    assert "已经审批过" in words(late)
    assert "想法变了" in late.content.decode()
    asked.refresh_from_db()
    assert asked.is_approved is False
    make_export(asked.pk)
    asked.refresh_from_db()
    assert asked.made_at is None


def test_nobody_decides_about_an_own_request(world: ExtensionWorld, secadmin: User) -> None:
    asker = world.province.reviewer
    ask(asker)
    asked = ExportRequest.objects.get()
    with pytest.raises(Refused, match="不能审批自己的导出申请"):
        decide_export(asked.pk, approve=True, answer="", by=asker)
    # A duty of staff and that of an administrator are never one person's: the database refuses the second login.
    User.objects.filter(pk=asker.pk).update(identity_index="a" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=secadmin.pk).update(identity_index="a" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.filter(pk=asked.pk).update(decided_by=asker, decided_at=NOW, is_approved=True)


def test_who_may_ask_and_take(world: ExtensionWorld, secadmin: User, run_jobs: Callable[..., list[str]]) -> None:
    asker, other = world.province.reviewer, world.province.stranger
    trainer = make_staff(make_office("培训机构甲"), Duty.TRAINING)
    assert ask(trainer).status_code == 403
    assert ask(trainer, f"{NEW}certificates/?category=A").status_code == 403
    assert ask(asker, f"{NEW}queue/?desk=provincial").status_code == 403
    assert ask(asker, f"{NEW}cases/").status_code == 403
    assert ask(asker, f"{NEW}nothing/").status_code == 404
    assert ask(asker, f"{NEW}certificates/").status_code == 404
    assert browser(secadmin).get(OWN).status_code == 403
    assert browser(asker).get(ADMIN).status_code == 403
    assert not ExportRequest.objects.exists()
    ask(asker)
    asked = ExportRequest.objects.get()
    decide_export(asked.pk, approve=True, answer="", by=secadmin)
    run_jobs()
    assert browser(other).post(f"{OWN}{asked.pk}/take/").status_code == 404
    User.objects.filter(pk=asker.pk).update(duties=[Duty.COUNTER])
    assert "不能下载这个清单" in words(browser(asker).post(f"{OWN}{asked.pk}/take/", follow=True))
    assert not AuditEntry.objects.filter(action="export.take").exists()


def test_whoever_lost_the_duty_gets_no_file(
    world: ExtensionWorld, secadmin: User, run_jobs: Callable[..., list[str]]
) -> None:
    asker = world.province.reviewer
    ask(asker)
    asked = ExportRequest.objects.get()
    decide_export(asked.pk, approve=True, answer="", by=secadmin)
    User.objects.filter(pk=asker.pk).update(duties=[Duty.COUNTER])
    run_jobs()
    asked.refresh_from_db()
    assert (bool(asked.file), "职责已变化" in asked.error) == (False, True)
    assert "没有生成" in words(browser(asker).get(OWN))


def test_what_is_missing_is_said_and_what_was_typed_stays(world: ExtensionWorld) -> None:
    asker = world.province.reviewer
    empty = ask(asker, reason="", form="pdf")
    assert empty.status_code == 400
    assert "请选择文件格式" in words(empty)
    assert ask(asker).status_code == 302
    twice = ask(asker)
    assert twice.status_code == 409
    assert "正在等待审批" in words(twice)
    assert WHY in twice.content.decode()
    for kind in ("extension", "correction", "c3_merge", "post_change"):
        assert ask(asker, f"{NEW}queue/?desk=municipal&kind={kind}").status_code == 302
    assert "还在等待审批" in words(ask(asker, f"{NEW}done/"))
    assert ExportRequest.objects.count() == 5


def test_certificates_come_with_whole_names(
    world: ExtensionWorld, secadmin: User, run_jobs: Callable[..., list[str]]
) -> None:
    asker = world.province.reviewer
    assert ask(asker, f"{NEW}certificates/?category={world.certificate.category}").status_code == 302
    asked = ExportRequest.objects.get()
    decide_export(asked.pk, approve=True, answer="", by=secadmin)
    run_jobs()
    rows = sheet_of(browser(asker).post(f"{OWN}{asked.pk}/take/"))
    assert [world.person.name, str(world.person.id_number)] in [row[2:4] for row in rows[2:]]


def test_pages_cost_the_same_for_any_number(world: ExtensionWorld, secadmin: User) -> None:
    asker = world.province.reviewer

    def costs() -> tuple[int, int]:
        found = []
        for user, address in ((asker, OWN), (secadmin, ADMIN)):
            client = browser(user)
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found[0], found[1]

    def make(count: int) -> None:
        for position in range(count):
            decided = {"decided_by": secadmin, "decided_at": NOW, "is_approved": False} if position % 2 else {}
            ExportRequest.objects.create(asked_by=asker, key="done", title="已办", form="csv", reason="x", **decided)

    make(2)
    few = costs()
    make(8)
    assert costs() == few


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once(world: ExtensionWorld, secadmin: User) -> None:
    ask(world.province.reviewer)
    asked, second = ExportRequest.objects.get(), User.objects.create(login="sec.two", sphere=Sphere.SECURITY_ADMIN)
    start, outcomes = Barrier(2), []

    def decide(by: User, approve: bool) -> None:
        start.wait()
        try:
            decide_export(asked.pk, approve=approve, answer="理由", by=by)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.findings[0].code)
        finally:
            close_old_connections()
            connection.close()

    threads = [Thread(target=decide, args=(secadmin, True)), Thread(target=decide, args=(second, False))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "export.decided"]
    assert AuditEntry.objects.filter(action__in=["export.approve", "export.refuse"]).count() == 1

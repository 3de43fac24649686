"""The first page of every role of the back office: its own work, each number with its list, at a constant cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import audit
from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.enums import ImportState, OfficeKind
from administration.models import AuditCheck, ImportRun
from tests.clock import Clock
from tests.exams.exam_world import make_batch
from tests.factories import make_office, make_staff
from tests.workflow.browsing import NOW, browser, words
from tests.workflow.test_handing_over import Section
from workflow.dashboard_boxes import Box
from workflow.models import Application, ExportRequest
from workflow.services.figures import count_desks

pytestmark = pytest.mark.django_db
HOME = "/office/"


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.stop_at(NOW)


def box_of(user: User, title: str) -> Box:
    (found,) = [box for box in browser(user).get(HOME).context["boxes"] if box.title == title]
    return found


def lines_of(user: User, title: str) -> dict[str, str]:
    """Follows every link of the box, too: none leads to a closed or missing page."""
    client = browser(user)
    box = box_of(user, title)
    for line in box.lines:
        if line.url:
            assert client.get(line.url).status_code == 200, line.url
    return {line.label: line.value for line in box.lines}


def administrator(sphere: Sphere) -> User:
    return User.objects.create(login=f"{sphere.value[:3]}.one", sphere=sphere, name="管理员")


def test_a_reviewer_reads_what_is_due_oldest_new_and_shared() -> None:
    section = Section(cases=4)
    for case, days in zip(section.cases, (-2, 0, 6, 20), strict=True):
        Application.objects.filter(pk=case.pk).update(due_on=NOW.date() + timedelta(days=days))
    section.give(section.first, section.cases[2])
    count_desks(now=NOW)
    found = lines_of(section.first, "我的工作")
    assert found["7 天内到期"] == "2 件"
    assert found["今天收到"] == "4 件"
    assert found["由我承办"] == "1 件，占 25%"
    client = browser(section.first)
    (oldest,) = [line for line in box_of(section.first, "我的工作").lines if line.label == "期限最早的一件"]
    assert section.cases[0].number in oldest.url
    (week,) = [line for line in box_of(section.first, "我的工作").lines if line.label == "7 天内到期"]
    assert len(client.get(week.url).context["rows"]) == 2
    (mine,) = [line for line in box_of(section.first, "我的工作").lines if line.label == "由我承办"]
    assert len(client.get(mine.url).context["rows"]) == 1


def test_the_page_of_a_reviewer_costs_the_same_for_many_cases() -> None:
    def cost(section: Section) -> int:
        client = browser(section.first)
        client.get(HOME)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(HOME).status_code == 200
        return len(queries)

    few = cost(Section(cases=1))
    assert cost(Section(cases=4)) == few


def test_a_registrar_reads_the_own_registrations() -> None:
    registrar = make_staff(make_office("登记点甲"), Duty.REGISTER)
    for _ in range(2):
        audit.record("register_person", by=registrar)
    audit.record("register_person", by=make_staff(make_office("登记点乙"), Duty.REGISTER))
    found = lines_of(registrar, "实名制登记")
    assert (found["今天由我登记"], found["本周由我登记"]) == ("2 人", "2 人")


def test_a_keeper_reads_the_imports_that_wait() -> None:
    province = make_office("省厅甲", kind=OfficeKind.PROVINCIAL, region="360000")
    keeper = make_staff(province, Duty.REGISTRY)
    ImportRun.objects.create(
        kind="legacy", file_name="1.csv", sha256="1" * 64, office=province, state=ImportState.PREVIEWED, started_at=NOW
    )
    found = lines_of(keeper, "登记台账")
    assert (found["等待确认的导入"], found["今天上传的导入"]) == ("1 份", "1 份")


def test_an_institution_reads_its_week() -> None:
    trainer = make_staff(make_office("培训机构甲", kind=OfficeKind.TRAINING), Duty.TRAINING)
    assert lines_of(trainer, "继续教育")["本周登记"] == "0 条"


def test_an_organiser_reads_the_next_exams() -> None:
    office = make_office("考试机构甲")
    organiser = make_staff(office, Duty.ORGANISE)
    today = NOW.date()
    batch = make_batch(
        name="十二月考试",
        organiser=office,
        sign_up_from=today - timedelta(days=20),
        sign_up_to=today - timedelta(days=9),
        exam_from=today,
        exam_to=today,
    )
    make_batch(name="别的机构的考试")
    found = lines_of(organiser, "近期考试")
    assert list(found) == [batch.name, "全部考试"]
    assert "报名 0 人" in found[batch.name]


def test_the_three_administrators_read_their_own() -> None:
    security, auditor = administrator(Sphere.SECURITY_ADMIN), administrator(Sphere.AUDIT_ADMIN)
    asker = make_staff(make_office("科室甲"), Duty.REVIEW)
    ExportRequest.objects.create(asked_by=asker, key="done", title="已办", form="csv", reason="核对", asked_at=NOW)
    found = lines_of(security, "账号与数据安全")
    assert found["最早等待审批的导出"].endswith("申请")
    assert found["没有启用动态口令的账号"] == f"{User.objects.filter(sphere__in=[Sphere.STAFF, *STAFFLESS]).count()} 个"
    audit.record("refused", by=asker)
    AuditCheck.objects.create(first=1, last=1, head="x", problem="")
    found = lines_of(auditor, "审计")
    assert (found["今天的记录"], found["今天被拒绝的操作"]) == ("1 条", "1 条")
    assert "完整" in found.values()
    system = User.objects.create(login="sys.two", sphere=Sphere.SYSTEM_ADMIN, name="系统")
    assert "没有办理部门的地区和环节" in lines_of(system, "不能继续的办件")


STAFFLESS = (Sphere.SYSTEM_ADMIN, Sphere.SECURITY_ADMIN, Sphere.AUDIT_ADMIN)


@pytest.mark.parametrize("duty", [Duty.REGISTER, Duty.TRAINING, Duty.REGISTRY, Duty.ORGANISE, Duty.REVIEW])
def test_nobody_reads_the_boxes_of_others(duty: Duty) -> None:
    kind = OfficeKind.TRAINING if duty == Duty.TRAINING else OfficeKind.PROVINCIAL
    text = words(browser(make_staff(make_office("机关甲", kind=kind), duty)).get(HOME))
    assert "请从上方菜单选择" not in text
    assert "审计链" not in text
    assert ("实名制登记" in text) == (duty == Duty.REGISTER)
    assert ("等待确认的导入" in text) == (duty == Duty.REGISTRY)
    assert ("期限最早的一件" in text) is False

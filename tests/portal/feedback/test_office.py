"""The office reads what people have said, answers it once, and takes the list as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.enums import OfficeKind
from administration.models import AuditEntry, Feedback, Message, Office
from common.database.constraints import sentence_of
from common.findings import Refused
from portal.home.feedback.services import answer_feedback
from tests.concurrency import at_once
from tests.factories import make_office, make_person, make_staff
from tests.workflow.browsing import browser, words
from workflow.exports.services import decide_export
from workflow.models import ExportRequest

from .said import said

LIST = "/office/feedback/"
EXPORT = "/office/exports/lists/feedback/csv/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> Office:
    return make_office("江西省住房和城乡建设厅", kind=OfficeKind.PROVINCIAL, region="360000")


@pytest.fixture
def clerk(province: Office) -> User:
    return make_staff(province, Duty.DECIDE, name="李厅")


def rows_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_clerk_answers_and_the_sender_finds_the_message(clerk: User) -> None:
    person = make_person()
    one = said(by=person.user, mailbox_id=person.mailbox_id, text="看不懂学时。", kind="unclear")
    client = browser(clerk)
    assert "看不懂学时。" in words(client.get(LIST))
    assert "意见反馈有1条" in words(client.get(LIST))
    page = client.get(f"{LIST}{one.pk}/")
    assert "答复发到对方的消息里" in words(page)
    assert "联系方式" not in words(page)[words(page).index("提交的意见") : words(page).index("发出答复")]
    empty = client.post(f"{LIST}{one.pk}/", {"answer": " "})
    assert empty.status_code == 400
    answer = client.post(f"{LIST}{one.pk}/", {"answer": "在【继续教育】里看。"}, follow=True)
    assert "答复已发到对方的消息里" in words(answer)
    one.refresh_from_db()
    assert (one.answer, one.answered_by) == ("在【继续教育】里看。", "李厅")
    assert one.answered_at is not None
    message = Message.objects.get(mailbox_id=person.mailbox_id)
    assert message.title == "意见反馈已答复"
    assert "在【继续教育】里看。" in message.body
    assert "看不懂学时" not in message.body
    assert "在【继续教育】里看。" in words(browser(person.user).get("/messages/"))
    shown = client.get(f"{LIST}{one.pk}/")
    assert "发出答复" not in words(shown)
    assert "李厅" in words(shown)
    entry = AuditEntry.objects.get(action="feedback.answer")
    assert (entry.actor_id, entry.object_id) == (clerk.pk, str(one.pk))
    assert "继续教育" not in str(entry.detail)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM administration_feedback")
        assert "继续教育" not in cursor.fetchone()[0]


def test_what_a_stranger_has_said_is_answered_in_the_list_only(clerk: User) -> None:
    one = said(contact="13800001234")
    client = browser(clerk)
    page = client.get(f"{LIST}{one.pk}/")
    assert "13800001234" in words(page)
    assert "请按留下的联系方式联系" in words(page)
    assert "保存答复" in words(page)
    answer = client.post(f"{LIST}{one.pk}/", {"answer": "已电话说明。"}, follow=True)
    assert "答复已记录" in words(answer)
    assert not Message.objects.exists()


def test_a_second_answer_is_refused_and_shown_as_not_sent(clerk: User, province: Office) -> None:
    one = said()
    answer_feedback(
        one.pk, answer="第一个答复", by=make_staff(province, Duty.REGISTRY, name="先到"), now=timezone.now()
    )
    answer = browser(clerk).post(f"{LIST}{one.pk}/", {"answer": "第二个答复"})
    assert answer.status_code == 409
    for sentence in ("这条意见已经答复", "先到的答复已经发出", "您写的没有发出", "第一个答复", "第二个答复"):
        assert sentence in words(answer)
    one.refresh_from_db()
    assert one.answer == "第一个答复"
    assert AuditEntry.objects.filter(action="feedback.answer").count() == 1


def test_an_answer_to_what_is_gone_meanwhile_is_refused(clerk: User) -> None:
    with pytest.raises(Refused, match=r"已到期清理") as refused:
        answer_feedback(0, answer="答复", by=clerk, now=timezone.now())
    assert refused.value.findings[0].code == "feedback.gone"
    assert browser(clerk).get(f"{LIST}999999/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts() -> None:
    office, person = make_office(kind=OfficeKind.PROVINCIAL, region="360000"), make_person()
    one = said(by=person.user, mailbox_id=person.mailbox_id)
    clerks = [make_staff(office, Duty.DECIDE, name=name) for name in ("甲", "乙")]

    def call(by: User) -> Callable[[], None]:
        return lambda: answer_feedback(one.pk, answer=f"{by.name}的答复", by=by, now=timezone.now())

    outcomes = at_once([call(by) for by in clerks])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Refused"]
    one.refresh_from_db()
    assert one.answer == f"{one.answered_by}的答复"
    (message,) = Message.objects.filter(mailbox_id=person.mailbox_id)
    assert one.answer in message.body


@pytest.mark.parametrize("fields", [{"answered_at": timezone.now()}, {"answered_by": "某人"}])
def test_answered_is_answered_by_somebody(fields: dict[str, Any]) -> None:
    one = said()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Feedback.objects.filter(pk=one.pk).update(**fields)
    assert sentence_of(error.value) == "意见的答复没有写明答复人和时间"


def test_who_may_read(clerk: User, province: Office, settings: Any) -> None:
    one = said()
    city = make_office("九江市住房和城乡建设局", region="360400")
    others = [
        make_staff(province, Duty.COUNTER),
        make_staff(city, Duty.REGISTRY),
        User.objects.create(login="sys.one", sphere=Sphere.SYSTEM_ADMIN, name="系统"),
        make_person().user,
    ]
    addresses = (LIST, f"{LIST}{one.pk}/", EXPORT)
    for user in others:
        assert [browser(user).get(address).status_code for address in addresses] == [403, 403, 403]
        assert browser(user).post(addresses[1], {"answer": "答复"}).status_code == 403
    assert [browser(clerk).get(address).status_code for address in addresses] == [200, 200, 200]
    assert "意见反馈有1条" in words(browser(clerk).get("/office/parameters/"))
    settings.FEEDBACK_OFFICE = city.name
    assert browser(others[1]).get(LIST).status_code == 200
    assert browser(clerk).get(LIST).status_code == 403
    assert "意见反馈有1条" not in words(browser(clerk).get("/office/parameters/"))
    settings.FEEDBACK_OFFICE = "没有这个部门"
    assert [browser(user).get(LIST).status_code for user in (clerk, others[1])] == [200, 403]


def test_filters_pages_and_their_cost(clerk: User) -> None:
    client = browser(clerk)
    assert "还没有收到意见" in words(client.get(LIST))
    first = said(kind="idea", text="第一条")
    answer_feedback(first.pk, answer="谢谢", by=clerk, now=timezone.now())
    said(kind="fault", text="第二条")

    def shown(query: str) -> list[str]:
        page = words(client.get(f"{LIST}?{query}"))
        return [text for text in ("第一条", "第二条") if text in page]

    assert shown("") == ["第一条", "第二条"]
    assert shown("state=answered") == ["第一条"]
    assert shown("state=waiting") == ["第二条"]
    assert shown("kind=idea") == ["第一条"]
    assert shown("kind=nonsense") == ["第一条", "第二条"]
    assert "没有符合条件的意见" in words(client.get(f"{LIST}?kind=idea&state=waiting"))

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
            assert b"".join(answer.streaming_content if answer.streaming else [answer.content])
        return len(queries)

    client.get(LIST)
    few = cost(LIST), cost(EXPORT)
    for number in range(25):
        said(text=f"更多{number}。")
    assert (cost(LIST), cost(EXPORT)) == few
    following = client.get(LIST).context["page"].next_cursor
    assert "第一条" in words(client.get(LIST, {"cursor": following}))


def test_the_table_masks_numbers_and_a_granted_request_shows_them(
    clerk: User, run_jobs: Callable[..., list[str]]
) -> None:
    said(contact="13800001234", text="我的号码360102198506150012，电话13900004321，出错代码12345。", kind="fault")
    said(kind="idea", text="=1+1")
    client = browser(clerk)
    titles, line = rows_of(client.get(f"{EXPORT}?kind=fault"))
    found = dict(zip(titles, line, strict=True))
    assert (found["联系方式"], found["状态"], found["类型"]) == ("138****1234", "待答复", "出错")
    assert found["内容"] == "我的号码360***********0012，电话139****4321，出错代码12345。"
    assert "'=1+1" in str(rows_of(client.get(EXPORT)))
    entry = AuditEntry.objects.filter(action="list.export").order_by("pk")[0]
    assert (entry.actor_id, entry.detail) == (clerk.pk, {"list": "feedback", "kind": "fault"})
    assert client.post("/office/exports/new/feedback/?kind=fault", {"reason": "回访", "form": "csv"}).status_code == 302
    security = User.objects.create(login="sec.one", sphere=Sphere.SECURITY_ADMIN, name="安")
    one = ExportRequest.objects.get()
    decide_export(one.pk, approve=True, answer="", by=security)
    run_jobs()
    taken = str(rows_of(client.post(f"/office/exports/{one.pk}/take/")))
    assert "13800001234" in taken
    assert "360102198506150012" in taken


def test_strangers_are_led_to_the_login_of_the_office() -> None:
    assert Client().get(LIST)["Location"].startswith("/office/login/")

"""Contract ends as a list: renewed for many at once, exported, and people reminded who have not answered."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import Person
from administration.models import AuditEntry, Message
from common.findings import Refused
from employment.expiry.services import end_expired_contracts
from employment.models import Employment
from employment.renewing.reminding import remind_of_proposals
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.employment.story import NOW, TODAY, Story
from tests.factories import actor, make_employment, make_enterprise, make_operator, make_person
from tests.workflow.browsing import browser, words
from workflow.enums import Action
from workflow.models import Application
from workflow.services.acting import act

PAGE = "/enterprise/employment/contracts/"
RENEW = f"{PAGE}renew/"
REMIND = "/enterprise/employment/remind/"
Count = Callable[[Callable[[], object]], int]


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def clerk(enterprise: Enterprise) -> Client:
    return browser(make_operator(enterprise, "李会计"))


def hired(enterprise: Enterprise, name: str, days: int | None) -> Employment:
    employment = make_employment(make_person(name), enterprise, "08")
    ends = TODAY + timedelta(days=days) if days is not None else None
    Employment.objects.filter(pk=employment.pk).update(contract_from=date(2020, 1, 1), contract_to=ends)
    employment.refresh_from_db()
    return employment


def confirm_page(client: Client, rows: list[Employment], **fields: str) -> dict[str, object]:
    """Answers what the page with the new ends would send."""
    values: dict[str, object] = {"picked": [row.pk for row in rows], "action": "picked", "length": "3", **fields}
    page = client.post(PAGE, values)
    assert page.status_code == 200, words(page)
    sent: dict[str, object] = {"picked": [row.pk for row in rows], "action": "send", "promise": "on"}
    for line in page.context["lines"]:
        pk = line["employment"].pk
        sent[f"end_{pk}"], sent[f"terms_{pk}"] = str(line["field"].initial or ""), line["seen"]
    return sent


@pytest.mark.django_db
def test_the_list_has_what_ends_soon_first_and_what_is_cared_for_says_so(clerk: Client, enterprise: Enterprise) -> None:
    late, soon, far = hired(enterprise, "迟到", -1), hired(enterprise, "欧阳·䶮", 12), hired(enterprise, "远方", 200)
    hired(enterprise, "无期", None)
    hired(make_enterprise(), "别家", 3)
    clerk.post(RENEW, confirm_page(clerk, [soon]))
    page = clerk.get(PAGE)
    said = words(page)
    assert said.index("迟到") < said.index("欧阳·䶮")
    assert all(name not in said for name in ("远方", "无期", "别家"))
    assert "已到期" in said
    assert "续签等本人确认" in said
    assert f'value="{late.pk}"' in page.content.decode()
    assert f'name="picked" value="{soon.pk}"' not in page.content.decode()
    assert "远方" in words(clerk.get(f"{PAGE}?within=365"))
    assert "远方" in words(clerk.get(f"{PAGE}?within=all&name=方"))
    assert "没有符合条件的人员" in words(clerk.get(f"{PAGE}?post=01"))
    assert clerk.get(f"{PAGE}?within=x&post=y&name={'x' * 9000}&cursor=z").status_code == 200
    assert far.person.id_number not in page.content.decode()


@pytest.mark.django_db
def test_many_are_renewed_with_one_promise_and_each_new_end_can_be_changed(
    clerk: Client, enterprise: Enterprise
) -> None:
    one, two, three = (hired(enterprise, name, 10) for name in ("敖江", "鲍春来", "陈桂花"))
    sent = confirm_page(clerk, [one, two, three])
    assert sent[f"end_{one.pk}"] == "2029-12-03"
    sent |= {f"end_{two.pk}": "2027年6月30日", f"end_{three.pk}": ""}
    bare = {name: value for name, value in sent.items() if name != "promise"}
    assert "请阅读并勾选承诺" in words(clerk.post(RENEW, bare))
    wrong = clerk.post(RENEW, sent | {f"end_{two.pk}": "2026-11-22"})
    assert wrong.status_code == 400
    assert "不能早于今天" in words(wrong)
    same = clerk.post(RENEW, sent | {f"end_{two.pk}": "2026-12-03"})
    assert "与现在登记的相同" in words(same)
    assert Application.objects.count() == 0
    answer = clerk.post(RENEW, sent, follow=True)
    assert "已向3人提出续签" in words(answer)
    ends = {row.person_id: row.payload["contract_to"] for row in Application.objects.all()}
    assert ends == {one.person_id: "2029-12-03", two.person_id: "2027-06-30", three.person_id: None}
    assert {tuple(row.payload["posts"]) for row in Application.objects.all()} == {("08",)}
    again = clerk.post(RENEW, sent)
    assert again.status_code == 409
    assert "没有可以续签的人员" in words(again)
    assert Application.objects.count() == 3
    assert AuditEntry.objects.filter(action="employment.propose_renewals").count() == 1


@pytest.mark.django_db
def test_the_person_agrees_and_the_contract_goes_on(clerk: Client, enterprise: Enterprise) -> None:
    employment = hired(enterprise, "敖江", 10)
    clerk.post(RENEW, confirm_page(clerk, [employment], length="on", until="2028-01-31"))
    me = actor(employment.person.user, is_verified=True)  # type: ignore[arg-type]
    pk = Application.objects.get().pk
    act(pk, action=Action.APPROVE, actor=me, detail={"second_verification": True}, now=NOW)
    employment.refresh_from_db()
    assert (employment.contract_to, employment.ended_at) == (date(2028, 1, 31), None)


@pytest.mark.django_db
def test_terms_that_changed_meanwhile_are_told_and_the_others_go(clerk: Client, enterprise: Enterprise) -> None:
    one, two = hired(enterprise, "敖江", 10), hired(enterprise, "鲍春来", 10)
    sent = confirm_page(clerk, [one, two])
    Employment.objects.filter(pk=one.pk).update(posts=["07"])
    answer = clerk.post(RENEW, sent)
    assert answer.status_code == 200
    assert "已向1人提出续签，1人没有提出" in words(answer)
    assert "登记的职务或合同期已经变化" in words(answer)
    assert Application.objects.get().person == two.person


@pytest.mark.django_db
def test_others_and_the_absurd_are_left_out(clerk: Client, enterprise: Enterprise) -> None:
    own, other = hired(enterprise, "敖江", 10), hired(make_enterprise(), "别家", 10)
    page = clerk.post(PAGE, {"picked": [own.pk, other.pk, 10**18, "x"], "action": "picked", "length": "1"})
    assert "别家" not in words(page)
    assert "有2人没有列出" in words(page)
    assert clerk.post(PAGE, {"picked": other.pk, "action": "picked", "length": "1"}).status_code == 409
    assert clerk.post(RENEW, {"action": "send"}).status_code == 409
    wrong = clerk.post(PAGE, {"picked": own.pk, "action": "picked", "length": "on"})
    assert (wrong.status_code, "请填写续到哪一天" in words(wrong)) == (400, True)
    assert re.search(rf'value="{own.pk}"[^>]* checked', wrong.content.decode()), "the tick stays"
    assert clerk.post(PAGE, {"picked": list(range(1, 202)), "action": "picked"}).status_code == 409
    assert "敖江" in words(clerk.post(f"{PAGE}?within=30", {"action": "all", "length": "open"}))
    assert Application.objects.count() == 0


@pytest.mark.django_db
def test_who_left_with_the_contract_can_be_proposed_to_anew_without_the_number(
    clerk: Client, enterprise: Enterprise
) -> None:
    gone = hired(enterprise, "迟到", -2)
    end_expired_contracts(now=NOW)
    page = clerk.get(PAGE)
    assert "最近因合同到期已解除的人员" in words(page)
    (ended,) = page.context["ended"]
    assert "保存并发起聘用" in words(clerk.get(f"/enterprise/employment/new/{ended.token}/"))
    make_employment(gone.person, enterprise)
    assert "最近因合同到期" not in words(clerk.get(PAGE))


@pytest.mark.django_db
def test_the_export_has_all_rows_and_is_noted(clerk: Client, enterprise: Enterprise) -> None:
    one = hired(enterprise, "=敖江", 10)
    hired(enterprise, "鲍春来", 20)
    for full, number in (
        ("", one.person.id_number[:3] + "*" * 11 + one.person.id_number[-4:]),
        ("on", one.person.id_number),
    ):
        content = clerk.post(f"{PAGE}export/?within=30", {"full": full}).content
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        titles, first, second = list(sheet.iter_rows(values_only=True))
        assert titles[0] == "姓名"
        assert first[:2] == ("'=敖江", number)
        assert second[4:] == ("2026年12月13日", "20", "还没有续签")
    details = [
        entry.detail for entry in AuditEntry.objects.filter(action="employment.export_contract_ends").order_by("pk")
    ]
    assert [(one["count"], one["full"]) for one in details] == [(2, False), (2, True)]


# --- reminding ---


def proposed(client: Client, enterprise: Enterprise, *names: str) -> list[Person]:
    rows = [hired(enterprise, name, 10) for name in names]
    client.post(RENEW, confirm_page(client, rows))
    return [row.person for row in rows]


def reminders(person: Person) -> int:
    return Message.objects.filter(mailbox=person.mailbox, title__contains="提醒您答复").count()


@pytest.mark.django_db
def test_one_ticked_or_all_are_reminded_once_a_day(clerk: Client, enterprise: Enterprise, clock: Clock) -> None:
    one, two, three = proposed(clerk, enterprise, "敖江", "鲍春来", "陈桂花")
    ids = {row.person_id: row.pk for row in Application.objects.all()}
    assert "已提醒1人" in words(clerk.post(REMIND, {"application": ids[one.pk]}, follow=True))
    answer = clerk.post(REMIND, {"action": "picked", "picked": [ids[one.pk], ids[two.pk]]}, follow=True)
    assert "已提醒1人。1人今天已经提醒过" in words(answer)
    assert "已提醒1人。2人今天已经提醒过" in words(clerk.post(REMIND, {"action": "all"}, follow=True))
    assert "没有发出新的提醒" in words(clerk.post(REMIND, {"action": "all"}, follow=True))
    assert [reminders(person) for person in (one, two, three)] == [1, 1, 1]
    clock.stop_at(NOW + timedelta(days=1))
    clerk = browser(make_operator(enterprise))
    clerk.post(REMIND, {"action": "all"})
    assert [reminders(person) for person in (one, two, three)] == [2, 2, 2]
    assert "已提醒2次" in words(clerk.get("/enterprise/employment/?tab=proposals"))
    assert AuditEntry.objects.filter(action="employment.remind").count() == 6
    message = Message.objects.filter(mailbox=one.mailbox).order_by("-pk")[0]
    assert "逾期没有答复的，申请自动终止" in message.body
    assert one.id_number not in message.body


@pytest.mark.django_db
def test_nobody_is_reminded_of_what_is_not_theirs(clerk: Client, enterprise: Enterprise) -> None:
    other = make_enterprise()
    proposed(browser(make_operator(other)), other, "别家")
    pk = Application.objects.get().pk
    for fields in (
        {"application": pk},
        {"action": "picked", "picked": pk},
        {"action": "all"},
        {},
        {"application": "x"},
    ):
        assert "没有需要提醒的人员" in words(clerk.post(REMIND, fields, follow=True))
    assert not Message.objects.filter(title__contains="提醒您答复").exists()
    with pytest.raises(Refused):
        remind_of_proposals(None, actor=Story().me)


@pytest.mark.django_db
def test_pages_and_acts_take_the_same_queries_for_1_3_and_40(count_queries: Count) -> None:
    counts = []
    for size in (1, 3, 40):
        enterprise = make_enterprise()
        client = browser(make_operator(enterprise))
        rows = [hired(enterprise, "人员", 10) for _ in range(size)]
        sent = confirm_page(client, rows)
        counts.append(
            (
                count_queries(lambda c=client: c.get(PAGE)),  # type: ignore[misc]
                count_queries(lambda c=client, s=sent: c.post(RENEW, s)),  # type: ignore[misc]
                count_queries(lambda c=client: c.get("/enterprise/employment/?tab=proposals")),  # type: ignore[misc]
                count_queries(lambda c=client: c.post(REMIND, {"action": "all"})),  # type: ignore[misc]
            )
        )
    assert counts[0] == counts[1] == counts[2]

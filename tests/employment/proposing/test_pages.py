"""人员聘用管理 of the enterprise and 聘用关系 of the person, by their pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from administration.models import AuditEntry, Message
from common.findings import Refused
from common.text.id_number import id_check_character
from employment.models import Employment
from employment.proposing.proposals import case_of
from enterprises.models import Enterprise
from tests.concurrency import at_once
from tests.employment.pages import LIST, body, propose
from tests.factories import (
    actor,
    make_employment,
    make_enterprise,
    make_id_number,
    make_operator,
    make_person,
)
from workflow.enums import Action, CloseReason, Status
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.deadlines import apply_deadlines
from workflow.services.filing import file_application

pytestmark = pytest.mark.django_db
NEW = "/enterprise/employment/new/"
TERMS = {"posts": ["02", "07"], "contract_from": "2026-11-01", "contract_to": "2029-10-31"}


def found(door: Client, id_number: str) -> str:
    answer = door.post(NEW, {"id_number": id_number})
    assert answer.status_code == 302, body(answer)
    return str(answer["Location"])


# --- 聘用关系发起 ---


def test_a_person_is_found_by_number_and_proposed_to(door: Client, enterprise: Enterprise) -> None:
    person = make_person("欧阳建国")
    address = found(door, person.id_number)
    page = body(door.get(address))
    assert "欧**国" in page
    assert "欧阳建国" not in page
    assert person.id_number not in page + address
    answer = door.post(address, TERMS, follow=True)
    assert answer.redirect_chain[-1][0] == f"{LIST}?tab=proposals"
    application = Application.objects.get()
    assert (application.person, application.enterprise, application.status) == (person, enterprise, Status.IN_REVIEW)
    assert application.payload == {"posts": ["02", "07"], "contract_from": "2026-11-01", "contract_to": "2029-10-31"}
    assert "等待本人确认的聘用" in body(answer)
    assert Message.objects.filter(mailbox=person.mailbox).exists()
    assert AuditEntry.objects.filter(action="find_person", object_id=str(person.pk)).exists()


def test_a_number_of_15_digits_is_understood(door: Client) -> None:
    person = make_person(id_number=make_id_number(77, birth=date(1975, 3, 9)))
    old = person.id_number[:6] + person.id_number[8:17]
    assert found(door, old).startswith(NEW)


def test_a_wrong_check_digit_is_told_at_the_field(door: Client) -> None:
    number = make_id_number()
    wrong = number[:17] + next(digit for digit in "0123456789" if digit != id_check_character(number[:17]))
    answer = door.post(NEW, {"id_number": wrong})
    assert answer.status_code == 400
    assert "校验位不符" in body(answer)
    assert 'href="#id_id_number"' in body(answer)


def test_a_person_without_real_name_registration_is_refused_with_the_way(door: Client) -> None:
    unregistered = make_person(registered=False)
    for number in (make_id_number(birth=date(1999, 1, 2)), unregistered.id_number):
        answer = door.post(NEW, {"id_number": number})
        assert answer.status_code == 409
        assert "未完成实名制登记" in body(answer)
        assert "/person/registration-points/" in body(answer)


def test_somebody_who_already_works_here_is_not_proposed_to(door: Client, enterprise: Enterprise) -> None:
    person = make_person()
    make_employment(person, enterprise)
    address = found(door, person.id_number)
    assert "已与本企业建立聘用关系" in body(door.get(address))
    answer = door.post(address, TERMS)
    assert answer.status_code == 409
    assert not Application.objects.exists()


def test_a_second_submit_makes_no_second_proposal(door: Client) -> None:
    address = found(door, make_person().id_number)
    assert door.post(address, TERMS).status_code == 302
    again = door.post(address, TERMS)
    assert again.status_code == 409
    assert "已向此人发起聘用" in body(again)
    assert Application.objects.count() == 1


def test_input_survives_a_refusal_at_the_fields(door: Client) -> None:
    address = found(door, make_person().id_number)
    answer = door.post(address, {**TERMS, "contract_to": "2025-01-01"})
    assert answer.status_code == 400
    assert "合同结束日期不能早于开始日期" in body(answer)
    assert 'value="2026-11-01"' in body(answer)
    assert body(answer).count(" checked") == 2
    assert not Application.objects.exists()


def test_a_contract_that_is_over_is_refused_as_a_whole(door: Client) -> None:
    address = found(door, make_person().id_number)
    answer = door.post(address, {"posts": ["07"], "contract_from": "2020-01-01", "contract_to": "2022-12-31"})
    assert answer.status_code == 409
    assert "合同期已经结束" in body(answer)


def test_what_was_found_is_good_for_this_enterprise_only(door: Client, client: Client) -> None:
    address = found(door, make_person().id_number)
    other = Client()
    other.force_login(make_operator(make_enterprise()))
    assert other.get(address)["Location"] == NEW
    assert other.post(address, TERMS)["Location"] == NEW
    assert door.get(f"{NEW}forged:token/")["Location"] == NEW
    assert not Application.objects.exists()


def test_somebody_employed_elsewhere_may_be_proposed_to_and_cannot_accept_yet(door: Client) -> None:
    person = make_person()
    elsewhere = make_enterprise()
    make_employment(person, elsewhere)
    address = found(door, person.id_number)
    page = body(door.get(address))
    assert elsewhere.name not in page, "where a person works is no business of a searching enterprise"
    assert door.post(address, TERMS).status_code == 302
    with pytest.raises(Refused) as refused:
        act(
            Application.objects.get().pk,
            action=Action.APPROVE,
            actor=actor(person.user, is_verified=True),
        )
    assert [finding.code for finding in refused.value.findings] == ["employment.elsewhere"]


def test_accepting_one_of_two_proposals_closes_the_other(door: Client, enterprise: Enterprise) -> None:
    person = make_person()
    other = propose(make_enterprise(), person)
    assert door.post(found(door, person.id_number), TERMS).status_code == 302
    mine = Application.objects.get(enterprise=enterprise)
    act(mine.pk, action=Action.APPROVE, actor=actor(person.user, is_verified=True))
    other.refresh_from_db()
    assert (other.status, other.close_reason) == (Status.CLOSED, CloseReason.OVERTAKEN)
    assert person.name in body(door.get(LIST))
    assert "02" in Employment.objects.get().posts


def test_an_expired_proposal_is_listed_with_its_end(door: Client, enterprise: Enterprise) -> None:
    application = propose(enterprise, make_person())
    assert application.due_on == timezone.localdate() + timedelta(days=15)
    apply_deadlines(now=timezone.now() + timedelta(days=16))
    page = body(door.get(f"{LIST}?tab=closed"))
    assert "逾期未处理" in page or "逾期未确认" in page
    assert application.number in page
    assert "没有等待确认的聘用" in body(door.get(f"{LIST}?tab=proposals"))


def test_a_declined_proposal_shows_the_reason_and_may_be_made_again(door: Client, enterprise: Enterprise) -> None:
    person = make_person()
    application = propose(enterprise, person)
    act(application.pk, action=Action.REJECT, actor=actor(person.user, is_verified=True), comment="已另有去处")
    page = body(door.get(f"{LIST}?tab=closed"))
    assert "本人已拒绝" in page
    assert "已另有去处" in page
    assert door.post(found(door, person.id_number), TERMS).status_code == 302


def test_a_proposal_can_be_taken_back(door: Client, enterprise: Enterprise) -> None:
    application = propose(enterprise, make_person())
    address = f"/applications/{application.number}/withdraw/"
    assert address in body(door.get(f"{LIST}?tab=proposals"))
    door.post(address)
    application.refresh_from_db()
    assert application.status == Status.WITHDRAWN
    assert application.number in body(door.get(f"{LIST}?tab=closed"))


@pytest.mark.django_db(transaction=True)
def test_eight_submits_at_once_make_one_proposal() -> None:
    enterprise, person = make_enterprise(), make_person()
    operator = actor(make_operator(enterprise))
    case = case_of(person, enterprise, {"posts": ["07"], "contract_from": "2026-11-01", "contract_to": None})
    outcomes = at_once([lambda: file_application(case=case, actor=operator)] * 8)
    made = [outcome for outcome in outcomes if isinstance(outcome, Application)]
    assert len(made) == 1, outcomes
    assert all(isinstance(outcome, Application | Refused) for outcome in outcomes), outcomes
    assert Application.objects.count() == 1

"""人员聘用管理 of the enterprise and 聘用关系 of the person, by their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from administration.models import Message
from employment.enums import EndReason
from enterprises.models import Enterprise
from tests.employment.pages import LIST, body, propose
from tests.factories import (
    actor,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
)
from workflow.enums import Action
from workflow.services.acting import act

pytestmark = pytest.mark.django_db


def test_an_empty_list_says_what_to_do_first(door: Client) -> None:
    assert "还没有在聘人员" in body(door.get(LIST))


def test_the_list_is_narrowed_by_what_the_address_says(door: Client, enterprise: Enterprise) -> None:
    today = timezone.localdate()
    make_employment(make_person("甘一凡"), enterprise, "02", contract_to=today + timedelta(days=30))
    make_employment(make_person("甘二平"), enterprise, "07", contract_to=today - timedelta(days=1))
    make_employment(make_person("陶三秀"), enterprise, "08")
    make_employment(make_person("外人"), make_enterprise(), "08")

    def names(query: str) -> set[str]:
        page = body(door.get(f"{LIST}?{query}"))
        return {name for name in ("甘一凡", "甘二平", "陶三秀", "外人") if name in page}

    assert names("") == {"甘一凡", "甘二平", "陶三秀"}
    assert names("name=甘") == {"甘一凡", "甘二平"}
    assert names("post=07") == {"甘二平"}
    assert names("contract=soon") == {"甘一凡"}
    assert names("contract=over") == {"甘二平"}
    assert names("contract=open") == {"陶三秀"}
    assert names("contract=nonsense&post=zz") == {"甘一凡", "甘二平", "陶三秀"}
    assert "没有符合条件的在聘人员" in body(door.get(f"{LIST}?name=不存在"))


def test_long_lists_are_paged_without_gaps(door: Client, enterprise: Enterprise) -> None:
    names = {f"人员{number:02d}甲" for number in range(23)}
    for name in names:
        make_employment(make_person(name, photo=False, user=False), enterprise)
    first = door.get(LIST)
    second = door.get(LIST, {"cursor": first.context["page"].next_cursor})
    pages = body(first), body(second)
    assert all((name in pages[0]) != (name in pages[1]) for name in names)
    assert "共 23 人" in pages[0]


@pytest.mark.parametrize("tab", ["staff", "proposals", "history", "closed"])
def test_lists_take_the_same_queries_for_one_and_three(
    door: Client, enterprise: Enterprise, tab: str, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    def add() -> None:
        if tab == "staff":
            make_employment(make_person(photo=False), enterprise)
        elif tab == "history":
            past = {"ended_at": timezone.now(), "end_reason": EndReason.BY_ENTERPRISE}
            make_employment(make_person(photo=False), enterprise, **past)
        else:
            application = propose(enterprise, make_person(photo=False))
            if tab == "closed":
                act(application.pk, action=Action.WITHDRAW, actor=actor(make_operator(enterprise)))

    add()
    door.get(f"{LIST}?tab={tab}")
    one = count_queries(lambda: door.get(f"{LIST}?tab={tab}"))
    add()
    add()
    assert count_queries(lambda: door.get(f"{LIST}?tab={tab}")) == one


def test_the_enterprise_ends_an_employment_with_a_note(door: Client, enterprise: Enterprise) -> None:
    person = make_person("罗小勇")
    employment = make_employment(person, enterprise)
    address = f"{LIST}{employment.pk}/end/"
    page = body(door.get(address))
    assert "执业企业变更" in page
    assert "不能撤销" in page
    assert door.post(address, {"note": ""}).status_code == 400
    answer = door.post(address, {"note": "劳动合同解除"}, follow=True)
    employment.refresh_from_db()
    assert (employment.end_reason, employment.end_note) == (EndReason.BY_ENTERPRISE, "劳动合同解除")
    assert "已解除与罗小勇的聘用关系" in body(answer)
    assert Message.objects.filter(mailbox=person.mailbox, title__contains="解除").exists()
    assert "劳动合同解除" in body(door.get(f"{LIST}?tab=history"))
    assert "已经解除" in body(door.post(address, {"note": "再一次"}, follow=True))


def test_an_employment_of_another_enterprise_is_not_found(door: Client) -> None:
    foreign = make_employment(make_person(), make_enterprise())
    address = f"{LIST}{foreign.pk}/end/"
    assert door.get(address).status_code == 404
    assert door.post(address, {"note": "不是我的"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.is_active


def test_the_person_sees_proposals_and_decides_on_the_phone_only(client: Client, enterprise: Enterprise) -> None:
    person = make_person()
    make_employment(person, make_enterprise("江西旧单位建筑有限公司"))
    propose(enterprise, person)
    client.force_login(person.user)
    page = body(client.get("/person/employment/"))
    assert "江西赣江路桥建设有限公司" in page
    assert "江西旧单位建筑有限公司" in page
    assert "请在手机端处理" in page
    assert "须先由现单位解除聘用" in page
    assert "解除现在的聘用关系" in page
    assert '<form method="post"' not in page.split("<main", 1)[1]
    assert "向您发起了聘用" in body(client.get("/person/"))


def test_the_web_page_never_takes_a_post(client: Client) -> None:
    assert client.post("/person/employment/").status_code == 405
    client.force_login(make_person().user)
    for method in (client.post, client.put, client.patch, client.delete):
        assert method("/person/employment/").status_code == 405
    assert client.get("/person/employment/").status_code == 200


def test_the_phone_pages_are_offered_as_qr_code_and_link(client: Client, enterprise: Enterprise) -> None:
    person = make_person()
    propose(enterprise, person)
    client.force_login(person.user)
    text = body(client.get("/person/employment/"))
    assert 'aria-label="手机登录的二维码"' in text
    assert 'href="http://testserver/m/"' in text
    assert person.id_number not in text


def test_the_persons_page_takes_the_same_queries_for_one_and_three(
    client: Client, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    person = make_person()
    client.force_login(person.user)

    def add() -> None:
        propose(make_enterprise(), person)
        past = {"ended_at": timezone.now(), "end_reason": EndReason.BY_ENTERPRISE}
        make_employment(person, make_enterprise(), **past)

    add()
    client.get("/person/employment/")
    one = count_queries(lambda: client.get("/person/employment/"))
    add()
    add()
    assert count_queries(lambda: client.get("/person/employment/")) == one


def test_a_person_who_never_worked_is_told_how_it_begins(client: Client) -> None:
    client.force_login(make_person().user)
    assert "现在没有登记聘用关系" in body(client.get("/person/employment/"))

"""A code change takes effect only after a second clerk, who is another natural person, has confirmed it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.enums import Duty
from accounts.models import User
from administration.models import AuditEntry
from enterprises.models import CodeChange, CodeChangeRequest, Enterprise
from tests.factories import make_enterprise, make_office, make_staff, make_uscc
from tests.workflow.browsing import browser, words

from .test_code_change import address, typed

pytestmark = pytest.mark.django_db


def clerk_of() -> tuple[User, Client]:
    user = make_staff(make_office(), Duty.REGISTRY)
    return user, browser(user)


def asked_by(desk: Client, enterprise: Enterprise, code: str) -> str:
    assert "等待另一名登记人员复核" in words(desk.post(address(enterprise), typed(enterprise, code), follow=True))
    return f"/office/enterprises/code-requests/{CodeChangeRequest.objects.latest('pk').pk}/"


def test_nobody_confirms_the_own_request_and_a_slip_does_not_pass() -> None:
    enterprise, code = make_enterprise(), make_uscc()
    (first, desk), (second, other) = clerk_of(), clerk_of()
    page = asked_by(desk, enterprise, code)
    again = desk.post(address(enterprise), typed(enterprise, make_uscc()))
    assert again.status_code == 409
    assert "已有一件待复核的变更" in words(again)
    assert "待复核的变更" in words(other.get("/office/enterprises/code/"))
    assert code not in words(other.get(page)), "the second clerk reads the code in the document"
    own = desk.post(page, {"code": code})
    assert own.status_code == 409
    assert "提出和复核不能是同一个人" in words(own)
    slip = other.post(page, {"code": make_uscc()})
    assert slip.status_code == 409
    assert "与提出时填写的不一致" in words(slip)
    User.objects.filter(pk__in=[first.pk, second.pk]).update(identity_index="a" * 64)
    assert other.post(page, {"code": code}).status_code == 409, "two logins of one natural person are one clerk"
    assert not CodeChange.objects.exists()
    User.objects.filter(pk=second.pk).update(identity_index="")
    assert other.get(f"{page}evidence/").status_code == 200
    assert f"号码已变更为{code}" in words(other.post(page, {"code": code}, follow=True))
    change, asked = CodeChange.objects.get(), CodeChangeRequest.objects.get()
    assert (change.changed_by, asked.change, asked.outcome) == (second, change, "done")
    assert f"{first.name}提出" in words(desk.get(address(enterprise)))
    late = other.post(page, {"code": code})
    assert late.status_code == 409
    assert "已经办结" in words(late)


def test_a_refused_and_a_withdrawn_request_leave_the_code_as_it_is() -> None:
    enterprise, code = make_enterprise(), make_uscc()
    (_, desk), (_, other) = clerk_of(), clerk_of()
    page = asked_by(desk, enterprise, code)
    assert other.post(page, {"action": "refuse", "answer": " "}).status_code == 400
    assert "号码没有改变" in words(other.post(page, {"action": "refuse", "answer": "扫描件看不清"}, follow=True))
    assert "扫描件看不清" in words(desk.get(page))
    page = asked_by(desk, enterprise, code)
    assert "号码没有改变" in words(desk.post(page, {"action": "refuse", "answer": "填错了"}, follow=True))
    assert list(CodeChangeRequest.objects.order_by("pk").values_list("outcome", flat=True)) == ["refused", "withdrawn"]
    actions = set(AuditEntry.objects.filter(action__startswith="enterprise.").values_list("action", flat=True))
    assert {"enterprise.refuse_code_change", "enterprise.withdraw_code_change"} <= actions
    assert not CodeChange.objects.exists()


def test_what_changed_between_the_request_and_its_confirmation_stops_it() -> None:
    enterprise, code = make_enterprise(), make_uscc()
    (_, desk), (_, other) = clerk_of(), clerk_of()
    page = asked_by(desk, enterprise, code)
    Enterprise.objects.filter(pk=enterprise.pk).update(uscc=make_uscc())
    late = other.post(page, {"code": code})
    assert late.status_code == 409
    assert "已把号码变更为" in words(late)
    assert CodeChangeRequest.objects.get().outcome == ""


def test_the_database_wants_two_clerks() -> None:
    enterprise, code = make_enterprise(), make_uscc()
    first, desk = clerk_of()
    asked_by(desk, enterprise, code)
    with pytest.raises(IntegrityError), transaction.atomic():
        CodeChangeRequest.objects.update(outcome="done", settled_by=first, settled_at="2026-11-23T00:00Z")

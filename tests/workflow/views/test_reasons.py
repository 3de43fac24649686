"""Reasons to tick: reviewers combine them into one notice, and the province keeps them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from administration.models import AuditEntry
from tests.workflow.browsing import NOW, browser, words
from tests.workflow.views.test_office import at_municipal, review
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Status
from workflow.models import Application, DecisionReason, Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/office/reasons/"


@pytest.fixture
def world() -> ExtensionWorld:
    return ExtensionWorld()


def reason(text: str, *, action: str = "return", kind: str = "", basis: str = "") -> DecisionReason:
    return DecisionReason.objects.create(kind=kind, action=action, words=text, basis=basis)


def sent_to(world: ExtensionWorld, application: Application, data: dict[str, object]) -> int:
    answer = browser(world.province.reviewer).post(review(application), data)
    application.refresh_from_db()
    return int(answer.status_code)


def test_ticked_reasons_and_typed_words_become_one_numbered_notice(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    photo, stamp = reason("证件照模糊", basis="第三十二条"), reason("没有盖章")
    ticked = {"action": "return", "return_reasons": [photo.pk, stamp.pk], "comment": "请𬭎先生尽快补齐。"}
    assert sent_to(world, application, ticked) == 302
    assert application.status == Status.RETURNED
    last = Event.objects.filter(application=application, action=Action.RETURN).get()
    assert last.comment == "1. 证件照模糊（依据：第三十二条）\n2. 没有盖章\n3. 请𬭎先生尽快补齐。"


def test_one_ticked_reason_is_enough_and_is_not_numbered(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    false = reason("材料虚假", action="reject")
    assert sent_to(world, application, {"action": "reject", "reject_reasons": [false.pk]}) == 302
    assert Event.objects.filter(application=application, action=Action.REJECT).get().comment == "材料虚假"


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_reasons_of_another_decision_are_told_and_nothing_is_decided(world: ExtensionWorld, action: str) -> None:
    application = at_municipal(world)
    photo = reason("证件照模糊")
    data = {"action": action, "return_reasons": [photo.pk], "comment": "写好的话"}
    answer = browser(world.province.reviewer).post(review(application), data)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "勾选的是“退回补正”的原因" in page
    assert "写好的话" in page
    assert f'value="{photo.pk}" id="id_return_reasons' in page or "checked" in page
    application.refresh_from_db()
    assert application.status == Status.IN_REVIEW


def test_a_reason_that_was_retired_meanwhile_is_told_and_the_words_stay(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    old = reason("旧的原因")
    DecisionReason.objects.filter(pk=old.pk).update(retired_at=NOW)
    data = {"action": "return", "return_reasons": [old.pk], "comment": "还没说完"}
    answer = browser(world.province.reviewer).post(review(application), data)
    assert answer.status_code == 400
    assert "已经停用，请重新勾选" in words(answer)
    assert "还没说完" in answer.content.decode()


def test_reasons_and_words_together_stay_within_the_notice(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    photo = reason("证件照模糊")
    data = {"action": "return", "return_reasons": [photo.pk], "comment": "字" * 998}
    answer = browser(world.province.reviewer).post(review(application), data)
    assert answer.status_code == 400
    assert "最多1000字" in words(answer)


def test_a_business_offers_its_own_reasons_and_those_of_all(world: ExtensionWorld) -> None:
    application = at_municipal(world)
    own, other = reason("学时不符", kind="extension"), reason("没有解聘材料", kind="employer_change")
    fields = browser(world.province.reviewer).get(review(application)).context["form"].reason_fields
    offered = [value for field in fields for value, _ in field.field.choices]
    assert str(own.pk) in offered
    assert str(other.pk) not in offered


def test_every_installation_begins_with_reasons() -> None:
    assert DecisionReason.objects.filter(action="return", kind="").exists()
    assert DecisionReason.objects.filter(action="reject", kind="").exists()


def test_the_province_adds_and_retires_and_both_are_audited(world: ExtensionWorld) -> None:
    province = browser(world.province.decider)
    added = province.post(
        PAGE, {"kind": "extension", "action": "return", "words": " 学时不符 ", "basis": ""}, follow=True
    )
    assert "已增加：学时不符" in words(added)
    kept = DecisionReason.objects.get(words="学时不符")
    twice = province.post(PAGE, {"kind": "extension", "action": "return", "words": "学时不符", "basis": "写了的依据"})
    assert twice.status_code == 409
    assert "已有同样的原因" in words(twice)
    assert "写了的依据" in twice.content.decode()
    address = reverse("workflow:reason_retire", args=[kept.pk])
    assert "已停用：学时不符" in words(province.post(address, follow=True))
    assert "这条原因已经停用" in words(province.post(address, follow=True))
    kept.refresh_from_db()
    assert kept.retired_at is not None
    actions = list(
        AuditEntry.objects.filter(action__startswith="reason.").order_by("pk").values_list("action", flat=True)
    )
    assert actions == ["reason.add", "reason.retire"]


def test_others_than_the_province_neither_see_nor_change_them(world: ExtensionWorld) -> None:
    kept = reason("证件照模糊")
    city = browser(world.province.reviewer)
    assert city.get(PAGE).status_code == 403
    assert city.post(reverse("workflow:reason_retire", args=[kept.pk])).status_code == 403
    kept.refresh_from_db()
    assert kept.retired_at is None


@pytest.mark.parametrize("wrong", [{"action": "approve"}, {"words": ""}])
def test_the_database_takes_no_reason_without_words_or_for_another_act(wrong: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionReason.objects.create(**{"action": "return", "words": "证件照模糊", **wrong})

"""Every decision stands in the audit, whose chain is verified, with one query for a whole batch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from accounts.models import User
from administration.audit.chain import link_entries, verify_chain
from administration.models import AuditEntry
from tests.worlds.base import NOW
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action
from workflow.models import Application
from workflow.services.acting import act, act_many
from workflow.services.filing import file_application

from ..browsing import browser, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def filed(world: ExtensionWorld) -> Application:
    return file_application(case=world.case(), actor=world.filer, now=NOW)


def test_each_decision_of_each_party_is_audited_once_and_chained() -> None:
    world = ExtensionWorld()
    application = filed(world)
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    act(application.pk, action=Action.RETURN, actor=world.province.municipal_actor, comment="请补充", now=NOW)
    entries = AuditEntry.objects.filter(action__startswith="application.").order_by("pk")
    assert [(one.action, one.sphere, one.object_id) for one in entries] == [
        ("application.approve", "operator", str(application.pk)),
        ("application.return", "staff", str(application.pk)),
    ]
    assert entries[1].detail["number"] == application.number
    assert entries[1].detail["desk"] == "municipal"
    assert "请补充" not in str(entries[1].detail)
    link_entries()
    verify_chain()


def test_the_audit_administrator_finds_a_decision_without_opening_the_case() -> None:
    world = ExtensionWorld()
    application = filed(world)
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    auditor = User.objects.create(login="auditor", sphere="audit_admin", name="审计管理员")
    page = words(browser(auditor).get("/office/audit/", {"action": "application.approve"}))
    assert "办件通过" in page
    assert application.number in page


def test_a_batch_is_audited_by_one_query(count_queries: Callable[[Callable[[], object]], int]) -> None:
    world = ExtensionWorld()
    one, many = [filed(world)], [filed(world.another()) for _ in range(4)]
    by = world.holder(one[0])
    first, second = (
        count_queries(partial(act_many, [a.pk for a in batch], action=Action.APPROVE, actor=by, now=NOW))
        for batch in (one, many)
    )
    assert first == second
    assert AuditEntry.objects.filter(action="application.approve").count() == 5

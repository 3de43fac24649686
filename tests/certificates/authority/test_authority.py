"""Decisions of the authority: what each does, what refuses it, what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from administration.models import Message, Notice, NoticeLine, Parameter
from certificates.authority import services
from certificates.authority.permissions import ALLOWED, why_not
from certificates.enums import AuthorityAction, Ground, LegalState
from certificates.models import Certificate, CertificateEvent, TransferProof
from common.findings import Refused
from tests.factories import make_certificate, make_enterprise, make_person
from tests.worlds.extension import ExtensionWorld
from tests.worlds.transfer_out import TransferOutWorld
from workflow.actors import SYSTEM
from workflow.enums import Action, BarScope, Status
from workflow.models import Bar, Event
from workflow.services.acting import act

from .authority_world import DOCUMENT, NOW, SAID, TODAY, Bench, clerk, codes

pytestmark = pytest.mark.django_db

FUNCTIONS = {
    AuthorityAction.SUSPEND: "suspend",
    AuthorityAction.RESTORE: "restore",
    AuthorityAction.REVOKE: "revoke",
    AuthorityAction.WITHDRAW: "withdraw",
    AuthorityAction.CANCEL: "cancel_by_office",
    AuthorityAction.UNDO_TRANSFER: "undo_transfer_out",
    AuthorityAction.END_TRANSFER: "end_transfer",
}
RESULTS = {
    AuthorityAction.SUSPEND: ("02", "03"),
    AuthorityAction.RESTORE: ("01", "06"),
    AuthorityAction.REVOKE: ("03", "07"),
    AuthorityAction.WITHDRAW: ("07", "07"),
    AuthorityAction.CANCEL: ("04", "05"),
    AuthorityAction.UNDO_TRANSFER: ("01", "10"),
    AuthorityAction.END_TRANSFER: ("04", "05"),
}
"""Action → state after it and national operation."""


def arranged(state: LegalState) -> Bench:
    """A certificate in that state, by the trail that leads there."""
    bench = Bench()
    if state != LegalState.VALID:
        CertificateEvent.objects.create(
            certificate=bench.certificate,
            effective_on=TODAY,
            operation="07",
            state_before="01",
            state_after=state,
            summary="按轨迹",
        )
        bench.set_state(state)
    return bench


def test_every_action_has_its_row_of_the_table() -> None:
    assert set(ALLOWED) == set(FUNCTIONS) == set(AuthorityAction) - {AuthorityAction.OVERTURN}


@pytest.mark.parametrize(("action", "state"), list(product(FUNCTIONS, LegalState)))
def test_every_transition_of_the_table_and_no_other(action: AuthorityAction, state: LegalState) -> None:
    bench = arranged(state)
    certificate = Certificate.objects.get(pk=bench.certificate.pk)
    if state not in ALLOWED[action]:
        assert state.label in (why_not(bench.decider, action, certificate) or "")
        with pytest.raises(Refused) as caught:
            bench.act(FUNCTIONS[action])
        assert codes(caught.value) == ["authority.state"]
        assert bench.state() == state
        return
    assert why_not(bench.decider, action, certificate) is None
    (event,) = bench.act(FUNCTIONS[action])
    after, operation = RESULTS[action]
    assert (bench.state(), event.state_before, event.state_after) == (after, state, after)
    assert (event.operation, event.kind, event.document_number) == (operation, action, DOCUMENT)
    assert event.actor_id == bench.decider.user_id
    assert "未履行安全生产管理职责" in event.summary


@pytest.mark.parametrize("name", FUNCTIONS.values())
def test_only_the_duty_to_decide_suffices(name: str) -> None:
    bench = arranged(next(iter(ALLOWED[AuthorityAction(next(a for a, f in FUNCTIONS.items() if f == name))])))
    before = bench.state()
    for stranger in (clerk(bench.province), bench.province.municipal_actor, SYSTEM):
        with pytest.raises(Refused) as caught:
            _as(bench, stranger, name)
        assert codes(caught.value) == ["authority.not_yours"]
    assert bench.state() == before


def _as(bench: Bench, stranger: Any, name: str) -> None:
    decider, bench.decider = bench.decider, stranger
    try:
        bench.act(name)
    finally:
        bench.decider = decider


def test_all_reasons_at_once() -> None:
    bench = Bench()
    bench.set_state("04")
    with pytest.raises(Refused) as caught:
        bench.act("revoke", document_number=" ", reason="", ground="accident")
    assert codes(caught.value) == [
        "authority.document_missing", "authority.reason_missing", "authority.ground_missing", "authority.state",
    ]  # fmt: skip
    with pytest.raises(Refused) as caught:
        bench.act("suspend", until=TODAY, document_number="文" * 101, reason="由" * 201)
    assert codes(caught.value) == [
        "authority.document_long", "authority.reason_long", "authority.until_past", "authority.state",
    ]  # fmt: skip
    assert not CertificateEvent.objects.exists()


def test_one_refused_certificate_refuses_all() -> None:
    bench = Bench()
    other = make_certificate(make_person(), bench.enterprise, "B")
    Certificate.objects.filter(pk=other.pk).update(legal_state="04")
    with pytest.raises(Refused) as caught:
        services.suspend([bench.certificate.pk, other.pk], until=None, by=bench.decider, **SAID)
    assert [finding.message for finding in caught.value.findings] == [f"{other.number}不能暂扣"]
    assert bench.state() == "01"
    for unknown in ([], [10**9], [bench.certificate.pk, 10**9]):
        with pytest.raises(Refused) as caught:
            services.suspend(unknown, until=None, by=bench.decider, **SAID)
        assert codes(caught.value) == ["authority.unknown"]


def test_what_has_expired_cannot_be_suspended() -> None:
    bench = Bench(ends_on=date(2026, 10, 31))
    with pytest.raises(Refused) as caught:
        bench.act("suspend")
    assert codes(caught.value) == ["authority.expired"]


def test_a_suspension_says_until_when() -> None:
    bench = Bench()
    (event,) = bench.act("suspend")
    assert event.until == date(2027, 5, 22)
    assert event.summary == "暂扣至2027年5月22日：未履行安全生产管理职责"
    (open_ended,) = Bench().act("suspend", until=None)
    assert open_ended.until is None
    assert not Notice.objects.exists()


def test_restoring_gives_back_what_is_left() -> None:
    bench = Bench()
    bench.act("suspend")
    bench.act("restore")
    assert bench.state() == "01"
    late = Bench(ends_on=date(2026, 12, 31))
    late.act("suspend")
    (event,) = late.act("restore", now=NOW + timedelta(days=60))
    assert (late.state(), event.state_after) == ("05", "05")


@pytest.mark.parametrize(
    ("name", "ground", "category", "scope", "ends_on"),
    [
        ("revoke", Ground.FALSE_MATERIAL, "C3", BarScope.CERTIFICATES, date(2027, 11, 22)),
        ("revoke", Ground.FRAUD, "B", BarScope.CERTIFICATES, date(2029, 11, 22)),
        ("revoke", Ground.OTHER, "B", None, None),
        ("withdraw", Ground.ACCIDENT, "A", BarScope.LEADING_POSTS, date(2031, 11, 22)),
        ("withdraw", Ground.ACCIDENT, "B", BarScope.LEADING_POSTS, date(2031, 11, 22)),
        ("withdraw", Ground.ACCIDENT, "C3", None, None),
        ("withdraw", Ground.OTHER, "A", None, None),
        ("cancel_by_office", Ground.DEATH, "B", None, None),
    ],
)
def test_bars_follow_from_the_ground(
    name: str, ground: Ground, category: str, scope: BarScope | None, ends_on: date | None
) -> None:
    bench = Bench(category)
    (event,) = bench.act(name, ground=ground)
    bars = list(Bar.objects.all())
    assert len(bars) == (scope is not None)
    for bar in bars:
        assert (bar.person, bar.scope, bar.starts_on, bar.ends_on) == (bench.person, scope, TODAY, ends_on)
        assert (bar.cause, bar.document_number) == (f"certificate_event:{event.pk}", DOCUMENT)


def test_the_length_of_a_bar_is_that_of_the_day_of_the_decision() -> None:
    Parameter.objects.create(
        key="bar_fraud_months", value=60, effective_from=TODAY + timedelta(days=1), document_number="新规"
    )
    Bench().act("revoke")
    assert Bar.objects.get().ends_on == date(2029, 11, 22)
    Bench().act("revoke", now=NOW + timedelta(days=1))
    assert Bar.objects.order_by("pk").last().ends_on == date(2031, 11, 23)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "kind", "word"),
    [
        ("revoke", "revocation", "撤销"),
        ("withdraw", "revocation", "吊销"),
        ("cancel_by_office", "cancellation", "注销"),
    ],
)
def test_endings_are_announced_with_masked_names(name: str, kind: str, word: str) -> None:
    bench = Bench()
    bench.act(name)
    notice = Notice.objects.get()
    assert (notice.kind, notice.title) == (kind, f"关于{word}1本安全生产考核合格证书的公告")
    line = notice.lines.get()
    assert line.text == f"{bench.certificate.number}，张*明，{bench.enterprise.name}，{word}，文号{DOCUMENT}"


def test_the_holder_and_the_enterprise_are_told() -> None:
    bench = Bench()
    bench.act("revoke")
    for owner in (bench.person, bench.enterprise):
        (message,) = Message.objects.filter(mailbox=owner.mailbox)
        assert message.title == f"{bench.certificate.number}：主管部门作出“撤销”决定"
        assert DOCUMENT in message.body


def test_an_ending_closes_the_open_application_with_its_reason() -> None:
    world = ExtensionWorld()
    application = world.file(NOW)
    services.revoke([world.certificate.pk], ground="other", by=world.province.provincial_actor, **SAID)
    application.refresh_from_db()
    assert (application.status, application.close_reason) == (Status.CLOSED, "certificate_ended")
    last = Event.objects.filter(application=application).latest("pk")
    assert "未履行安全生产管理职责" in last.comment


def test_additional_certificates_end_with_theirs_and_come_back_with_it() -> None:
    bench = Bench("A")
    added = make_certificate(
        bench.person, make_enterprise(), "A", post="01", additional_to=bench.certificate, ends_on=date(2028, 4, 30)
    )
    (event,) = bench.act("revoke")
    assert (bench.state(), bench.state(added)) == ("03", "04")
    assert {line.text.split("，")[0] for line in NoticeLine.objects.all()} == {bench.certificate.number, added.number}
    following = CertificateEvent.objects.get(certificate=added)
    with pytest.raises(Refused):
        bench.overturn(following)
    bench.overturn(event)
    assert (bench.state(), bench.state(added)) == ("01", "01")
    assert not NoticeLine.objects.filter(withdrawn_at__isnull=True).exists()


def test_an_additional_certificate_that_had_ended_before_stays_ended() -> None:
    bench = Bench("A")
    added = make_certificate(bench.person, make_enterprise(), "A", post="01", additional_to=bench.certificate)
    bench.act("cancel_by_office", added, ground=Ground.OTHER)
    (event,) = bench.act("revoke")
    bench.overturn(event)
    assert (bench.state(), bench.state(added)) == ("01", "04")


def test_only_adverse_decisions_are_overturned_and_only_once() -> None:
    bench = Bench()
    (suspension,) = bench.act("suspend")
    (restoration,) = bench.act("restore")
    with pytest.raises(Refused) as caught:
        bench.overturn(restoration, document_number="")
    assert codes(caught.value) == ["authority.not_overturnable", "authority.document_missing"]
    (reversal,) = bench.overturn(suspension)
    assert bench.state() == "01"
    for event in (suspension, reversal):
        with pytest.raises(Refused) as caught:
            bench.overturn(event)
        assert codes(caught.value) == ["authority.not_overturnable"]
    with pytest.raises(CertificateEvent.DoesNotExist):
        services.overturn(10**9, by=bench.decider, **SAID)


def test_the_database_takes_one_reversal_only() -> None:
    bench = Bench()
    (suspension,) = bench.act("suspend")
    bench.overturn(suspension)
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateEvent.objects.create(
            certificate=bench.certificate, effective_on=TODAY, operation="07", state_after="01", undoes=suspension
        )


def test_what_was_overturned_between_others_leaves_the_others_standing() -> None:
    bench = Bench()
    (suspension,) = bench.act("suspend")
    (revocation,) = bench.act("revoke")
    bench.overturn(suspension)
    assert bench.state() == "03"
    bench.overturn(revocation)
    assert bench.state() == "01"


def test_a_revocation_overturned_gives_back_the_suspension_under_it() -> None:
    bench = Bench()
    bench.act("suspend")
    (revocation,) = bench.act("revoke")
    bench.overturn(revocation)
    assert bench.state() == "02"


def test_a_transfer_taken_in_elsewhere_ends_here_and_can_no_longer_be_undone() -> None:
    world = TransferOutWorld()
    application = world.file(NOW)
    for _ in range(2):
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
    by = world.province.provincial_actor
    (ended,) = services.end_transfer([world.certificate.pk], by=by, **SAID)
    assert Certificate.objects.get(pk=world.certificate.pk).legal_state == "04"
    with pytest.raises(Refused):
        services.undo_transfer_out([world.certificate.pk], by=by, **SAID)
    services.overturn(ended.pk, by=by, **SAID)
    assert Certificate.objects.get(pk=world.certificate.pk).legal_state == "06"
    assert TransferProof.objects.get().undone_at is None


@pytest.mark.parametrize("name", ["suspend", "revoke", "cancel_by_office"])
def test_twenty_take_the_queries_of_one(name: str, count_queries: Callable[[Callable[[], object]], int]) -> None:
    counts = []
    for size in (1, 20):
        bench = Bench()
        people = [make_person() for _ in range(size)]
        ids = [make_certificate(person, bench.enterprise, "B", ends_on=date(2028, 4, 30)).pk for person in people]
        more = {"until": None} if name == "suspend" else {"ground": "other"}
        take = partial(getattr(services, name), ids, by=bench.decider, **(SAID | more))
        counts.append(count_queries(take))
        assert Certificate.objects.filter(pk__in=ids, legal_state="01").count() == 0
    assert counts[0] == counts[1]


def test_the_longest_words_fit() -> None:
    bench = Bench()
    longest = {"document_number": "文" * 80, "reason": "由" * 200}
    (event,) = bench.act("cancel_by_office", **longest)
    (reversal,) = bench.overturn(event, **longest)
    assert reversal.summary.endswith("由" * 200)

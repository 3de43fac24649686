"""Edge cases 15 to 19 of domain.md §5, by their numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import Person
from administration.models import Notice, NoticeLine
from certificates.authority import services
from certificates.enums import Ground, LegalState
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate, CertificateEvent, TransferProof
from certificates.state.display import status_of
from common.encryption import blind_index
from common.findings import Refused
from tests.clock import Clock
from tests.factories import actor, make_id_number
from tests.worlds.extension import ExtensionWorld
from tests.worlds.late_entry import LateEntryWorld
from tests.worlds.transfer_out import TransferOutWorld
from workflow.actors import SYSTEM
from workflow.business import business_of
from workflow.checks import Case, Facts, evaluate
from workflow.enums import Action, Desk, Status
from workflow.models import Application, Bar
from workflow.services.acting import act

from .authority_world import NOW, SAID, TODAY, Bench, codes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def approve_to(world: ExtensionWorld | TransferOutWorld, application: Application, desk: Desk | None) -> None:
    application.refresh_from_db()
    while application.is_open and application.desk != desk:
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()


def blocking_codes(case: Case) -> set[str]:
    return {finding.code for finding in evaluate([case], Facts([case]))[case] if finding.blocking}


def test_edge_15_suspended_in_the_window_refuses_to_file() -> None:
    world = ExtensionWorld()
    by = world.province.provincial_actor
    services.suspend([world.certificate.pk], until=None, by=by, **SAID)
    assert blocking_codes(world.case()) == {"certificate.suspended"}
    with pytest.raises(Refused) as caught:
        world.file(NOW)
    assert "certificate.suspended" in codes(caught.value)
    services.restore([world.certificate.pk], by=by, **SAID)
    assert world.file(NOW).status == Status.IN_REVIEW


def test_edge_15_an_open_extension_stays_and_waits_while_the_clock_runs() -> None:
    world = ExtensionWorld()
    application = world.file(NOW)
    approve_to(world, application, Desk.PROVINCIAL)
    due_on, by = application.due_on, world.province.provincial_actor
    services.suspend([world.certificate.pk], until=None, by=by, **SAID)
    with pytest.raises(Refused) as caught:
        act(application.pk, action=Action.APPROVE, actor=by, now=NOW)
    assert codes(caught.value) == ["certificate.suspended"]
    application.refresh_from_db()
    assert (application.status, application.desk, application.due_on) == (Status.IN_REVIEW, Desk.PROVINCIAL, due_on)
    # Filed in time, restored after the end: held over, and the new term follows the old one.
    late = datetime.fromisoformat("2027-03-01T10:00:00+08:00")
    (restored,) = services.restore([world.certificate.pk], by=by, **(SAID | {"now": late}))
    assert restored.state_after == LegalState.VALID
    act(application.pk, action=Action.APPROVE, actor=by, now=late)
    assert Certificate.objects.get(pk=world.certificate.pk).ends_on == date(2030, 1, 31)


def test_edge_15_suspended_over_the_end_without_filing_is_lost() -> None:
    world = ExtensionWorld()
    by = world.province.provincial_actor
    services.suspend([world.certificate.pk], until=None, by=by, **SAID)
    late = datetime.fromisoformat("2027-03-01T10:00:00+08:00")
    services.restore([world.certificate.pk], by=by, **(SAID | {"now": late}))
    assert Certificate.objects.get(pk=world.certificate.pk).legal_state == LegalState.EXPIRED
    case = replace(world.case(), on=late.date(), filing_day=late.date())
    assert {"extension.too_late", "certificate.ended"} <= blocking_codes(case)


def late_entry(province_of: Bench, person: Person, *, on: date = TODAY, category: str = "B") -> set[str]:
    """What stands in the way of a late entry of that person."""
    world = LateEntryWorld(province_of.province)
    assert person.user is not None
    case = business_of("late_entry").prepare(actor(person.user), {}, today=on)
    return blocking_codes(replace(case, payload=world.paper | {"category": category}))


def test_edge_16_a_revocation_bars_the_person_also_under_a_corrected_id_number() -> None:
    bench = Bench()
    bench.act("revoke", ground=Ground.FRAUD)
    assert "bar.certificates" in late_entry(bench, bench.person)
    number = make_id_number(birth=date(1986, 1, 2))
    person = Person.objects.get(pk=bench.person.pk)
    person.id_number, person.id_number_index = number, blind_index(number, "id_number")
    person.save()
    assert "bar.certificates" in late_entry(bench, person)
    assert "bar.certificates" in late_entry(bench, person, on=date(2029, 11, 22))
    assert "bar.certificates" not in late_entry(bench, person, on=date(2029, 11, 23))
    assert "bar.certificates" not in late_entry(bench, Bench().person)


def test_edge_16_a_bar_begun_after_filing_stops_the_decision() -> None:
    world = LateEntryWorld()
    application = world.file(NOW)
    Bar.objects.create(
        person=world.person, scope="certificates", source="撤销", starts_on=TODAY, ends_on=TODAY + timedelta(days=300)
    )
    with pytest.raises(Refused) as caught:
        act(
            application.pk,
            action=Action.APPROVE,
            actor=world.holder(application),
            detail=world.originals(application),
            now=NOW,
        )
    assert codes(caught.value) == ["bar.certificates"]
    assert "2027年9月18日起可以申请" not in caught.value.findings[0].message
    assert caught.value.findings[0].message == "2027年9月19日（含）前不得申请安全生产考核合格证书"


def test_edge_16_an_accident_bars_from_leading_posts_only() -> None:
    bench = Bench("A")
    bench.act("withdraw", ground=Ground.ACCIDENT)
    for category, barred in (("A", True), ("B", True), ("C2", False)):
        assert ("bar.leading_posts" in late_entry(bench, bench.person, category=category)) == barred


ENDS = {
    "revoke": (LegalState.REVOKED, "已撤销", "证书已被撤销"),
    "cancel_by_office": (LegalState.CANCELLED, "已注销", "证书已注销"),
    "withdraw": (LegalState.WITHDRAWN, "已吊销", "证书已被吊销"),
    "expire": (LegalState.EXPIRED, "已失效", "证书已失效"),
}


def ended(name: str) -> Bench:
    bench = Bench()
    issue_electronic(certificate_id=bench.certificate.pk, by=SYSTEM, now=NOW)
    if name == "expire":
        bench.act("suspend")
        Certificate.objects.filter(pk=bench.certificate.pk).update(ends_on="2026-10-31")
        bench.certificate.terms.update(ends_on="2026-10-31")
        bench.act("restore")
    else:
        bench.act(name)
    return bench


def test_edge_17_four_end_states_stay_distinct(client: Client) -> None:
    words, reasons, answers = set(), set(), set()
    for name, (state, word, reason) in ENDS.items():
        bench = ended(name)
        certificate = Certificate.objects.get(pk=bench.certificate.pk)
        assert certificate.legal_state == state
        (finding,) = status_of(certificate, on=TODAY).findings
        assert (finding.code, finding.message) == (f"certificate.state_{state}", reason)
        page = client.get(f"/v/{certificate.versions.get().token}/").text
        assert word in page
        for other in ENDS.values():
            assert other[1] == word or other[1] not in page
        data = {"number": certificate.number, "name": bench.person.name}
        looked_up = client.post("/lookup/", data).text
        assert "没有查到可以正常使用的证书" in looked_up
        words.add(word)
        reasons.add(finding.code)
        answers.add(looked_up.split('<section id="result"')[1].split("</section>")[0])
    assert len(words) == len(reasons) == 4
    # The public lookup tells strangers nothing about why.
    assert len(answers) == 1


@pytest.mark.parametrize("name", ["revoke", "withdraw", "cancel_by_office", "suspend"])
def test_edge_18_an_overturned_decision_is_reversed_by_a_new_event(name: str, client: Client) -> None:
    bench = Bench()
    (decision,) = bench.act(name)
    before = list(CertificateEvent.objects.values_list("pk", "summary", "document_number"))
    (reversal,) = bench.overturn(decision)
    assert reversal.undoes == decision
    assert bench.state() == LegalState.VALID
    assert list(CertificateEvent.objects.order_by("pk").values_list("pk", "summary", "document_number"))[:-1] == before
    assert not Bar.objects.filter(lifted_at__isnull=True).exists()
    assert Bar.objects.count() == (name in ("revoke", "withdraw"))
    assert not NoticeLine.objects.filter(withdrawn_at__isnull=True).exists()
    assert "bar.certificates" not in late_entry(bench, bench.person)


def test_edge_18_the_notice_strikes_out_only_what_was_overturned(client: Client) -> None:
    bench, other = Bench(), Bench()
    events = services.revoke(
        [bench.certificate.pk, other.certificate.pk], ground="other", by=other.province.provincial_actor, **SAID
    )
    other.overturn(next(event for event in events if event.certificate_id == other.certificate.pk))
    notice = Notice.objects.get()
    page = client.get(f"/notices/{notice.pk}/").text
    assert f"<del>{other.certificate.number}" in page
    assert "已撤回" in page
    assert f"<del>{bench.certificate.number}" not in page
    assert bench.certificate.number in page


def test_edge_18_what_was_closed_is_not_opened_again() -> None:
    world = ExtensionWorld()
    application = world.file(NOW)
    by = world.province.provincial_actor
    (decision,) = services.revoke([world.certificate.pk], ground="other", by=by, **SAID)
    services.overturn(decision.pk, by=by, **SAID)
    application.refresh_from_db()
    assert application.status == Status.CLOSED
    assert world.file(NOW).pk != application.pk


def test_edge_18_overturned_after_the_end_it_has_expired_by_its_dates() -> None:
    bench = Bench(ends_on=date(2026, 12, 31))
    (decision,) = bench.act("revoke")
    bench.overturn(decision, now=NOW + timedelta(days=90))
    assert bench.state() == LegalState.EXPIRED


def test_edge_19_a_transfer_never_taken_in_is_undone(client: Client) -> None:
    world = TransferOutWorld()
    approve_to(world, world.file(NOW), None)
    proof = TransferProof.objects.get()
    assert Certificate.objects.get(pk=world.certificate.pk).legal_state == LegalState.TRANSFERRING
    by = world.province.provincial_actor
    (event,) = services.undo_transfer_out([world.certificate.pk], by=by, **SAID)
    assert (event.operation, event.undoes_id) == ("10", proof.event_id)
    certificate = Certificate.objects.get(pk=world.certificate.pk)
    assert (certificate.legal_state, certificate.display_status) == (LegalState.VALID, "normal")
    proof.refresh_from_db()
    assert proof.undone_at == NOW
    assert NoticeLine.objects.get().withdrawn_at == NOW
    assert "调出已取消" in client.get(f"/v/{proof.token}/").text
    with pytest.raises(Refused):
        services.undo_transfer_out([world.certificate.pk], by=by, **SAID)


def test_edge_19_undone_after_the_end_it_has_expired_by_its_dates() -> None:
    world = TransferOutWorld()
    approve_to(world, world.file(NOW), None)
    late = datetime.fromisoformat("2028-06-01T10:00:00+08:00")
    by = world.province.provincial_actor
    services.undo_transfer_out([world.certificate.pk], by=by, **(SAID | {"now": late}))
    assert Certificate.objects.get(pk=world.certificate.pk).legal_state == LegalState.EXPIRED

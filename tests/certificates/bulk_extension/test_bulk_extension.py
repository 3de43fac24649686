"""政策延续: one document extends a window of certificates, in the background, reversible as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from unittest.mock import patch

import pytest

from administration.imports.services import run_import
from administration.models import AuditEntry, Message
from certificates.bulk_extension import services
from certificates.bulk_extension.preview import preview
from certificates.bulk_extension.reversal import reverse_batch
from certificates.bulk_extension.reversal_starting import reverse
from certificates.bulk_extension.services import create_draft, discard_draft, run_batch, run_chunk
from certificates.bulk_extension.starting import start
from certificates.enums import LegalState, PolicyOutcome, PolicyState
from certificates.issuing.versions import issue_electronic
from certificates.legacy.matching import match_legacy
from certificates.models import (
    Certificate,
    CertificateEvent,
    CertificateTerm,
    CertificateVersion,
    Document,
    DocumentOrder,
    PolicyBatch,
    PolicyBatchRow,
)
from common.findings import Refused
from tests.certificates.legacy.legacy_files import csv_bytes, id_number, row
from tests.clock import Clock
from tests.concurrency import at_once
from tests.factories import Province, make_certificate, make_employment, make_enterprise, make_person

NOW = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
END = date(2027, 12, 31)


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def province(db: None) -> Province:
    return Province()


def draft(province: Province, **fields: object) -> PolicyBatch:
    """The window of the operation manual."""
    values = {
        "window_from": date(2018, 7, 1),
        "window_to": date(2019, 4, 30),
        "new_end": END,
        "document_number": "赣建建〔2026〕8号",
        "reason": "符合相关政策要求的，系统自动延续",
    }
    return create_draft(PolicyBatch(**values | fields), by=province.provincial_actor)


def run(province: Province, **fields: object) -> PolicyBatch:
    batch = draft(province, **fields)
    start(batch.pk, by=province.provincial_actor, now=NOW)
    run_batch(batch.pk, now=NOW)
    batch.refresh_from_db()
    return batch


def old(ends_on: date, category: str = "C3", *, photo: bool = True, **fields: object) -> Certificate:
    person, enterprise = make_person(photo=photo), make_enterprise()
    make_employment(person, enterprise, "08")
    state = {"legal_state": LegalState.EXPIRED} | fields
    return make_certificate(person, enterprise, category, ends_on=ends_on, year=2015, **state)


def fresh(certificate: Certificate) -> Certificate:
    return Certificate.objects.get(pk=certificate.pk)


def test_the_window_of_the_manual_2018_07_01_to_2019_04_30(province: Province) -> None:
    """证书有效期在2018年7月1日至2019年4月30日的江西省安管人员证书，满足相关政策要求的，系统自动延续。"""
    inside = [old(date(2018, 7, 1)), old(date(2018, 12, 15)), old(date(2019, 4, 30))]
    outside = [old(date(2018, 6, 30)), old(date(2019, 5, 1))]
    batch = run(province)
    assert (batch.state, batch.expected, batch.counts) == (PolicyState.DONE, 3, {"extended": 3})
    for certificate in inside:
        after = fresh(certificate)
        assert (after.ends_on, after.legal_state, after.display_status) == (END, "01", "normal")
        first, second = CertificateTerm.objects.filter(certificate=certificate).order_by("starts_on")
        assert (second.starts_on - first.ends_on).days == 1
        version = CertificateVersion.objects.get(certificate=certificate)
        assert (version.term, version.valid_to, version.operation) == (second, END, "02")
        event = CertificateEvent.objects.get(certificate=certificate)
        assert (event.document_number, event.state_before, event.state_after) == (batch.document_number, "05", "01")
    for certificate in outside:
        assert (fresh(certificate).ends_on, fresh(certificate).legal_state) == (certificate.ends_on, "05")
    assert DocumentOrder.objects.count() == 3
    assert Message.objects.filter(mailbox=province.provincial.mailbox, title__startswith="政策延续已执行完毕").exists()


def test_the_preview_says_beforehand_what_happens(province: Province) -> None:
    old(date(2018, 8, 1))
    old(date(2018, 9, 1), "A", photo=False)
    old(date(2018, 10, 1), legal_state=LegalState.SUSPENDED)
    old(date(2018, 11, 1), legal_state=LegalState.CANCELLED)
    batch = draft(province)
    found = preview(batch)
    assert (found.total, found.by_category) == (3, {"A": 1, "C3": 2})
    assert (found.suspended, found.ended, found.without_photo, found.valid_after) == (1, 1, 1, 2)
    assert [one.ends_on for one in found.sample] == [date(2018, 8, 1), date(2018, 9, 1), date(2018, 10, 1)]
    assert not PolicyBatchRow.objects.exists(), "a draft changes nothing"


def test_categories_and_months(province: Province) -> None:
    a, c = old(date(2018, 8, 31), "A", post="02"), old(date(2018, 8, 31))
    batch = run(province, categories=["A"], new_end=None, months=6)
    assert batch.counts == {"extended": 1}
    assert (fresh(a).ends_on, fresh(c).ends_on) == (date(2019, 2, 28), date(2018, 8, 31))


def test_still_past_its_end_it_stays_expired_and_prints_nothing(province: Province) -> None:
    certificate = old(date(2018, 8, 31))
    run(province, new_end=date(2020, 6, 30))
    assert (fresh(certificate).ends_on, fresh(certificate).legal_state) == (date(2020, 6, 30), "05")
    assert not CertificateVersion.objects.exists()
    assert CertificateEvent.objects.get().document_number == "赣建建〔2026〕8号"


def test_without_a_photo_the_term_counts_and_the_version_waits(province: Province) -> None:
    certificate = old(date(2018, 8, 31), photo=False)
    batch = run(province)
    assert (fresh(certificate).legal_state, fresh(certificate).ends_on) == ("01", END)
    assert PolicyBatchRow.objects.get(batch=batch).version is None
    assert not CertificateVersion.objects.exists()


def test_a_suspended_certificate_is_listed_with_its_reason(province: Province) -> None:
    certificate = old(date(2018, 8, 31), legal_state=LegalState.SUSPENDED)
    old(date(2018, 8, 31), legal_state=LegalState.CANCELLED)
    batch = run(province)
    refused = PolicyBatchRow.objects.get(batch=batch)
    assert (refused.certificate, refused.outcome, refused.refusal) == (certificate, PolicyOutcome.REFUSED, "证书被暂扣")
    assert fresh(certificate).ends_on == date(2018, 8, 31)


def test_running_twice_is_running_once(province: Province) -> None:
    certificate = old(date(2018, 8, 31))
    batch = run(province, new_end=None, months=2)
    run_batch(batch.pk, now=NOW)
    with pytest.raises(Refused):
        start(batch.pk, by=province.provincial_actor)
    assert fresh(certificate).ends_on == date(2018, 10, 31), "still in the window, and not extended again"
    assert PolicyBatchRow.objects.count() == 1


def test_a_killed_run_finishes_and_shows_its_progress(province: Province) -> None:
    for day in range(1, 6):
        old(date(2018, 8, day))
    batch = draft(province)
    start(batch.pk, by=province.provincial_actor, now=NOW)
    real, calls = services.reissue, []

    def dies_in_the_second_chunk(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise ConnectionError("killed")
        return real(*args, **kwargs)

    with patch.object(services, "CHUNK", 2), patch.object(services, "reissue", dies_in_the_second_chunk):
        with pytest.raises(ConnectionError):
            run_batch(batch.pk, now=NOW)
        batch.refresh_from_db()
        assert (batch.state, batch.counts, batch.expected) == (PolicyState.RUNNING, {"extended": 2}, 5)
        assert "killed" in batch.error
        run_batch(batch.pk, now=NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.counts, batch.error) == (PolicyState.DONE, {"extended": 5}, "")
    assert CertificateVersion.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_runners_extend_each_certificate_once() -> None:
    province = Province()
    for day in range(1, 7):
        old(date(2018, 8, day))
    batch = draft(province)
    start(batch.pk, by=province.provincial_actor, now=NOW)
    with patch.object(services, "CHUNK", 2):
        outcomes = at_once([lambda: run_batch(batch.pk, now=NOW), lambda: run_batch(batch.pk, now=NOW)])
    assert outcomes == [None, None]
    assert PolicyBatchRow.objects.count() == CertificateVersion.objects.count() == 6


def test_a_chunk_asks_the_same_queries_for_one_and_for_three(
    province: Province, count_queries: Callable[..., int]
) -> None:
    asked = []
    for size in (1, 3):
        for day in range(size):
            old(date(2018, 8, 1 + day + 5 * size))
        batch = draft(province)
        start(batch.pk, by=province.provincial_actor, now=NOW)
        asked.append(count_queries(lambda batch=batch: run_chunk(batch.pk, now=NOW)))
        assert batch.rows.count() == size
    assert asked[0] == asked[1]


# --- old records that are matched later ---


def test_an_old_record_matched_later_receives_the_policies_of_the_past(province: Province) -> None:
    """Two batches in a row: what the first extends lies in the window of the second."""
    run(province, new_end=date(2020, 3, 31))
    run(province, window_from=date(2020, 1, 1), window_to=date(2020, 12, 31), new_end=END, document_number="第二号")
    book = run_import(
        "legacy", csv_bytes(row("张三", 1, 7, year=2015, 有效期起="2015-09-01", 有效期止="2018-08-31")), "f.csv"
    )
    assert book.bad == 0
    person = make_person("张三", id_number=id_number(1))
    match_legacy({person.pk}, now=NOW)
    certificate = Certificate.objects.get()
    assert (certificate.ends_on, certificate.legal_state) == (END, "01")
    assert [one.batch.document_number for one in PolicyBatchRow.objects.order_by("pk")] == [
        "赣建建〔2026〕8号",
        "第二号",
    ]
    assert CertificateTerm.objects.filter(certificate=certificate).count() == 3
    version = CertificateVersion.objects.get()
    assert version.valid_to == END


def test_drafts_and_batches_taken_back_do_not_apply_to_later_matches(province: Province) -> None:
    draft(province)
    batch = run(province)
    reverse(batch.pk, document_number="撤1号", by=province.provincial_actor, now=NOW)
    reverse_batch(batch.pk, now=NOW)
    run_import("legacy", csv_bytes(row("张三", 1, 7, year=2015, 有效期起="2015-09-01", 有效期止="2018-08-31")), "f.csv")
    match_legacy({make_person("张三", id_number=id_number(1)).pk}, now=NOW)
    assert Certificate.objects.get().ends_on == date(2018, 8, 31)


# --- taking it back ---


def taken_back(province: Province, batch: PolicyBatch) -> PolicyBatch:
    reverse(batch.pk, document_number="赣建建〔2026〕99号", by=province.provincial_actor, now=NOW)
    reverse_batch(batch.pk, now=NOW)
    batch.refresh_from_db()
    return batch


def test_a_batch_is_taken_back_as_one(province: Province) -> None:
    certificate, valid = old(date(2018, 8, 31)), old(date(2018, 9, 30), legal_state=LegalState.VALID)
    batch = taken_back(province, run(province))
    assert (batch.state, batch.counts) == (PolicyState.REVERSED, {"reversed": 2})
    assert (fresh(certificate).ends_on, fresh(certificate).legal_state) == (date(2018, 8, 31), "05")
    assert (fresh(valid).ends_on, fresh(valid).legal_state) == (date(2018, 9, 30), "01")
    term = CertificateTerm.objects.filter(certificate=certificate).order_by("starts_on").last()
    assert term is not None
    assert term.reversed_at == NOW, "kept, and no longer counted"
    first, second = CertificateVersion.objects.filter(certificate=certificate).order_by("version")
    assert (first.valid_to, second.valid_to, fresh(certificate).latest_version) == (END, date(2018, 8, 31), 2)
    assert CertificateEvent.objects.filter(certificate=certificate).last().document_number == "赣建建〔2026〕99号"
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "create_policy_batch",
        "start_policy_batch",
        "reverse_policy_batch",
    ]


def test_what_a_later_term_hangs_on_stays_with_its_reason(province: Province) -> None:
    certificate, other = old(date(2018, 8, 31)), old(date(2018, 9, 30))
    batch = run(province)
    later = date(2030, 12, 31)
    CertificateTerm.objects.create(certificate=certificate, starts_on=date(2028, 1, 1), ends_on=later)
    Certificate.objects.filter(pk=certificate.pk).update(ends_on=later)
    batch = taken_back(province, batch)
    assert batch.counts == {"reversed": 1, "kept": 1}
    kept = PolicyBatchRow.objects.get(batch=batch, certificate=certificate)
    assert (kept.outcome, kept.refusal) == (PolicyOutcome.KEPT, "之后已延续至2030年12月31日，不能撤回")
    assert (fresh(certificate).ends_on, fresh(other).ends_on) == (later, date(2018, 9, 30))


def test_a_version_issued_after_the_batch_is_superseded_too(province: Province) -> None:
    certificate = old(date(2018, 8, 31), photo=False)
    batch = run(province)
    person = certificate.person
    person.id_photo.name = "photos/x.jpg"
    person.save(update_fields=["id_photo"])
    issue_electronic(certificate_id=certificate.pk, by=province.provincial_actor, now=NOW)
    taken_back(province, batch)
    assert fresh(certificate).latest_version == 2


def test_what_was_cancelled_meanwhile_stays_cancelled(province: Province) -> None:
    certificate = old(date(2018, 8, 31))
    batch = run(province)
    Certificate.objects.filter(pk=certificate.pk).update(legal_state=LegalState.CANCELLED)
    taken_back(province, batch)
    assert (fresh(certificate).legal_state, fresh(certificate).ends_on) == ("04", date(2018, 8, 31))


def test_only_a_finished_batch_is_taken_back_and_only_a_draft_deleted(province: Province) -> None:
    batch = draft(province)
    with pytest.raises(Refused) as refused:
        reverse(batch.pk, document_number="x", by=province.provincial_actor)
    assert refused.value.findings[0].code == "policy.not_done"
    done = run(province)
    with pytest.raises(Refused):
        reverse(done.pk, document_number=" ", by=province.provincial_actor)
    with pytest.raises(Refused):
        discard_draft(done.pk, by=province.provincial_actor)
    discard_draft(batch.pk, by=province.provincial_actor)
    assert list(PolicyBatch.objects.all()) == [done]


def test_the_worker_does_both(province: Province, run_jobs: Callable[..., list[str]]) -> None:
    certificate = old(date(2018, 8, 31))
    batch = draft(province)
    start(batch.pk, by=province.provincial_actor, now=NOW)
    run_jobs()
    assert fresh(certificate).ends_on == END
    assert Document.objects.filter(version__certificate=certificate).count() == 1
    reverse(batch.pk, document_number="撤1号", by=province.provincial_actor, now=NOW)
    run_jobs()
    assert fresh(certificate).ends_on == date(2018, 8, 31)
    assert Document.objects.filter(version__certificate=certificate).count() == 2

"""Taking an import of old records back: free rows, rows on which something was built, and the file that comes again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from accounts.enums import Duty
from accounts.models import User
from administration.imports import reversing
from administration.imports.reversing import begin_reversal, reach_of, run_reversal, take_back_chunk
from administration.imports.services import run_import
from administration.models import AuditEntry, ImportReversal, ImportRun, Message
from certificates.enums import LegacyDecision, LegacyState, LegalState
from certificates.legacy.matching import match_legacy
from certificates.models import (
    Certificate,
    CertificateEvent,
    CertificateItem,
    LegacyCertificate,
    LegacySettlement,
)
from common.findings import Refused
from tests.certificates.legacy.legacy_files import csv_bytes, id_number, row
from tests.factories import make_office, make_person, make_staff
from tests.worlds.base import NOW
from tests.worlds.late_entry import LateEntryWorld
from workflow.checks import Facts, evaluate
from workflow.models import Application

from .test_settling import browser, chosen, clerk, codes, decide  # noqa: F401  clerk is a fixture

pytestmark = pytest.mark.django_db
REASON = "有效期止读错了一年"


def load(*rows: list[str], name: str = "旧证.csv") -> ImportRun:
    return run_import("legacy", csv_bytes(*rows), name, by="测试").run


def begin(run: ImportRun, by: User) -> ImportReversal:
    plan = reach_of(run, by.pk).digest
    return begin_reversal(run_id=run.pk, plan=plan, reason=REASON, by=by.name, user_id=by.pk)


def sent(run: ImportRun, by: User) -> dict[str, str]:
    return {"plan": reach_of(run, by.pk).digest, "reason": REASON}


def take_back(run: ImportRun, by: User) -> ImportReversal:
    started = begin(run, by)
    run_reversal(started.pk)
    started.refresh_from_db()
    return started


def states(run: ImportRun) -> list[str]:
    return list(LegacyCertificate.objects.filter(import_run=run).order_by("row_number").values_list("state", flat=True))


def test_free_rows_are_taken_back_and_the_corrected_file_makes_them_anew(clerk: User) -> None:  # noqa: F811
    holder = make_person("张三", id_number=id_number(1))
    wrong, good = row("张三", 1, 7, 有效期止="2028-02-28"), row("李四", 2, 8)
    run = load(wrong, good, row("王五", 3, 9, 有效期止="2092-02-28"))
    certificate = Certificate.objects.get()
    done = take_back(run, clerk)
    assert (done.taken, done.kept, done.finished_at is not None) == (3, 0, True)
    assert states(run) == [LegacyState.DISCARDED] * 3
    certificate.refresh_from_db()
    assert (certificate.legal_state, certificate.taken_back_at is not None) == (LegalState.CANCELLED, True)
    assert not certificate.terms.filter(reversed_at__isnull=True).exists()
    assert Message.objects.filter(mailbox=holder.mailbox, title__contains="撤回").count() == 1
    assert REASON in CertificateEvent.objects.filter(certificate=certificate).latest("pk").summary
    assert LegacySettlement.objects.filter(decision=LegacyDecision.TAKE_BACK, by=clerk).count() == 3
    again = load(row("张三", 1, 7), good, name="改正.csv")
    assert states(again) == [LegacyState.MATCHED, LegacyState.UNMATCHED]
    certificate.refresh_from_db()
    assert (certificate.legal_state, certificate.ends_on) == (LegalState.VALID, date(2027, 2, 28))
    assert certificate.taken_back_at is None
    assert certificate.terms.get(reversed_at__isnull=True).ends_on == date(2027, 2, 28)


def with_later_business(certificate: Certificate) -> str:
    CertificateEvent.objects.create(
        certificate=certificate, effective_on=NOW.date(), operation="09", state_after="01", kind="x", summary="变更职务"
    )
    return "变更职务"


def with_an_application(certificate: Certificate) -> str:
    application = Application.objects.create(
        number="x", kind="extension", filed_by="person", person=certificate.person, region_id="360102"
    )
    application.refresh_from_db()
    CertificateItem.objects.create(application=application, certificate=certificate, is_open=application.is_open)
    return "办件用到了它"


@pytest.mark.parametrize("build", [with_later_business, with_an_application])
def test_rows_that_were_built_upon_stay_with_the_reason(
    clerk: User,  # noqa: F811
    build: Callable[[Certificate], str],
) -> None:
    make_person("张三", id_number=id_number(1))
    make_person("李四", id_number=id_number(2))
    run = load(row("张三", 1, 7), row("李四", 2, 8))
    words = build(Certificate.objects.get(person__name="张三"))
    page = browser(clerk).get(f"/office/imports/{run.pk}/reversal/")
    assert words in page.text
    assert "<b>1</b>可以撤回的行" in page.text
    kept = browser(clerk).get(f"/office/imports/{run.pk}/reversal/?show=kept").text
    assert "张三" in kept
    assert "李四" not in kept
    done = take_back(run, clerk)
    assert (done.taken, done.kept) == (1, 1)
    assert states(run) == [LegacyState.MATCHED, LegacyState.DISCARDED]
    assert Certificate.objects.get(person__name="张三").legal_state == LegalState.VALID


def test_what_a_clerk_has_verified_stays(clerk: User) -> None:  # noqa: F811
    make_person("张三", id_number=id_number(1))
    run = load(row("张三", 1, 7, 有效期止="2031-02-28"))
    decide(LegacyCertificate.objects.get(), LegacyDecision.THIS, clerk)
    with pytest.raises(Refused) as refused:
        begin(run, clerk)
    assert codes(refused) == {"reversal.all_kept"}
    assert Certificate.objects.get().legal_state == LegalState.VALID


def test_a_certificate_that_was_taken_back_is_not_entered_late(clerk: User) -> None:  # noqa: F811
    world = LateEntryWorld()
    case = world.case()
    load(row(world.person.name, 1, number=case.payload["number"], category="C2", 身份证号=world.person.id_number))
    take_back(ImportRun.objects.get(), clerk)
    found = [one.code for one in evaluate([case], Facts([case]))[case] if one.blocking]
    assert "late_entry.taken_back" in found


def test_other_imports_are_not_touched(clerk: User) -> None:  # noqa: F811
    other = load(row("李四", 2, 8))
    run = load(row("张三", 1, 7), name="另一份.csv")
    take_back(run, clerk)
    assert (states(other), states(run)) == ([LegacyState.UNMATCHED], [LegacyState.DISCARDED])


def test_a_row_that_was_taken_back_is_not_matched(clerk: User) -> None:  # noqa: F811
    run = load(row("张三", 1, 7))
    take_back(run, clerk)
    match_legacy([make_person("张三", id_number=id_number(1)).pk])
    assert not Certificate.objects.exists()


def test_a_large_run_goes_on_where_it_was_killed(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(reversing, "CHUNK", 2)
    run = load(*(row("张三", 1, serial) for serial in range(1, 6)))
    started = begin(run, clerk)
    assert take_back_chunk(started.pk)
    assert states(run).count(LegacyState.DISCARDED) == 2
    run_reversal(started.pk)
    run_reversal(started.pk)
    started.refresh_from_db()
    assert (started.taken, started.kept) == (5, 0)


def test_what_was_ordered_is_done_though_the_account_was_closed(clerk: User) -> None:  # noqa: F811
    run = load(row("张三", 1, 1))
    started = begin(run, clerk)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    run_reversal(started.pk)
    started.refresh_from_db()
    assert started.finished_at is not None
    assert states(run) == [LegacyState.DISCARDED]


def test_queries_do_not_grow_with_the_rows(clerk: User, django_assert_max_num_queries) -> None:  # noqa: F811
    for sequence in range(1, 9):
        make_person("张三", id_number=id_number(sequence))
    run = load(*(row("张三", sequence, sequence) for sequence in range(1, 9)))
    assert Certificate.objects.count() == 8
    client = browser(clerk)
    client.get("/office/settling/")
    with django_assert_max_num_queries(48):
        client.get(f"/office/imports/{run.pk}/reversal/")
    started = begin(run, clerk)
    with django_assert_max_num_queries(75):
        run_reversal(started.pk)


def test_begun_twice_says_who_was_faster(clerk: User) -> None:  # noqa: F811
    run = load(row("张三", 1, 7))
    client = browser(clerk)
    address = f"/office/imports/{run.pk}/reversal/"
    answers = [client.post(address, sent(run, clerk)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert "项暮云已于" in answers[1].text
    assert ImportReversal.objects.count() == 1


def test_it_runs_in_the_background(clerk: User, run_jobs: Callable[[], object]) -> None:  # noqa: F811
    run = load(row("张三", 1, 7))
    browser(clerk).post(f"/office/imports/{run.pk}/reversal/", sent(run, clerk))
    assert AuditEntry.objects.filter(action="import.reversed", actor_id=clerk.pk).count() == 1
    run_jobs()
    assert states(run) == [LegacyState.DISCARDED]
    page = browser(clerk).get(f"/office/imports/{run.pk}/reversal/").text
    assert "已撤回 1 行" in page
    assert "没有可以撤回的行" in page


def test_a_reason_and_the_right_office_are_needed(clerk: User) -> None:  # noqa: F811
    run = load(row("张三", 1, 7))
    address = f"/office/imports/{run.pk}/reversal/"
    assert browser(clerk).post(address, {"reason": " "}).status_code == 400
    elsewhere = make_staff(make_office("九江市住房和城乡建设局", region="360400"), Duty.REGISTRY, name="陈九")
    assert browser(elsewhere).post(address, {"reason": REASON}).status_code == 403
    assert states(run) == [LegacyState.UNMATCHED]
    assert "撤回这次导入" in browser(clerk).get(f"/office/imports/{run.pk}/").text
    assert "撤回这次导入" not in browser(elsewhere).get(f"/office/imports/{run.pk}/").text


def test_what_a_later_file_repeats_stays_until_that_one_is_taken_back(clerk: User) -> None:  # noqa: F811
    make_person("张三", id_number=id_number(1))
    one, two, three = row("张三", 1, 7), row("李四", 2, 8), row("王五", 3, 9)
    earlier = load(one, two)
    later = load(one, three, name="后来.csv")
    assert (later.rows_new, later.rows_known) == (1, 1)
    kept = browser(clerk).get(f"/office/imports/{earlier.pk}/reversal/?show=kept").text
    assert "后来的导入也有这一行，内容相同" in kept
    assert f"/office/imports/{later.pk}/" in kept
    assert "李四" not in kept
    done = take_back(earlier, clerk)
    assert (done.taken, done.kept) == (1, 1)
    assert Certificate.objects.get().legal_state == LegalState.VALID
    assert "与以前相同的行" in browser(clerk).get(f"/office/imports/{later.pk}/reversal/").text
    assert take_back(later, clerk).taken == 1
    assert Certificate.objects.get().legal_state == LegalState.VALID
    assert take_back(earlier, clerk).taken == 1
    assert Certificate.objects.get().legal_state == LegalState.CANCELLED


def test_a_long_reason_is_stored_whole(clerk: User) -> None:  # noqa: F811
    make_person("张三", id_number=id_number(1))
    run, reason = load(row("张三", 1, 7)), "有效期止读错了一年，" * 99
    plan = reach_of(run, clerk.pk).digest
    run_reversal(begin_reversal(run_id=run.pk, plan=plan, reason=reason, by=clerk.name, user_id=clerk.pk).pk)
    assert LegacySettlement.objects.get().basis == reason
    assert CertificateEvent.objects.latest("pk").summary == f"历史数据撤回：{reason}"
    assert LegacyCertificate.objects.get().quarantine_reason == f"撤回导入：{reason}"

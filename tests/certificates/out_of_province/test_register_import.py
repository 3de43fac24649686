"""The register of other provinces' certificates: its import, rule X-1, and the exchange that settles it."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from administration.imports.services import IMPORTERS, Book, run_import
from certificates.models import Certificate, OutOfProvinceCertificate
from certificates.state.display import status_of
from common.findings import Refused
from tests.certificates.authority.authority_world import TODAY, Bench, codes
from tests.factories import make_id_number
from tests.worlds import WORLDS
from tests.worlds.base import NOW
from tests.worlds.transfer_in import TransferInWorld
from workflow.business import business_of, businesses
from workflow.checks import Facts, evaluate
from workflow.enums import Action
from workflow.services.acting import act

pytestmark = pytest.mark.django_db
HEAD = "姓名,身份证号,证书编号,类别,企业名称,有效期止,省份"
EXEMPT = {"transfer_in", "cancellation"}


def load(*lines: str, **options: bool) -> Book:
    return run_import("outside", "\n".join([HEAD, *lines]).encode(), "外省.csv", **options)


def line(
    id_number: str, number: str = "浙建安B（2021）0000007", *, until: str = "2027-08-31", name: str = "张小明"
) -> str:
    return f"{name},{id_number},{number},B,浙江演示建设有限公司,{until},浙江省"


def counts(book: Book) -> tuple[int, int, int, int]:
    return book.new, book.changed, book.known, book.bad


def test_rows_are_taken_in_once_and_changes_are_taken_over() -> None:
    number = make_id_number()
    assert counts(load(line(number))) == (1, 0, 0, 0)
    assert counts(load(line(number))) == (0, 0, 1, 0)
    assert counts(load(line(number, until="2028-08-31"))) == (0, 1, 0, 0)
    row = OutOfProvinceCertificate.objects.get()
    assert (row.number, row.province, row.category, row.valid_to) == (
        "浙建安B（2021）0000007", "浙江省", "B", date(2028, 8, 31),
    )  # fmt: skip
    assert number not in str(row.__dict__)


def test_bad_rows_say_what_is_wrong_and_hold_up_nobody() -> None:
    number, other = make_id_number(), make_id_number()
    book = load(
        line(number),
        line(number, "赣建安B（2021）0000007"),
        line(number[:-1] + ("0" if number[-1] != "0" else "1"), "浙建安B（2021）0000008"),
        line(other, until="2027-02-30", number="浙建安B（2021）0000009"),
        line(other, "7号"),
    )
    assert counts(book) == (1, 0, 0, 4)
    sentences = " ".join(problem.sentence for problem in book.problems)
    assert "这是本省的证书编号" in sentences
    assert all(number not in problem.value_masked for problem in book.problems)
    assert counts(load(line(other))) == (0, 0, 0, 1)
    assert OutOfProvinceCertificate.objects.count() == 1


def test_a_dry_run_leaves_nothing() -> None:
    assert counts(load(line(make_id_number()), dry_run=True)) == (1, 0, 0, 0)
    assert not OutOfProvinceCertificate.objects.exists()


def test_it_is_offered_to_registrars_and_on_the_command_line(tmp_path: Path) -> None:
    assert IMPORTERS["outside"].duties == {"registry"}
    file = tmp_path / "外省.csv"
    file.write_text(f"{HEAD}\n{line(make_id_number())}\n", encoding="utf-8")
    out = StringIO()
    call_command("import_out_of_province", str(file), stdout=out, stderr=StringIO())
    assert "新增 1" in out.getvalue()


def test_rule_x_1_is_asked_by_every_certificate_business_but_the_exchange_and_the_cancellation() -> None:
    asking = {
        business.kind
        for business in businesses()
        if any(check.__name__ == "none_valid_out_of_province" for check in business.checks)
    }
    of_certificates = {kind for kind in WORLDS if type(business_of(kind)).__module__.startswith("certificates.")}
    personal = {kind for kind in of_certificates if "person" in business_of(kind).filed_by}
    assert asking == personal - EXEMPT | {"first_issue"}


@pytest.mark.parametrize(
    "kind",
    # The others are not about a certificate of one person.
    sorted(
        set(WORLDS) - {"employment_start", "employment_end", "employment_renewal", "enterprise_rename", "result_appeal"}
    ),
)
def test_rule_x_1_with_both_outcomes(kind: str) -> None:
    world = WORLDS[kind]()
    for expected in (False, True):
        case = world.case()
        found = {finding.code for finding in evaluate([case], Facts([case]))[case] if finding.blocking}
        assert ("holding.X-1" in found) == (expected and kind not in EXEMPT)
        load(line(world.person.id_number))


def test_the_certificate_shows_the_reason_and_the_cure_until_it_ends_elsewhere() -> None:
    bench = Bench()
    load(line(bench.person.id_number))
    certificate = Certificate.objects.get(pk=bench.certificate.pk)
    assert (certificate.display_status, certificate.display_codes) == ("abnormal", ["holding.X-1"])
    (finding,) = status_of(certificate, on=TODAY).reasons
    assert "浙江省" in finding.message
    assert "浙建安B（2021）0000007" in finding.message
    assert finding.cure is not None
    assert finding.cure.business == "transfer_in"
    assert status_of(certificate, on=date(2027, 8, 31)).reasons
    assert not status_of(certificate, on=date(2027, 9, 1)).reasons


def test_the_exchange_settles_it_and_the_new_certificate_is_normal() -> None:
    world = TransferInWorld()
    number = world.paper["number"]
    load(line(world.person.id_number, number))
    application = world.file(NOW)
    while application.is_open:
        holder = world.holder(application)
        act(application.pk, action=Action.APPROVE, actor=holder, detail=world.originals(application), now=NOW)
        application.refresh_from_db()
    assert OutOfProvinceCertificate.objects.get().settled_at == NOW
    assert Certificate.objects.get(person=world.person).display_status == "normal"


def test_a_certificate_that_appears_elsewhere_stops_the_decision() -> None:
    world = WORLDS["extension"]()
    application = world.file(NOW)
    load(line(world.person.id_number))
    with pytest.raises(Refused) as caught:
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    assert codes(caught.value) == ["holding.X-1"]

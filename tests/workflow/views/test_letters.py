"""Letters of an office: ordered with the decision, numbered, signed, handed to the applicant, verifiable by anyone."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pyhanko.pdf_utils.reader import PdfFileReader

from administration.models import AuditEntry, Parameter
from certificates.documents.letters import make_letter
from certificates.ecert.letter import PrintedLetter, render_letter
from certificates.issuing.orders import DocumentFailed, awaited_of, failed_orders
from tests.clock import Clock
from tests.workflow.browsing import browser, words
from tests.worlds.base import NOW, TODAY
from tests.worlds.employment_end import EmploymentEndWorld
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk, LetterKind
from workflow.models import Application, Letter
from workflow.services.acting import act, act_many

pytestmark = pytest.mark.django_db
SAID = "证书扫描件看不清\n缺少姓名更正的依据（𠮷）"


@pytest.fixture
def world(clock: Clock) -> ExtensionWorld:
    """Acceptances make no letters here; `test_agreeing_letters.py` is about those."""
    clock.stop_at(NOW)
    Parameter.objects.create(
        key="letters_extension", value="none", effective_from=TODAY, document_number="赣建〔2026〕9号"
    )
    return ExtensionWorld()


def at(world: ExtensionWorld, desk: str) -> Application:
    application = world.file()
    while application.desk != desk:
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
    return application


def decide(world: ExtensionWorld, desk: str, action: Action, comment: str = SAID) -> Application:
    application = at(world, desk)
    act(application.pk, action=action, actor=world.holder(application), comment=comment, now=NOW)
    application.refresh_from_db()
    return application


@pytest.mark.parametrize(
    ("desk", "action", "kind"),
    [
        (Desk.MUNICIPAL, Action.RETURN, LetterKind.SUPPLEMENT),
        (Desk.MUNICIPAL, Action.REJECT, LetterKind.NOT_ACCEPTED),
        (Desk.PROVINCIAL, Action.REJECT, LetterKind.REFUSED),
    ],
)
def test_a_decision_orders_its_letter_with_reasons_and_remedies(
    world: ExtensionWorld, desk: str, action: Action, kind: LetterKind
) -> None:
    application = decide(world, desk, action)
    letter = Letter.objects.get()
    office = world.province.municipal if desk == Desk.MUNICIPAL else world.province.provincial
    assert (letter.kind, letter.application, letter.office) == (kind, application, office)
    assert letter.number == f"{office.name}安管{kind.mark}〔2026〕1号"
    text = "".join(letter.content["paragraphs"])
    for reason in SAID.splitlines():
        assert reason in letter.content["paragraphs"]
    assert letter.content["addressee"] == world.person.name
    remedies = f"六十日内向{office.region.name}人民政府申请行政复议" in text and "六个月内" in text
    assert remedies == (action == Action.REJECT)
    assert "行政许可法》第三十" in text


def test_the_letter_is_signed_handed_over_and_verifiable(
    world: ExtensionWorld, run_jobs: Callable[..., list[str]], tmp_path: Path
) -> None:
    application = decide(world, Desk.PROVINCIAL, Action.REJECT)
    own = browser(world.person_user)
    page = f"/applications/{application.number}/"
    letter = Letter.objects.get()
    assert "正在签发" in words(own.get(page))
    assert own.get(f"{page}letters/{letter.pk}/").status_code == 302
    assert "certificates.make_letters" in run_jobs()
    assert "下载不予许可决定书" in words(own.get(page))
    answer = own.get(f"{page}letters/{letter.pk}/")
    assert answer["Content-Type"] == "application/pdf"
    pdf = b"".join(cast_stream(answer.streaming_content))
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    signature.compute_integrity_info()
    assert signature.coverage.name == "ENTIRE_FILE"
    file = tmp_path / "letter.pdf"
    file.write_bytes(pdf)
    if shutil.which("pdfsig"):
        told = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid" in told
        assert "Total document signed" in told
    if shutil.which("pdftotext"):
        read = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
        assert "行政复议" in read.replace("\n", "")
        assert "证书扫描件看不清" in read.replace("\n", "")
    verified = browser(None).post(
        "/verify/", {"file": SimpleUploadedFile("l.pdf", pdf, content_type="application/pdf")}
    )
    assert "真实有效" in words(verified)
    letter.refresh_from_db()
    assert letter.number in words(verified)
    assert world.person.name not in words(verified)
    scanned = browser(None).get(f"/v/{letter.token}/")
    assert letter.number in words(scanned)
    assert "证书扫描件看不清" not in words(scanned)


def cast_stream(parts: object) -> Iterator[bytes]:
    yield from parts  # type: ignore[attr-defined]


def test_nobody_else_gets_it_and_offices_leave_a_row(world: ExtensionWorld, run_jobs: Callable[..., list[str]]) -> None:
    application = decide(world, Desk.PROVINCIAL, Action.REJECT)
    run_jobs()
    address = f"/applications/{application.number}/letters/{Letter.objects.get().pk}/"
    assert browser(world.province.stranger).get(address).status_code == 404
    other = ExtensionWorld(world.province)
    assert browser(other.person_user).get(address).status_code == 404
    mine = other.file()
    assert browser(other.person_user).get(address.replace(application.number, mine.number)).status_code == 404
    assert not AuditEntry.objects.filter(action="download_letter").exists()
    assert browser(world.province.decider).get(address).status_code == 200
    assert AuditEntry.objects.get(action="download_letter").actor_id == world.province.decider.pk


def test_numbers_follow_each_other_for_each_office(world: ExtensionWorld) -> None:
    worlds = [world, *(ExtensionWorld(world.province) for _ in range(3))]
    applications = [at(one, Desk.MUNICIPAL) for one in worlds]
    ids = [application.pk for application in applications]
    result = act_many(ids, action=Action.RETURN, actor=world.holder(applications[0]), comment="请补充", now=NOW)
    assert len(result.done) == 4
    assert sorted(Letter.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]
    decide(ExtensionWorld(world.province), Desk.PROVINCIAL, Action.REJECT)
    assert Letter.objects.get(office=world.province.provincial).serial == 1


def test_a_refused_decision_takes_no_number(world: ExtensionWorld) -> None:
    application = at(world, Desk.MUNICIPAL)
    result = act_many([application.pk], action=Action.REJECT, actor=world.holder(application), comment="", now=NOW)
    assert result.refused
    act(application.pk, action=Action.REJECT, actor=world.holder(application), comment="不符合", now=NOW)
    assert Letter.objects.get().serial == 1


def test_what_is_no_licence_and_what_no_office_decides_makes_no_letter(world: ExtensionWorld) -> None:
    application = world.file()
    act(application.pk, action=Action.REJECT, actor=world.holder(application), comment="不同意", now=NOW)
    ending = EmploymentEndWorld()
    ended = ending.file()
    act(ended.pk, action=Action.REJECT, actor=ending.holder(ended), comment="不同意", now=NOW)
    assert not Letter.objects.exists()


def test_the_words_are_shown_before_the_decision_and_nothing_is_decided(world: ExtensionWorld) -> None:
    application = at(world, Desk.PROVINCIAL)
    clerk = browser(world.province.decider)
    address = f"/office/applications/{application.number}/letter/"
    page = clerk.get(f"/office/applications/{application.number}/").content.decode()
    assert f'formaction="{address}"' in page
    answer = clerk.post(address, {"action": "reject", "comment": SAID})
    assert "不予许可决定书" in words(answer)
    assert "缺少姓名更正的依据（𠮷）" in words(answer)
    assert "江西省人民政府" in words(answer)
    until = re.search(r"请于(.+?)前补正", words(clerk.post(address, {"action": "return", "comment": SAID})))
    assert until is not None
    empty = clerk.post(address, {"action": "reject", "comment": ""})
    assert empty.status_code == 400
    assert "请写明原因" in words(empty)
    assert clerk.post(address, {"action": "no"}).status_code == 400
    application.refresh_from_db()
    assert application.is_open
    assert not Letter.objects.exists()
    assert browser(world.province.stranger).post(address, {"action": "reject"}).status_code == 404
    act(application.pk, action=Action.RETURN, actor=world.holder(application), comment=SAID, now=NOW)
    assert f"请于{until[1]}前补正" in "".join(Letter.objects.get().content["paragraphs"])


def test_a_letter_that_cannot_be_signed_waits_and_says_why(
    world: ExtensionWorld, settings: object, tmp_path: Path
) -> None:
    application = decide(world, Desk.PROVINCIAL, Action.REJECT)
    settings.ECERT_SIGNER_KEY = str(tmp_path / "gone.key")  # type: ignore[attr-defined]
    letter = Letter.objects.get()
    with pytest.raises(DocumentFailed):
        make_letter(letter.pk)
    letter.refresh_from_db()
    assert (letter.file.name, letter.attempts) == ("", 1)
    (failed,) = failed_orders(5)
    assert (failed.certificate, failed.order) == (None, letter)
    awaited = awaited_of(application.pk)
    assert awaited is not None
    assert awaited.is_failing


@pytest.mark.parametrize(
    "reasons", [("原因。" * 333,), tuple("条件不符"[:1] * 1 for _ in range(500)), ("\U0001f600 表情",)]
)
def test_any_length_and_any_sign_finds_room(reasons: tuple[str, ...]) -> None:
    paragraphs = ("您提出的申请，经审查，决定不予许可。", *reasons, "如不服本决定，可以申请行政复议。")
    letter = PrintedLetter(
        "示例〔2026〕1号", "不予许可决定书", "王·小明䶮", paragraphs, "示例局", TODAY, "https://a.example/v/x/"
    )
    pdf = render_letter(letter)
    assert pdf == render_letter(letter)
    assert pdf.count(b"/Type /Page ") == 1

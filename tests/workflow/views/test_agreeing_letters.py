"""受理通知书 and 准予行政许可决定书: switched for each business by a dated parameter, signed, told when they are ready."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pyhanko.pdf_utils.reader import PdfFileReader

from administration.models import Message, Parameter
from administration.parameters.letters import AT_ONCE, EITHER, LETTERS
from certificates.issuing.orders import awaited_of
from common.dates import chinese_date
from tests.clock import Clock
from tests.workflow.browsing import browser, words
from tests.workflow.views.test_letters import at, cast_stream
from tests.worlds.base import NOW, TODAY
from tests.worlds.extension import ExtensionWorld
from workflow.business import businesses
from workflow.enums import Action, Desk, LetterKind
from workflow.models import Application, Letter
from workflow.services.acting import act, act_many

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(clock: Clock) -> ExtensionWorld:
    clock.stop_at(NOW)
    return ExtensionWorld()


def choose(value: str, since: date = TODAY) -> None:
    Parameter.objects.create(
        key="letters_extension", value=value, effective_from=since, document_number="赣建〔2026〕9号"
    )


def approve(world: ExtensionWorld, application: Application) -> None:
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    application.refresh_from_db()


def test_every_licence_has_its_switch_and_none_asks_for_what_cannot_be() -> None:
    licences = {one.kind: one for one in businesses() if one.has_letters}
    switches = {one.key.removeprefix("letters_"): one for one in LETTERS}
    assert set(switches) == set(licences)
    for kind, switch in switches.items():
        business = licences[kind]
        accepting_before_the_end = any(step.accepts for step in business.steps[:-1])
        assert (switch.choices == EITHER) == accepting_before_the_end, kind
        assert (switch.note == AT_ONCE) != accepting_before_the_end, kind
        assert switch.title.startswith(business.title)


def test_the_acceptance_is_signed_told_and_verifiable(
    world: ExtensionWorld, run_jobs: Callable[..., list[str]], tmp_path: Path
) -> None:
    application = at(world, Desk.MUNICIPAL)
    assert not Letter.objects.exists()
    approve(world, application)
    letter = Letter.objects.get()
    assert (letter.kind, letter.office) == (LetterKind.ACCEPTED, world.province.municipal)
    assert letter.number == f"{letter.issuer_name}安管受字〔2026〕1号"
    text = "".join(letter.content["paragraphs"])
    assert "决定予以受理" in text
    assert "行政许可法》第三十二条" in text
    assert application.due_on is not None
    assert f"{chinese_date(application.due_on)}（含）前作出决定" in text
    link = f"/applications/{application.number}/letters/{letter.pk}/"
    assert not Message.objects.filter(link=link).exists()
    run_jobs()
    told = Message.objects.get(link=link)
    assert (told.mailbox_id, "受理通知书" in told.title) == (world.person.mailbox_id, True)
    own = browser(world.person_user)
    assert "下载受理通知书" in words(own.get(f"/applications/{application.number}/"))
    pdf = b"".join(cast_stream(own.get(link).streaming_content))
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    signature.compute_integrity_info()
    assert signature.coverage.name == "ENTIRE_FILE"
    if shutil.which("pdfsig"):
        file = tmp_path / "letter.pdf"
        file.write_bytes(pdf)
        said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid" in said
    verified = browser(None).post("/verify/", {"file": SimpleUploadedFile("l.pdf", pdf)})
    letter.refresh_from_db()
    assert "真实有效" in words(verified)
    assert letter.number in words(verified)
    assert letter.number in words(browser(None).get(f"/v/{letter.token}/"))


def test_the_province_chooses_since_when(world: ExtensionWorld) -> None:
    choose("both")
    application = at(world, Desk.PROVINCIAL)
    approve(world, application)
    accepted, granted = Letter.objects.order_by("pk")
    assert (accepted.kind, granted.kind) == (LetterKind.ACCEPTED, LetterKind.GRANTED)
    text = "".join(granted.content["paragraphs"])
    assert "决定准予行政许可" in text
    assert "行政许可法》第三十八条" in text
    assert world.certificate.number in text
    assert granted.office == world.province.provincial


@pytest.mark.parametrize(("value", "since"), [("none", TODAY), ("granted", date(2099, 1, 1))])
def test_off_and_not_yet_in_force(world: ExtensionWorld, value: str, since: date) -> None:
    choose(value, since)
    approve(world, at(world, Desk.PROVINCIAL))
    assert Letter.objects.count() == (0 if value == "none" else 1)


def test_an_acceptance_that_is_not_signed_yet_holds_up_no_result(world: ExtensionWorld) -> None:
    application = at(world, Desk.PROVINCIAL)
    approve(world, application)
    awaited = awaited_of(application.pk)
    assert awaited is not None
    assert "决定文书" not in awaited.text


def test_the_words_are_shown_before(world: ExtensionWorld) -> None:
    application = at(world, Desk.MUNICIPAL)
    address = f"/office/applications/{application.number}/letter/"
    clerk = browser(world.province.reviewer)
    assert "决定予以受理" in words(clerk.post(address, {"action": "approve", "comment": ""}))
    choose("none")
    assert "不制作文书" in words(clerk.post(address, {"action": "approve", "comment": ""}))
    assert not Letter.objects.exists()


def test_many_cost_the_statements_of_one(world: ExtensionWorld) -> None:
    choose("both")

    def cost(number: int, desk: str) -> int:
        ids = [at(ExtensionWorld(world.province), desk) for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            result = act_many([one.pk for one in ids], action=Action.APPROVE, actor=world.holder(ids[0]), now=NOW)
        assert len(result.done) == number
        return len(queries)

    for desk in (Desk.MUNICIPAL, Desk.PROVINCIAL):
        assert cost(1, desk) == cost(4, desk)

"""What a page says that an approval changes is what the approval changes, for every kind of application."""

from __future__ import annotations

import re

import pytest

from certificates.issuing.compared import LABELS, PRINTED_ANEW
from certificates.models import Certificate, CertificateVersion
from common.dates import chinese_date
from enterprises.enums import Post
from tests.clock import Clock
from tests.workflow.browsing import browser
from tests.worlds import WORLDS
from tests.worlds.base import NOW, World
from tests.worlds.correction import CorrectionWorld
from workflow.business import business_of, businesses
from workflow.enums import Action, Desk
from workflow.models import Application
from workflow.selectors.content import Judged, form_rows
from workflow.services.acting import act
from workflow.steps import Comparison

pytestmark = pytest.mark.django_db
KINDS = [business.kind for business in businesses()]
CHINESE = re.compile("[\u4e00-\u9fff]")
RAW = re.compile("[a-z_]{3,}")


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def approve(world: World, application: Application) -> None:
    detail = world.originals(application)
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), detail=detail, now=NOW)
    application.refresh_from_db()


def decided(kind: str) -> tuple[World, Application, list[Comparison]]:
    """Answers the comparison of the last desk, after whose approval the case is closed."""
    world = WORLDS[kind]()
    application = world.file()
    shown: list[Comparison] = []
    while application.is_open:
        shown = Judged(application).comparisons
        approve(world, application)
    return world, application, shown


def printed(version: CertificateVersion) -> dict[str, str]:
    days = {"first_issued_on": version.first_issued_on, "valid_from": version.valid_from, "valid_to": version.valid_to}
    return {
        LABELS["number"]: version.certificate.number,
        LABELS["name"]: version.name,
        LABELS["enterprise_name"]: version.enterprise_name,
        LABELS["post"]: Post(version.post).label,
        LABELS["state"]: version.certificate.get_legal_state_display(),
    } | {LABELS[name]: chinese_date(day) for name, day in days.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_business_says_what_it_changes_and_what_proves_it(kind: str) -> None:
    _, _, shown = decided(kind)
    assert shown
    changed = [row for one in shown for row in one.rows if row.is_change]
    assert changed, "an approval that changes nothing needs nobody"
    for one in shown:
        assert CHINESE.search(one.title)
        for row in one.rows:
            assert CHINESE.search(row.label)
            assert not RAW.search(f"{row.label}{row.now}{row.after}"), row
    assert all(row.proof is not None and row.proof.words for row in changed), changed


@pytest.mark.parametrize("kind", KINDS)
def test_a_proof_that_is_a_file_is_a_file_of_the_business(kind: str) -> None:
    business = business_of(kind)
    assert business.changes
    named = {proof.attachment for proof in business.changes.values() if proof.attachment}
    assert named <= {one.key for one in business.attachments}


@pytest.mark.parametrize("kind", KINDS)
def test_only_facts_that_the_business_declares_or_every_reissue_prints_anew_change(kind: str) -> None:
    _, _, shown = decided(kind)
    declared = {LABELS.get(name, name) for name in {*business_of(kind).changes, *PRINTED_ANEW}}
    declared |= {"证书上的企业名称"}
    changed = {row.label for one in shown for row in one.rows if row.is_change}
    if LABELS["valid_to"] in {row.label for one in shown for row in one.rows}:
        assert changed <= declared


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_said_is_what_the_new_versions_print(kind: str) -> None:
    _, application, shown = decided(kind)
    versions = {one.certificate.number: one for one in CertificateVersion.objects.filter(application=application)}
    made = dict(versions)
    for one in shown:
        number = one.title.removeprefix("证书 ")
        if one.title.startswith("新证书"):
            version = made.popitem()[1]
        elif number in versions:
            version = made.pop(number)
        elif certificate := Certificate.objects.filter(number=number).first():
            states = [row.after for row in one.rows if row.label == LABELS["state"]]
            assert states == [certificate.get_legal_state_display()]
            continue
        else:
            continue
        facts = printed(version)
        for row in one.rows:
            if row.label in facts and not row.after.startswith("办结时"):
                assert row.after == facts[row.label], row
    assert not made, "a version that nobody foretold"


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_shows_the_name_of_a_field(kind: str) -> None:
    world = WORLDS[kind]()
    application = world.file()
    names = set(business_of(kind).form_class.base_fields)
    rows = form_rows(application)
    assert all(CHINESE.search(label) and label not in names for label, _ in rows), rows


def test_a_correction_shows_old_and_new_and_leads_to_the_scan() -> None:
    world = CorrectionWorld()
    application = world.file()
    page = browser(world.province.reviewer).get(f"/office/applications/{application.number}/").content.decode()
    before = chinese_date(world.certificate.first_issued_on)
    assert f"<del>{before}</del>" in page
    assert "<ins>2018年3月1日</ins>" in page
    assert '<label class="proof see" for="file-certificate">证书扫描件</label>' in page
    assert 'id="file-certificate"' in page
    own = browser(world.person_user).get(f"/applications/{application.number}/").content.decode()
    assert "<ins>2018年3月1日</ins>" in own
    paper = browser(world.person_user).get(f"/applications/{application.number}/print/").content.decode()
    assert "<ins>2018年3月1日</ins>" in paper


def test_a_closed_case_compares_nothing() -> None:
    world = CorrectionWorld()
    application = world.file()
    act(application.pk, action=Action.REJECT, actor=world.holder(application), comment="原件记载无误", now=NOW)
    application.refresh_from_db()
    assert application.desk != Desk.COUNTER
    assert Judged(application).comparisons == []

"""企业名称变更: one application for all certificates of an enterprise, block by block, and again on old records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError

from administration.models import Message
from certificates.enums import LegalState, Operation, RenameState
from certificates.issuing.versions import issue_electronic
from certificates.legacy.matching import match_legacy
from certificates.models import Certificate, CertificateEvent, RenameBatch, RenameRow
from certificates.renaming import services
from certificates.renaming.report import ready_count, reports
from certificates.renaming.services import resume, run_block
from certificates.state.display import status_of
from common.findings import Refused
from enterprises.models import Enterprise, EnterpriseName
from enterprises.register.services import change_name
from tests.certificates.legacy.legacy_files import id_number
from tests.certificates.legacy.test_matching import load, row
from tests.clock import Clock
from tests.factories import make_certificate, make_person
from tests.workflow.browsing import browser, words
from tests.worlds.base import NOW, PAYLOAD, TODAY
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.enterprise_rename import EnterpriseRenameWorld
from workflow.actors import SYSTEM
from workflow.enums import Action
from workflow.models import Application
from workflow.services.acting import act

pytestmark = pytest.mark.django_db
START = "/applications/new/enterprise_rename/"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def hold(world: EnterpriseRenameWorld, count: int = 1, **fields: object) -> list[Certificate]:
    """More people with a certificate that prints the former name."""
    return [
        make_certificate(
            make_person(f"持证人{position}", user=False),
            world.enterprise,
            "C2",
            **{"ends_on": date(2028, 4, 30), "enterprise_name": world.former_name} | fields,
        )
        for position in range(count)
    ]


def approve(world: EnterpriseRenameWorld, application: Application) -> None:
    for desk in (world.province.municipal_actor, world.province.provincial_actor):
        act(application.pk, action=Action.APPROVE, actor=desk, now=NOW)


def decided(world: EnterpriseRenameWorld) -> RenameBatch:
    application = world.file()
    approve(world, application)
    return RenameBatch.objects.get(application=application)


def test_every_certificate_gets_a_new_version_with_the_new_name(run_jobs: Callable[[], list[str]]) -> None:
    world = EnterpriseRenameWorld()
    more = hold(world, 2)
    before = {one.pk: (one.number, one.ends_on) for one in [world.certificate, *more]}
    advised = status_of(world.certificate, on=TODAY)
    assert advised.is_normal
    (advice,) = [finding for finding in advised.findings if finding.code == "enterprise.renamed"]
    assert advice.cure is not None
    assert advice.cure.kwargs == {"kind": "enterprise_rename"}
    batch = decided(world)
    while run_block(batch.application_id, now=NOW):
        pass
    for certificate in Certificate.objects.filter(pk__in=before):
        version = certificate.versions.get()
        assert (certificate.number, certificate.ends_on) == before[certificate.pk]
        assert (version.enterprise_name, version.valid_from, version.operation) == (
            world.enterprise.name,
            TODAY,
            Operation.CHANGE,
        )
        assert certificate.last_change_on is None, "no cool-down begins"
        event = CertificateEvent.objects.get(version=version)
        assert (event.kind, event.application_id) == ("enterprise_rename", batch.application_id)
        assert not [one for one in status_of(certificate, on=TODAY).findings if one.code == "enterprise.renamed"]
    batch.refresh_from_db()
    assert (batch.state, batch.expected, batch.rows.count()) == (RenameState.DONE, 3, 3)
    assert Message.objects.filter(mailbox=world.enterprise.mailbox, title__contains="换发完毕").count() == 1
    assert Message.objects.filter(mailbox=world.person.mailbox, title__contains="新名称换发").count() == 1


def test_what_cannot_be_reissued_is_listed_with_its_reason_and_holds_up_nobody() -> None:
    world = EnterpriseRenameWorld()
    suspended, expired = hold(world, legal_state=LegalState.SUSPENDED), hold(world, ends_on=date(2026, 11, 20))
    make_certificate(
        make_person("无照人", photo=False, user=False), world.enterprise, "C1", enterprise_name=world.former_name
    )
    page = words(browser(world.operator).get(START))
    for expected in (suspended[0].number, "被暂扣", expired[0].number, "已过有效期", "无照人", "未上传证件照"):
        assert expected in page, expected
    assert "可以换发1本证书" in page
    batch = decided(world)
    office = words(browser(world.operator).get(f"/applications/{batch.application.number}/"))
    assert "0/4" in office
    assert "处理中" in office
    while run_block(batch.application_id, now=NOW):
        pass
    assert RenameRow.objects.filter(outcome="kept").count() == 3
    page = words(browser(world.operator).get(f"/applications/{batch.application.number}/"))
    for expected in ("4/4", "已换发1本，未换发3本", suspended[0].number, "未上传证件照"):
        assert expected in page, expected
    assert Certificate.objects.get(pk=suspended[0].pk).enterprise_name == world.former_name


def test_offices_see_the_report_before_they_decide() -> None:
    world = EnterpriseRenameWorld()
    suspended = hold(world, legal_state=LegalState.SUSPENDED)
    application = world.file()
    page = words(browser(world.province.reviewer).get(f"/office/applications/{application.number}/"))
    assert "批准后换发1本证书" in page
    assert suspended[0].number in page


def test_nothing_to_rename_is_refused_with_the_way_to_the_sync() -> None:
    world = EnterpriseRenameWorld()
    Certificate.objects.update(enterprise_name=world.enterprise.name)
    with pytest.raises(Refused) as refused:
        world.file()
    (finding,) = refused.value.findings
    assert (finding.code, finding.cure and finding.cure.url_name) == ("rename.nothing", "enterprises:profile")


def test_a_name_that_was_not_synced_is_refused() -> None:
    world = EnterpriseRenameWorld()
    Enterprise.objects.update(synced_at=NOW - timedelta(days=30))
    assert EnterpriseName.objects.get(enterprise=world.enterprise).used_to == TODAY - timedelta(days=1)
    page = words(browser(world.operator).get(START))
    assert "企业名称变更后尚未同步工商信息" in page
    Enterprise.objects.update(synced_at=None)
    with pytest.raises(Refused, match="尚未同步工商信息"):
        world.file()


def test_none_that_can_be_reissued_is_refused() -> None:
    world = EnterpriseRenameWorld()
    Certificate.objects.update(legal_state=LegalState.SUSPENDED)
    with pytest.raises(Refused, match="没有一本证书可以换发"):
        world.file()


def test_a_dissolved_enterprise_is_refused() -> None:
    world = EnterpriseRenameWorld()
    Enterprise.objects.filter(pk=world.enterprise.pk).update(status="dissolved", dissolved_on=TODAY)
    with pytest.raises(Refused, match="企业已注销"):
        world.file()


def test_an_enterprise_has_one_rename_under_way_and_its_people_are_not_held_up() -> None:
    world = EnterpriseRenameWorld()
    application = world.file()
    assert application.is_open
    with pytest.raises(Refused, match="已有在办业务"):
        world.file()
    change = EmployerChangeWorld(world.province)
    change.certificate.enterprise = world.enterprise
    change.certificate.save()
    assert change.file().is_open


def test_people_cannot_file_it() -> None:
    world = EnterpriseRenameWorld()
    answer = browser(world.person_user).get(START)
    assert answer.status_code == 403
    assert "由企业发起" in words(answer)


def test_the_home_page_says_it_until_it_is_filed() -> None:
    world = EnterpriseRenameWorld()
    client = browser(world.operator)
    assert "1本证书仍印着原名称" in words(client.get("/enterprise/"))
    world.file()
    assert "仍印着原名称" not in words(client.get("/enterprise/"))


def test_the_home_page_offers_nothing_that_cannot_be_done() -> None:
    world = EnterpriseRenameWorld()
    hold(world, legal_state=LegalState.SUSPENDED)
    client = browser(world.operator)
    assert "1本证书仍印着原名称" in words(client.get("/enterprise/"))
    batch = decided(world)
    while run_block(batch.application_id, now=NOW):
        pass
    assert "仍印着原名称" not in words(client.get("/enterprise/"))
    kept = Certificate.objects.exclude(enterprise_name=world.enterprise.name).get()
    Certificate.objects.filter(pk=kept.pk).update(legal_state=LegalState.VALID)
    assert "1本证书仍印着原名称" in words(client.get("/enterprise/"))
    again = decided(world)
    while run_block(again.application_id, now=NOW):
        pass
    kept.refresh_from_db()
    assert kept.enterprise_name == world.enterprise.name


def test_the_home_page_counts_what_the_business_can_reissue() -> None:
    world = EnterpriseRenameWorld()
    hold(world, 2)
    hold(world, legal_state=LegalState.SUSPENDED)
    hold(world, ends_on=date(2026, 11, 20))
    person = make_person("无照人", photo=False, user=False)
    make_certificate(person, world.enterprise, "C1", enterprise_name=world.former_name)
    ready = reports([world.enterprise.pk], on=TODAY)[world.enterprise.pk].ready
    assert ready_count(world.enterprise.pk, on=TODAY) == ready == 3


def test_application_print_and_record_name_both_sides() -> None:
    world = EnterpriseRenameWorld()
    application = world.file()
    for reader, address in (
        (world.operator, f"/applications/{application.number}/"),
        (world.operator, f"/applications/{application.number}/print/"),
        (world.province.reviewer, f"/office/applications/{application.number}/"),
    ):
        page = words(browser(reader).get(address))
        assert f"变更前名称{world.former_name}" in page.replace("：", ""), address
        assert f"变更后名称{world.enterprise.name}" in page.replace("：", ""), address
    approve(world, application)
    EnterpriseName.objects.create(
        enterprise=world.enterprise, name=world.enterprise.name, used_to=TODAY + timedelta(days=9)
    )
    page = words(browser(world.operator).get(f"/applications/{application.number}/")).replace("：", "")
    assert f"变更前名称{world.former_name}" in page


def test_each_certificate_left_out_is_named_once_and_leads_to_its_cure() -> None:
    world = EnterpriseRenameWorld()
    person = make_person("无照人", photo=False, user=False)
    bare = make_certificate(person, world.enterprise, "C1", enterprise_name=world.former_name)
    client = browser(world.operator)
    page = client.get(START).text
    assert page.count(bare.number) == 1
    address = f"/enterprise/staff/?{urlencode({'name': '无照人'})}"
    assert f'href="{address}"' in page
    assert bare.number in client.get(address).text
    batch = decided(world)
    while run_block(batch.application_id, now=NOW):
        pass
    done = client.get(f"/applications/{batch.application.number}/").text
    shown = done.split("办理记录")[0]  # the record says once more what was checked
    assert shown.count(bare.number) == 1
    assert f'href="{address}"' in done
    assert address not in browser(world.province.reviewer).get(f"/office/applications/{batch.application.number}/").text


def test_it_stands_under_the_manuals_menu() -> None:
    page = words(browser(EnterpriseRenameWorld().operator).get("/enterprise/services/"))
    assert "安全管理考核证书管理企业名称变更" in page


def test_a_hundred_go_through_in_blocks_and_a_failed_block_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = EnterpriseRenameWorld()
    hold(world, 6)
    monkeypatch.setattr(services, "BLOCK", 3)
    batch = decided(world)
    assert run_block(batch.application_id, now=NOW)

    def fail(*_: object, **__: object) -> None:
        raise DatabaseError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(services, "send", fail)
        with pytest.raises(DatabaseError):
            run_block(batch.application_id, now=NOW)
    batch.refresh_from_db()
    assert (batch.rows.count(), batch.error) == (3, "DatabaseError: gone"), "the half block is rolled back"
    assert "系统会自动重试" in words(browser(world.operator).get(f"/applications/{batch.application.number}/"))
    assert [run_block(batch.application_id, now=NOW) for _ in range(4)] == [True, True, False, False]
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count(), batch.error) == (RenameState.DONE, 7, "")
    assert set(Certificate.objects.values_list("latest_version", flat=True)) == {1}


def test_a_rename_whose_job_is_gone_is_taken_up_again(run_jobs: Callable[[], list[str]]) -> None:
    batch = decided(EnterpriseRenameWorld())
    resume(before=NOW + timedelta(minutes=10))
    done = [name for name in run_jobs() if name.endswith("run_rename_block")]
    assert len(done) >= 2
    assert Certificate.objects.get().latest_version == 1
    batch.refresh_from_db()
    assert batch.state == RenameState.DONE
    resume(before=NOW + timedelta(minutes=10))
    assert run_jobs() == []


def test_filing_deciding_and_a_block_take_the_same_queries_for_one_and_fifty(
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    def measure(size: int) -> list[int]:
        world = EnterpriseRenameWorld()
        hold(world, size)
        filing = count_queries(world.file)
        application = Application.objects.latest("pk")
        deciding = count_queries(lambda: approve(world, application))
        block = count_queries(lambda: run_block(application.pk, now=NOW))
        assert RenameRow.objects.filter(batch__application=application).count() == size + 1
        operator = browser(world.operator)
        operator.get("/enterprise/")
        return [filing, deciding, block, count_queries(lambda: operator.get(f"/applications/{application.number}/"))]

    assert measure(0) == measure(49)


def test_old_records_that_are_matched_later_get_the_new_name_too(run_jobs: Callable[[], list[str]]) -> None:
    world = EnterpriseRenameWorld()
    load(row("张三", 1, 7, 企业名称=world.former_name, 有效期止="2028-02-29"))
    batch = decided(world)
    run_jobs()
    person = make_person("张三", id_number=id_number(1), user=False)
    match_legacy({person.pk}, now=NOW)
    certificate = Certificate.objects.get(person=person)
    assert (certificate.enterprise, certificate.enterprise_name) == (world.enterprise, world.enterprise.name)
    assert certificate.versions.get().application_id == batch.application_id
    assert RenameRow.objects.get(certificate=certificate).outcome == "reissued"


def test_an_old_record_without_a_photo_prints_the_new_name_once_it_is_claimed(
    run_jobs: Callable[[], list[str]],
) -> None:
    world = EnterpriseRenameWorld()
    load(row("张三", 1, 7, 企业名称=world.former_name, 有效期止="2028-02-29"))
    decided(world)
    run_jobs()
    person = make_person("张三", id_number=id_number(1), user=False, photo=False)
    match_legacy({person.pk}, now=NOW)
    certificate = Certificate.objects.get(person=person)
    assert (certificate.latest_version, RenameRow.objects.get(certificate=certificate).outcome) == (0, "kept")
    person.id_photo.name = world.person.id_photo.name
    person.save()
    version = issue_electronic(certificate_id=certificate.pk, by=SYSTEM, now=NOW)
    assert version.enterprise_name == world.enterprise.name


def test_a_second_change_of_name_before_the_blocks_prints_the_registrys_last(
    run_jobs: Callable[[], list[str]],
) -> None:
    world = EnterpriseRenameWorld()
    decided(world)
    change_name(enterprise_id=world.enterprise.pk, name="江西又一名建设有限公司", on=TODAY)
    run_jobs()
    assert Certificate.objects.get(pk=world.certificate.pk).versions.get().enterprise_name == "江西又一名建设有限公司"


def test_the_form_carries_the_enterprises_own_commitment() -> None:
    world = EnterpriseRenameWorld()
    client = browser(world.operator)
    page = client.post(START, follow=True)
    assert "本企业承诺" in words(page)
    address = page.request["PATH_INFO"]
    assert client.post(address, {"phone": "13800000000", "submit": "1"}).status_code == 400
    sent = client.post(address, {**PAYLOAD, "commitment": "on", "submit": "1"}, follow=True)
    assert "已提交" in words(sent)

"""What a holder reads before filing is true: what is final, whose turn it is, what is impossible; nothing is chosen beforehand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import Person
from accounts.registration.forms import CardForm
from certificates.ecert.sample import sample_png
from certificates.models import Certificate
from certificates.pages.home_boxes import photo_sample
from certificates.pages.offers import offers_for
from certificates.public.lookup import version_state
from certificates.public.selectors import version_by_token
from certificates.state.display import status_of
from common.findings import Finding
from employment.models import Employment
from tests.certificates.test_edge_cases import decide
from tests.clock import Clock
from tests.factories import make_certificate, make_employment, make_enterprise, make_id_number, make_person, photo_jpeg
from tests.workflow.browsing import browser, picture, words
from tests.worlds.base import NOW, TODAY, World
from tests.worlds.cancellation import CancellationWorld
from tests.worlds.correction import CorrectionWorld
from tests.worlds.employer_change import EmployerChangeWorld
from tests.worlds.employment_start import EmploymentStartWorld
from tests.worlds.extension import ExtensionWorld
from tests.worlds.late_entry import LateEntryWorld
from tests.worlds.post_change import PostChangeWorld
from tests.worlds.transfer_in import TransferInWorld
from workflow.business import business_of
from workflow.checks import Case, Facts, evaluate
from workflow.enums import Action
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.filing import create_draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def findings_of(case: Case) -> dict[str, Finding]:
    return {one.code: one for one in evaluate([case], Facts([case]))[case] if not one.met}


def before_the_form(world: Any) -> dict[str, Finding]:
    return findings_of(replace(world.case(), payload={}))


def draft_of(world: World) -> tuple[Application, str]:
    draft = create_draft(case=replace(world.case(), payload={}), actor=world.filer, now=NOW)
    return draft, browser(world.person_user).get(f"/applications/{draft.number}/edit/").content.decode()


def chosen(page: str, name: str) -> str:
    control = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    assert control is not None
    found = re.search(r'<option value="([^"]*)"[^>]* selected', control[0])
    return found[1] if found else re.findall(r'<option value="([^"]*)"', control[0])[0]


# --- nothing is chosen beforehand ---


@pytest.mark.parametrize(
    ("world", "name"), [(CancellationWorld, "reason"), (LateEntryWorld, "category"), (TransferInWorld, "category")]
)
def test_what_has_legal_effect_is_not_chosen_beforehand(world: type[World], name: str) -> None:
    _, page = draft_of(world())
    assert chosen(page, name) == ""


def test_the_new_post_begins_with_the_one_that_the_employment_names() -> None:
    world = PostChangeWorld()
    assert chosen(draft_of(world)[1], "post") == "03", "02 stands on the certificate"
    Employment.objects.update(posts=["02", "03", "06"])
    assert chosen(draft_of(PostChangeWorld())[1], "post") == "03"
    several = PostChangeWorld()
    Employment.objects.filter(person=several.person).update(posts=["02", "03", "06"])
    assert chosen(draft_of(several)[1], "post") == ""


def test_the_telephone_number_of_the_profile_stands_in_the_form() -> None:
    world = ExtensionWorld()
    Person.objects.filter(pk=world.person.pk).update(phone="13900000000")
    assert 'value="13900000000"' in draft_of(world)[1]


# --- a post that has changed, or has not ---


def test_an_unchanged_post_is_refused_before_the_form_and_says_who_registers_another() -> None:
    world = PostChangeWorld()
    Employment.objects.filter(person=world.person).update(posts=["02"])
    found = before_the_form(world)["post.nothing_to_change"]
    assert found.blocking
    assert "先由企业办理“续签、变更职务”" in found.detail
    assert "post.nothing_to_change" not in before_the_form(PostChangeWorld())


def test_a_post_that_differs_from_the_employment_is_a_warning_with_its_cure() -> None:
    world = PostChangeWorld()
    Employment.objects.filter(person=world.person).update(posts=["06"])
    answer = status_of(world.certificate)
    assert answer.is_normal, "the certificate stays usable"
    (warning,) = [one for one in answer.findings if one.code == "post.differs"]
    assert (warning.blocking, warning.detail) == (
        False,
        "证书上是总经理（总裁），聘用登记的是安全总监。请办理职务变更。",
    )
    assert warning.cure is not None
    assert warning.cure.business == "post_change"
    page = browser(world.person_user).get("/person/certificates/")
    assert "证书上的职务与聘用登记的不一致" in words(page)


# --- what is impossible is not listed ---


@pytest.mark.parametrize(
    ("category", "never"),
    [("B", {"post_change", "c3_merge"}), ("C3", {"post_change", "c3_merge"}), ("A", {"c3_merge"})],
)
def test_businesses_that_this_category_never_has_are_not_listed(category: str, never: set[str]) -> None:
    world = CorrectionWorld()
    certificate = make_certificate(world.person, world.enterprise, category, constructor=False)
    offered = {one.business.kind for one in offers_for(certificate, world.filer, today=TODAY)}
    assert "correction" in offered
    assert offered & never == set()


def test_the_merge_with_one_part_says_at_once_which_is_missing() -> None:
    person, enterprise = make_person(), make_enterprise()
    make_employment(person, enterprise, "08")
    make_certificate(person, enterprise, "C2")
    page = browser(person.user).get("/applications/new/c3_merge/", follow=True)
    assert "没有有效的C1证" in words(page)
    assert "请选择要办理哪一项" not in words(page)


def test_the_first_issue_is_not_offered_to_persons_whom_it_asks_nothing() -> None:
    person = make_person()
    page = words(browser(person.user).get("/applications/new/"))
    assert "证书延续" in page
    assert "首次发证" not in page


def test_the_filter_of_own_cases_has_kinds_of_persons_only() -> None:
    person = make_person()
    page = browser(person.user).get("/applications/").content.decode()
    assert 'value="extension"' in page
    assert 'value="employment_start"' in page
    assert 'value="enterprise_rename"' not in page


# --- whose turn, and what follows ---


def test_a_gone_enterprise_that_is_left_is_no_obstacle_before_there_is_a_new_one() -> None:
    world = EmployerChangeWorld()
    Employment.objects.filter(person=world.person, ended_at=None).update(ended_at=NOW, end_reason="by_enterprise")
    world.enterprise.status, world.enterprise.dissolved_on = "dissolved", date(2026, 11, 1)
    world.enterprise.save()
    case = business_of(world.kind).prepare(world.filer, {"certificate": str(world.certificate.pk)}, today=TODAY)
    found = findings_of(case)
    assert "enterprise.gone" not in found
    assert found["employment.none"].turn == "新单位"


def test_whoever_wants_to_move_is_told_the_order_of_steps() -> None:
    found = before_the_form(as_change(CorrectionWorld()))["change.same_enterprise"]
    assert "现单位解除聘用，新单位发起聘用，您在手机上确认，再来办理变更" in found.detail
    assert found.cure is not None
    assert found.cure.url_name == "employment:mine"


def as_change(world: CorrectionWorld) -> CorrectionWorld:
    world.kind = "employer_change"
    world.case = lambda: business_of("employer_change").prepare(  # type: ignore[method-assign]
        world.filer, {"certificate": str(world.certificate.pk)}, today=TODAY
    )
    return world


def test_two_of_a_kind_name_the_one_to_keep_and_both_cards_cancel_the_other() -> None:
    person, enterprise = make_person(), make_enterprise()
    make_employment(person, enterprise, "08")
    kept = make_certificate(person, enterprise, "C2", ends_on=date(2029, 4, 30))
    other = make_certificate(person, enterprise, "C2", ends_on=date(2028, 4, 30))
    for certificate in (kept, other):
        (reason,) = [one for one in status_of(certificate).reasons if one.code == "holding.C-1"]
        assert f"建议保留{kept.number}（有效期至2029年4月30日）" in reason.detail
        assert "注销后不能恢复" in reason.detail
        assert reason.cure is not None
        assert (reason.cure.business, reason.cure.query) == ("cancellation", {"certificate": other.pk})


def test_an_expired_certificate_says_that_the_employer_signs_up_and_links_the_way() -> None:
    world = CorrectionWorld()
    Certificate.objects.update(ends_on=date(2026, 11, 1))
    world.certificate.terms.update(ends_on=date(2026, 11, 1))
    found = before_the_form(world)["certificate.expired"]
    assert found.turn == "受聘企业"
    assert found.cure is not None
    assert found.cure.kwargs == {"kind": "exam"}


def test_a_cancellation_says_before_and_in_the_form_that_it_is_final() -> None:
    world = CancellationWorld()
    found = before_the_form(world)["cancellation.final"]
    assert not found.blocking
    assert "重新参加考核" in found.detail
    assert "注销后不能恢复" in draft_of(world)[1]


def test_a_returned_case_says_that_the_employer_confirms_again_when_the_content_changes() -> None:
    world = ExtensionWorld()
    application = world.file()
    act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
    application.refresh_from_db()
    act(application.pk, action=Action.RETURN, actor=world.holder(application), comment="缺一页", now=NOW)
    page = words(browser(world.person_user).get(f"/applications/{application.number}/edit/"))
    assert f"重新提交后先由{world.enterprise.name}再次确认，期限重新计算" in page


def test_an_open_case_that_holds_the_end_open_says_so() -> None:
    world = ExtensionWorld()
    application = world.file()
    page = words(browser(world.person_user).get(f"/applications/{application.number}/"))
    assert "证书到期前提交的，作出决定前继续有效" in page


def test_after_an_extension_in_time_the_term_that_begins_later_is_explained() -> None:
    world = ExtensionWorld()
    decide(world, world.file())
    version = world.certificate.versions.get()
    assert version.valid_from > TODAY
    found = version_by_token(version.token)
    assert found is not None
    assert version_state(found).begins_later
    assert "中间没有间断；证书今天有效" in words(browser(None).get(f"/v/{version.token}/"))
    detail = words(browser(world.person_user).get(f"/person/certificates/{world.certificate.pk}/"))
    assert "学时从那一天起计" in detail
    assert "还不够" not in detail


def test_an_entered_certificate_lists_the_case_that_made_it() -> None:
    world = LateEntryWorld()
    application = world.file()
    decide(world, application)
    certificate = Certificate.objects.get(person=world.person)
    page = browser(world.person_user).get(f"/person/certificates/{certificate.pk}/").content.decode()
    assert f"/applications/{application.number}/" in page[page.index('id="applications"') :]


def test_a_waiting_proposal_is_not_followed_by_the_advice_to_ask_for_one() -> None:
    world = EmploymentStartWorld()
    world.file()
    page = words(browser(world.person_user).get("/person/employment/"))
    assert "您在手机端同意上面的聘用后立即建立" in page
    assert "请受聘企业在企业服务平台" not in page


def test_the_exchange_shows_a_number_of_another_province_as_its_example() -> None:
    page = words_of(draft_of(TransferInWorld())[1])
    assert "例如浙建安B（2019）0001234" in page
    assert "例如赣建安" not in page


def words_of(page: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))


def test_the_counter_reads_sex_and_day_of_birth_from_the_number_just_typed() -> None:
    number = make_id_number(birth=date(1985, 6, 15))
    form = CardForm(initial={"id_number": number})
    assert form.initial["birth_date"] == date(1985, 6, 15)
    assert form.initial["sex"] == ("male" if int(number[16]) % 2 else "female")


# --- one summary, in words that name the field ---


def test_what_is_missing_stands_in_one_box_whatever_kind_it_is() -> None:
    world = CorrectionWorld()
    draft, _ = draft_of(world)
    page = browser(world.person_user).post(f"/applications/{draft.number}/edit/", {"submit": "1", "phone": ""})
    text = page.content.decode()
    assert text.count('class="summary"') == 1
    assert "缺少材料：证书扫描件" in words(page)
    assert "请填写联系电话。" in words(page)
    assert "请阅读并勾选承诺。" in words(page)
    assert "本人承诺所填内容和提交的材料真实有…：" not in words(page)


def test_a_refused_file_alone_does_not_complain_of_fields_that_come_later() -> None:
    world = CorrectionWorld()
    draft, _ = draft_of(world)
    wrong = picture(name="程序.exe")
    wrong.file.seek(0)
    wrong.file.write(b"MZ" * 200)
    page = browser(world.person_user).post(
        f"/applications/{draft.number}/edit/", {"upload": "1", "file_certificate": wrong}
    )
    text = page.content.decode()
    assert text.count('class="summary"') == 1
    assert "有文件没有保存" in words(page)
    assert "请填写联系电话" not in words(page)


def test_the_holder_does_not_read_that_it_is_his_turn_after_a_sentence_that_asks_him() -> None:
    world = ExtensionWorld()
    Person.objects.filter(pk=world.person.pk).update(id_photo="")
    address = f"/applications/new/extension/?certificate={world.certificate.pk}"
    page = words(browser(world.person_user).get(address))
    assert "未上传个人证件照" in page
    assert "由本人办理。" not in page


def test_screen_readers_hear_an_error_where_it_is_no_condition() -> None:
    world = ExtensionWorld()
    conditions = browser(world.person_user).get(f"/applications/new/extension/?certificate={world.certificate.pk}")
    assert "错误" not in words(conditions)
    refused = browser(None).post("/login/", {"id_number": make_id_number(), "password": "falsch"})
    assert "未满足" not in words(refused)


def test_the_boxes_beside_the_profile_are_told_apart_by_name() -> None:
    page = browser(make_person().user).get("/person/profile/").content.decode()
    names = [re.search(r'aria-label="([^"]+)"', tag) for tag in re.findall(r"<aside[^>]*>", page)]
    assert all(names)
    assert len({name[1] for name in names if name}) == len(names) > 1


def test_whose_turn_it_is_comes_before_the_content_of_a_case() -> None:
    world = ExtensionWorld()
    application = world.file()
    page = browser(world.person_user).get(f"/applications/{application.number}/").content.decode()
    assert page.index("<h2>现在轮到</h2>") < page.index("<h2>申请内容</h2>")


def test_a_pending_exchange_is_named_once_and_has_no_dots_for_its_category() -> None:
    world = TransferInWorld()
    world.file()
    page = browser(world.person_user).get("/person/certificates/").content.decode()
    card = page[page.index('<li class="truth info">') : page.index("</li>", page.index('<li class="truth info">'))]
    heading = words_of(card[card.index("<h3>") : card.index("</h3>")])
    assert heading == "进赣换证"
    assert "…" not in words_of(card)
    assert "没有按身份证号从历史数据库匹配到证书" not in words_of(page)


def test_a_photo_is_shown_on_the_category_that_the_holder_has() -> None:
    world = ExtensionWorld()
    person, photo = world.person, photo_jpeg()
    said = {
        "name": person.name,
        "sex": person.get_sex_display(),
        "birth_date": person.birth_date,
        "photo_jpeg": photo,
        "today": TODAY,
    }
    assert photo_sample(person, photo) == sample_png(**said, category="B", post="项目负责人")
    assert photo_sample(person, photo) != sample_png(**said), "which is that of a safety officer"

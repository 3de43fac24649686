"""An employment is renewed in place: proposed by the enterprise, confirmed on the phone, without a gap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from certificates.models import Certificate
from common.findings import Refused
from employment.expiry.services import end_expired_contracts
from employment.models import Employment, FormerTerms
from employment.proposing.proposals import why_not_now
from employment.relations.services import end_by_enterprise
from employment.renewing.services import Proposed, ProposedTerms, propose_terms
from exams.models import ExamEntry
from tests.clock import Clock
from tests.concurrency import at_once
from tests.employment.story import NOW, TODAY, Story, messages_of
from tests.exams.exam_world import make_batch, make_entry
from tests.factories import actor, make_employment, make_enterprise, make_operator, make_person
from tests.workflow.browsing import browser, seen_on, words
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Status
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.deadlines import apply_deadlines

SOON, LATER = date(2026, 12, 5), date(2029, 12, 5)


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def ending_soon(story: Story) -> Story:
    Employment.objects.filter(pk=story.employment.pk).update(contract_to=SOON)
    story.employment.refresh_from_db()
    return story


def proposed(story: Story, *posts: str, until: date | None = LATER) -> Proposed:
    wanted = ProposedTerms(story.employment.pk, posts or ("08",), until)
    return propose_terms([wanted], actor=actor(story.operator), now=NOW)


def filed(story: Story, *posts: str, until: date | None = LATER) -> Application:
    return proposed(story, *posts, until=until).filed[story.employment.pk]


def codes(story: Story, *posts: str, until: date | None = LATER) -> list[str]:
    return [finding.code for finding in proposed(story, *posts, until=until).refused[story.employment.pk]]


def agree(application: Application, story: Story) -> None:
    assert story.person.user is not None
    me = actor(story.person.user, is_verified=True)
    act(application.pk, action=Action.APPROVE, actor=me, detail={"second_verification": True}, now=NOW)


@pytest.mark.django_db
def test_the_journey_through_the_pages_from_the_reminder_to_the_new_contract(ending_soon: Story) -> None:
    story = ending_soon
    desk, phone = browser(story.operator), browser(story.person.user, verified=True)
    assert "劳动合同即将到期" in words(phone.get("/person/employment/"))
    staff = desk.get("/enterprise/employment/?contract=soon")
    address = f"/enterprise/employment/{story.employment.pk}/renew/"
    assert address in staff.content.decode()
    assert "2026年12月5日" in words(desk.get(address))
    seen = seen_on(desk, address)
    for bad, sentence in (
        ({"posts": ["08"], "contract_to": SOON.isoformat()}, "填写的内容与现在登记的相同"),
        ({"posts": ["08"], "contract_to": "2026-11-22"}, "不能早于今天"),
        ({"posts": ["08"], "contract_to": "2020-01-01"}, "不能早于开始日期"),
        ({"posts": [], "contract_to": LATER.isoformat()}, "请至少选择一个职务"),
    ):
        answer = desk.post(address, seen | bad)
        assert answer.status_code in (400, 409)
        assert sentence in words(answer)
    answer = desk.post(address, seen | {"posts": ["07", "08"], "contract_to": "2029年12月5日"}, follow=True)
    assert "到期后仍未确认的，聘用关系会自动解除" in words(answer)
    application = Application.objects.get()
    both_sides = ("项目负责人、专职安全生产管理人员", "2026年12月5日", "2029年12月5日")
    for page in (
        desk.get(f"/applications/{application.number}/"),
        desk.get("/enterprise/employment/?tab=proposals"),
        phone.get("/person/employment/"),
        phone.get("/person/"),
        phone.get(f"/m/applications/{application.number}/"),
        phone.get(f"/m/applications/{application.number}/accept/"),
    ):
        assert all(one in words(page) for one in both_sides), page.request["PATH_INFO"]
    assert "变更待本人确认" in words(desk.get("/enterprise/employment/"))
    assert desk.post(address, {"posts": ["08"], "contract_to": "2030-01-01"}).status_code == 409
    answer = phone.post(f"/m/applications/{application.number}/accept/", follow=True)
    assert "已同意" in words(answer)
    present = Employment.objects.active().get()
    assert (present.pk, present.posts, present.contract_to) == (story.employment.pk, ["07", "08"], LATER)
    for page in (phone.get("/person/employment/"), desk.get("/enterprise/employment/")):
        assert "原来的约定（变更1次）" in words(page)
    assert "已办结" in "".join(messages_of(story.enterprise.mailbox))


@pytest.mark.django_db
def test_terms_that_changed_while_the_page_was_open_are_shown_and_what_was_typed_stays(story: Story) -> None:
    desk, address = browser(story.operator), f"/enterprise/employment/{story.employment.pk}/renew/"
    seen = seen_on(desk, address)
    agree(filed(story, "07", until=SOON), story)
    answer = desk.post(address, seen | {"posts": ["08"], "contract_to": "2030-01-01"})
    assert answer.status_code == 409
    page = words(answer)
    assert "打开页面之后，登记的职务或合同期已经变化" in page
    assert "现在登记的职务：项目负责人；合同期：" in page
    assert 'value="2030-01-01"' in answer.content.decode()
    assert Application.objects.filter(is_open=True).count() == 0
    typed = {"posts": ["08"], "contract_to": "2030-01-01"}
    assert desk.post(address, seen_on(desk, address) | typed).status_code == 302
    assert Application.objects.filter(is_open=True).count() == 1


@pytest.mark.django_db
def test_everything_that_hangs_on_the_employment_stays() -> None:
    """Certificate, open application and exam entry, with the same row of the employment."""
    world = ExtensionWorld()
    employment = Employment.objects.get(person=world.person)
    Employment.objects.update(contract_to=SOON)
    extension, entry = world.file(), make_entry(world.person, world.enterprise, make_batch())
    before = Certificate.objects.get(pk=world.certificate.pk)
    wanted = ProposedTerms(employment.pk, tuple(employment.posts), None)
    result = propose_terms([wanted], actor=actor(world.operator), now=NOW)
    me = actor(world.person_user, is_verified=True)
    act(result.filed[employment.pk].pk, action=Action.APPROVE, actor=me, detail={"second_verification": True}, now=NOW)
    assert end_expired_contracts(now=NOW + timedelta(days=30)) == 0
    extension.refresh_from_db()
    after = Certificate.objects.get(pk=world.certificate.pk)
    assert (extension.is_open, Employment.objects.active().get().pk) == (True, employment.pk)
    assert (after.display_status, ExamEntry.objects.get().state) == (before.display_status, entry.state)


@pytest.mark.django_db
def test_declined_withdrawn_or_expired_it_leaves_everything_as_it_was(ending_soon: Story) -> None:
    story = ending_soon
    assert story.person.user is not None
    me = actor(story.person.user, is_verified=True)
    first = filed(story)
    act(first.pk, action=Action.REJECT, actor=me, comment="期限不对", detail={"second_verification": True}, now=NOW)
    second = filed(story)
    act(second.pk, action=Action.WITHDRAW, actor=actor(story.operator), now=NOW)
    third = filed(story, until=None)
    assert third.due_on is not None
    apply_deadlines(now=NOW + timedelta(days=16))
    statuses = [Application.objects.get(pk=one.pk).status for one in (first, second, third)]
    assert statuses == [Status.REJECTED, Status.WITHDRAWN, Status.CLOSED]
    assert (story.ended().contract_to, FormerTerms.objects.count()) == (SOON, 0)
    closed = words(browser(story.operator).get("/enterprise/employment/?tab=closed"))
    assert closed.count("续签、变更") >= 3


@pytest.mark.django_db
def test_refusals_say_what_stands_in_the_way(ending_soon: Story) -> None:
    story = ending_soon
    assert codes(story, until=SOON) == ["renewal.nothing"]
    asked = story.filed()
    assert codes(story) == ["renewal.ending"]
    act(asked.pk, action=Action.WITHDRAW, actor=story.me, now=NOW)
    stranger = make_operator(make_enterprise())
    wanted = ProposedTerms(story.employment.pk, ("08",), LATER)
    other = propose_terms([wanted], actor=actor(stranger), now=NOW)
    assert [one.code for one in other.refused[story.employment.pk]] == ["renewal.not_yours"]
    assert browser(stranger).get(f"/enterprise/employment/{story.employment.pk}/renew/").status_code == 404
    renewal = filed(story)
    with pytest.raises(Refused) as refused:
        story.filed()
    assert "employment.renewal_waits" in [finding.code for finding in refused.value.findings]
    end_by_enterprise(employment_id=story.employment.pk, actor=actor(story.operator), note="解除", now=NOW)
    renewal.refresh_from_db()
    assert renewal.status == Status.CLOSED
    assert codes(story) == ["renewal.ended"]
    page = words(browser(story.operator).get(f"/enterprise/employment/{story.employment.pk}/renew/"))
    assert "由企业重新发起聘用" in page


@pytest.mark.django_db
def test_a_set_is_proposed_row_by_row() -> None:
    enterprise = make_enterprise()
    operator = make_operator(enterprise)
    rows = [make_employment(make_person(), enterprise, "08", contract_to=SOON) for _ in range(3)]
    wanted = [ProposedTerms(row.pk, ("08",), SOON if row is rows[1] else LATER) for row in rows]
    result = propose_terms(wanted, actor=actor(operator), now=NOW)
    assert (list(result.filed), list(result.refused)) == ([rows[0].pk, rows[2].pk], [rows[1].pk])


@pytest.mark.django_db(transaction=True)
def test_two_proposals_and_an_end_at_the_same_moment_leave_one_answer(ending_soon: Story) -> None:
    story = ending_soon

    def propose() -> int:
        return len(proposed(story).filed)

    done = at_once([propose, propose, propose])
    assert sum(one for one in done if isinstance(one, int)) == 1, done
    application = Application.objects.get(is_open=True)

    def end() -> int:
        end_by_enterprise(employment_id=story.employment.pk, actor=actor(story.operator), note="解除", now=NOW)
        return 0

    def accept() -> int:
        agree(application, story)
        return 0

    at_once([end, accept])
    application.refresh_from_db()
    assert not story.ended().is_active
    assert (application.status == Status.APPROVED) == FormerTerms.objects.exists()
    assert not application.is_open


@pytest.mark.django_db(transaction=True)
def test_a_renewal_and_a_request_to_leave_never_stand_beside_each_other(ending_soon: Story) -> None:
    story = ending_soon

    def propose() -> bool:
        return bool(proposed(story).filed)

    def leave() -> bool:
        try:
            return story.filed().is_open
        except Refused:
            return False

    assert sorted(at_once([propose, leave]), key=str) == [False, True]
    assert Application.objects.filter(is_open=True).count() == 1


@pytest.mark.django_db
def test_whoever_agrees_is_not_shown_other_terms_than_those_that_count(ending_soon: Story) -> None:
    story = ending_soon
    application = filed(story)
    Employment.objects.update(contract_to=TODAY + timedelta(days=3))
    with pytest.raises(Refused) as refused:
        agree(application, story)
    assert [finding.code for finding in refused.value.findings] == ["renewal.outdated"]


@pytest.mark.django_db
def test_the_finding_of_a_second_proposal_leads_to_the_renewal(story: Story) -> None:
    (finding,) = why_not_now(story.person, story.enterprise)
    assert finding.cure is not None
    assert (finding.cure.url_name, finding.cure.kwargs) == ("employment:renew", {"pk": story.employment.pk})

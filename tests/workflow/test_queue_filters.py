"""The queue of a desk: filters, orders, pages of a size, and filters that a reviewer keeps under a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from certificates.enums import Category
from certificates.models import CertificateItem
from enterprises.models import Enterprise
from tests.factories import actor, make_enterprise
from workflow.enums import CATEGORIES, Action
from workflow.models import Application, QueueView
from workflow.selectors.lists import queue
from workflow.selectors.queue_place import ordered, place_in
from workflow.services.acting import act
from workflow.services.deadlines import apply_deadlines
from workflow.services.filing import resubmit
from workflow.views.desk_filters import ORDERS, DeskFilters
from workflow.views.queue import kinds_at

from .browsing import NOW, browser, words
from .test_handing_over import QUEUE, Section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def shown(section: Section, query: str = "") -> list[int]:
    page = browser(section.first).get(f"{QUEUE}?{query}")
    assert page.status_code == 200
    return [row.application.pk for row in page.context["rows"]]


def change(application: Application, **values: object) -> None:
    Application.objects.filter(pk=application.pk).update(**values)


def test_a_case_that_was_returned_is_marked_and_found_again() -> None:
    section = Section(cases=2)
    case = section.cases[0]
    act(case.pk, action=Action.RETURN, actor=actor(section.first), comment="补照片", now=NOW)
    resubmit(case.pk, actor=section.world.filer, now=NOW)
    case.refresh_from_db()
    while case.holder_office_id is None:
        act(case.pk, action=Action.APPROVE, actor=section.world.holder(case), now=NOW)
        case.refresh_from_db()
    assert shown(section, "marked=returned") == [case.pk]
    assert "退回过" in words(browser(section.first).get(f"{QUEUE}?marked=returned&kind=extension"))


def test_what_is_deemed_accepted_is_marked() -> None:
    section = Section(cases=2)
    late = section.cases[1]
    change(late, due_on=NOW.date() - timedelta(days=3))
    apply_deadlines(now=NOW)
    late.refresh_from_db()
    assert late.deemed_accepted
    assert shown(section, "marked=deemed") == [late.pk]
    page = browser(section.first).get(QUEUE)
    (row,) = (row for row in page.context["rows"] if row.application.pk == late.pk)
    assert row.edge == "is-late"
    assert words(page).count("视为受理") == 2  # the filter and the row


def test_filters_by_remark_region_day_and_due() -> None:
    section = Section(cases=4)
    flagged, elsewhere, old, today = section.cases
    change(flagged, flags=["原单位逾期未确认"])
    change(elsewhere, region_id="360121")
    change(old, desk_entered_at=NOW - timedelta(days=9))
    change(today, due_on=NOW.date())
    everything = {one.pk for one in section.cases}
    assert shown(section, "marked=flagged") == [flagged.pk]
    assert shown(section, "region=360121") == [elsewhere.pk]
    assert set(shown(section, "region=360100")) == everything
    assert shown(section, "region=360500") == []
    assert shown(section, "due=today") == [today.pk]
    day = (NOW - timedelta(days=9)).date()
    assert shown(section, f"until={day}") == [old.pk]
    assert shown(section, f"since={day}&until=2026年11月14日") == [old.pk]
    assert set(shown(section, f"since={day + timedelta(days=1)}")) == everything - {old.pk}
    for wrong in ("region=%27x", "since=gestern", "marked=x", "size=7", "sort=payload", "due=x&used=y&until=0000"):
        assert set(shown(section, wrong)) == everything, wrong


def test_columns_sort_both_ways_and_pages_have_a_size() -> None:
    section = Section(cases=3)
    for days, case in zip((5, 1, 3), section.cases, strict=True):
        change(case, desk_entered_at=NOW - timedelta(days=days), due_on=NOW.date() + timedelta(days=days))
    by_arrival = [section.cases[place].pk for place in (0, 2, 1)]
    assert shown(section, "sort=entered") == by_arrival
    assert shown(section, "sort=-entered") == by_arrival[::-1]
    assert shown(section, "sort=-due") == by_arrival
    assert shown(section, "sort=due") == by_arrival[::-1]
    assert shown(section, "sort=kind") == by_arrival[::-1]
    assert shown(section, "sort=-kind") == by_arrival
    page = browser(section.first).get(f"{QUEUE}?sort=-entered&size=100")
    assert 'aria-sort="descending"' in page.content.decode()
    assert page.context["review_query"] == "sort=-entered&size=100"


@pytest.mark.parametrize("sort", sorted(ORDERS))
def test_the_next_case_follows_the_order_of_the_list(sort: str) -> None:
    section = Section(cases=3)
    for days, case in zip((5, 1, 3), section.cases, strict=True):
        change(case, desk_entered_at=NOW - timedelta(days=days), due_on=NOW.date() + timedelta(days=2 * days))
    listed = shown(section, f"sort={sort}")
    client = browser(section.first)
    cases = {one.pk: Application.objects.get(pk=one.pk) for one in section.cases}
    waiting = Application.objects.filter(pk__in=cases)
    for place, pk in enumerate(listed):
        found = place_in(waiting, cases[pk], free=Q(), order=ORDERS[sort])
        assert (found.position, found.total) == (str(place + 1), "3")
        assert found.next_number == cases[listed[(place + 1) % 3]].number
    first, second = cases[listed[0]], cases[listed[1]]
    answer = client.post(f"/office/applications/{first.number}/?sort={sort}", {"action": "approve"})
    assert answer["Location"] == f"/office/applications/{second.number}/?sort={sort}"


def test_filters_are_kept_under_a_name_and_shared_by_their_address() -> None:
    section = Section()
    client = browser(section.first)
    said = words(client.post(f"{QUEUE}?kind=extension&due=late&cursor=x", {"keep_view": " 延续  超期 "}, follow=True))
    assert "已存为常用筛选“延续超期”" in said
    kept = QueueView.objects.get()
    assert (kept.name, kept.query) == ("延续 超期", "kind=extension&due=late")
    page = client.get(f"{QUEUE}?{kept.query}")
    (own,) = (view for view in page.context["views"] if view["is_own"])
    assert own["is_current"]
    assert "删除常用筛选" in words(page)
    # A colleague opens the address and has none of the names.
    other = browser(section.second).get(f"{QUEUE}?{kept.query}")
    assert not any(view["is_own"] for view in other.context["views"])
    browser(section.second).post(QUEUE, {"drop_view": kept.name})
    assert QueueView.objects.exists()
    client.post(f"{QUEUE}?kind=extension", {"keep_view": "延续 超期"})
    assert QueueView.objects.get().query == "kind=extension"
    client.post(QUEUE, {"drop_view": kept.name})
    assert not QueueView.objects.exists()


def test_a_name_is_short_filters_are_not_empty_and_views_are_few() -> None:
    section = Section()
    client = browser(section.first)
    assert "还没有筛选条件" in words(client.post(QUEUE, {"keep_view": "全部"}, follow=True))
    assert "请填写1至20个字的名称" in words(client.post(f"{QUEUE}?due=late", {"keep_view": "超" * 21}, follow=True))
    assert "太长" in words(client.post(f"{QUEUE}?q={'x' * 600}", {"keep_view": "长"}, follow=True))
    for number in range(13):
        last = client.post(f"{QUEUE}?due=late", {"keep_view": f"第{number}"}, follow=True)
    assert "每个环节最多存12个" in words(last)
    assert QueueView.objects.count() == 12


def test_a_page_costs_the_same_with_all_filters_and_many_rows() -> None:
    counted = []
    section = Section(cases=1)
    client = browser(section.first)
    query = "region=360100&marked=&sort=entered&since=2026-01-01"
    for more in (0, 3):
        for _ in range(more):
            section.cases.append(section._at_municipal(section.world.another()))
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{QUEUE}?{query}")
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_filters_by_category_and_enterprise_and_sorts_by_both() -> None:
    assert tuple(Category.values) == CATEGORIES
    section = Section(cases=3)
    first, second, third = section.cases
    for case in section.cases:
        item = CertificateItem.objects.select_related("certificate").get(application=case)
        assert item.certificate is not None
        assert Application.objects.get(pk=case.pk).category == item.certificate.category, "taken when it was submitted"
    other = make_enterprise("江西䶮乙建筑有限公司")
    change(first, category="C1")
    change(second, category="C2", enterprise=other)
    change(third, category="A")
    assert shown(section, "category=C1") == [first.pk]
    assert shown(section, "category=C3") == []
    assert shown(section, "firm=䶮乙") == [second.pk]
    assert shown(section, f"firm={other.uscc[:8].lower()}&category=C2") == [second.pk]
    assert shown(section, "firm=没有这家企业") == []
    assert shown(section, "sort=category") == [third.pk, first.pk, second.pk]
    assert shown(section, "sort=-category") == [second.pk, first.pk, third.pk]
    Application.objects.filter(pk=third.pk).update(enterprise=None)
    listed = shown(section, "sort=enterprise")
    assert listed[0] == third.pk
    assert shown(section, "sort=-enterprise") == listed[::-1]
    everything = {one.pk for one in section.cases}
    for wrong in ("category=Z", "firm=%20", "firm=" + "x" * 300):
        assert set(shown(section, wrong)) == everything, wrong
    client = browser(section.first)
    client.post(f"{QUEUE}?category=C1&firm=䶮甲", {"keep_view": "机械类"})
    assert "category=C1" in QueueView.objects.get().query
    assert "firm=" in QueueView.objects.get().query


def test_a_claim_tells_the_category_of_what_is_not_there_yet() -> None:
    section = Section()
    case = section.case
    item = CertificateItem.objects.get(application=case)
    for claim, category in (
        ("person:7:C3", "C3"), ("person:7:A:12:13", "A"), ("number:赣建安B（2019）0000001", "B"), ("number:赣建安C（2009）1", ""),
        ("appeal:7", ""),
    ):  # fmt: skip
        CertificateItem.objects.filter(pk=item.pk).update(certificate=None, claim_key=claim)
        act(case.pk, action=Action.RETURN, actor=actor(section.first), comment="补", now=NOW)
        change(case, status="in_review", desk="municipal", holder_office=section.office, holder_person=None)
        assert Application.objects.get(pk=case.pk).category == category, claim


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("category=C1", "queue_category"),
        ("sort=-category", "queue_category"),
        ("sort=enterprise", "queue_firm_name"),
        ("sort=-applicant", "queue_applicant"),
        ("sort=marks", "queue_marks"),
        ("firm=江西", "queue_firm"),
    ],
)
def test_an_index_answers_in_the_order_of_the_list(query: str, index: str) -> None:
    section = Section()
    by = actor(section.first)
    filters = DeskFilters(QueryDict(query), kinds=kinds_at("municipal"), actor=by, desk="municipal")
    rows = ordered(filters.narrowed(queue(by, "municipal")), filters.order)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        # It has the same order and no filter: among a handful of rows the planner may take either.
        cursor.execute("DROP INDEX queue_desk")
    assert index in rows.explain()


def test_names_sort_by_their_sound_and_marks_by_their_weight() -> None:
    section = Section(cases=4)
    names = ("张三", "Ångström", "李四", "䶮乙")
    firms = ("中天建设", "安达建设", "江西建工", "上饶建设")
    for case, name, firm in zip(section.cases, names, firms, strict=True):
        Person.objects.filter(pk=case.person_id).update(name=name)
        change(case, enterprise=make_enterprise(f"{firm}有限公司"))
    first, second, third, fourth = (case.pk for case in section.cases)
    assert shown(section, "sort=applicant") == [second, third, first, fourth]
    assert shown(section, "sort=-applicant") == [fourth, first, third, second]
    assert shown(section, "sort=enterprise") == [second, third, fourth, first]
    change(section.cases[0], flags=["注意"])
    change(section.cases[1], deemed_accepted=True)
    change(section.cases[2], was_returned=True, flags=["注意"])
    assert shown(section, "sort=marks") == [third, second, first, fourth]
    assert shown(section, "sort=-marks") == [fourth, first, second, third]
    page = browser(section.first).get(QUEUE).content.decode()
    assert all(f"sort={key}" in page for key in ("applicant", "enterprise", "marks"))
    assert "sort=use" not in page, "who is at a case runs out with time, and no index has that order"


def test_a_new_name_moves_the_open_cases_of_its_bearer() -> None:
    section = Section(cases=2)
    first, second = section.cases
    Person.objects.filter(pk__in=[first.person_id, second.person_id]).update(name="李四")
    Enterprise.objects.filter(pk__in=[first.enterprise_id, second.enterprise_id]).update(name="江西建工")
    Person.objects.filter(pk=second.person_id).update(name="安三")
    assert shown(section, "sort=applicant") == [second.pk, first.pk]
    Person.objects.filter(pk=second.person_id).update(name="周三")
    assert shown(section, "sort=applicant") == [first.pk, second.pk]
    own = make_enterprise("中天建设")
    change(second, enterprise=own)
    assert shown(section, "sort=enterprise") == [first.pk, second.pk]
    Enterprise.objects.filter(pk=own.pk).update(name="安达建设")
    assert shown(section, "sort=enterprise") == [second.pk, first.pk]
    change(second, person=None)
    assert shown(section, "sort=applicant") == [second.pk, first.pk], "without a person the enterprise's name counts"
    Enterprise.objects.filter(pk=own.pk).update(name="中天建设")
    assert shown(section, "sort=applicant") == [first.pk, second.pk]


def test_no_name_keeps_a_case_from_being_filed() -> None:
    section = Section(cases=1)
    for name in ("𬭎" * 60, "\U0010fffd\ue000", "é" * 100, "A·B"):
        Person.objects.filter(pk=section.case.person_id).update(name=name)
        change(section.case, status="in_review")
        assert 0 < len(Application.objects.get(pk=section.case.pk).applicant_sort) <= 160

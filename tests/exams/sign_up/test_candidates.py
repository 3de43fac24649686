"""The page on which a clerk ticks people: filters, ticks that stay, and one commitment, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from exams.models import CandidateList, ExamEntry
from exams.sign_up.nightly import run_candidate_lists
from exams.sign_up.picking import MOST_PICKED, keep_picks, list_of, picks_in
from tests.clock import Clock
from tests.exams.exam_world import NOW, ExamWorld, make_batch, make_candidate, make_entry, text
from tests.factories import make_enterprise, make_operator
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def address(world: ExamWorld, **query: str) -> str:
    words = "&".join(f"{key}={value}" for key, value in {"category": "C2", **query}.items())
    return f"/enterprise/exams/{world.batch.pk}/?{words}"


def names(page: str) -> list[str]:
    return re.findall(r'<span class="name">([^<]+)</span><br>', page)


def press(client: Client, page_address: str, *ticked: Person, **fields: Any) -> Any:
    """Sends what the form holds: who is shown, who is ticked, and the button."""
    shown = re.findall(r'name="shown" value="(\d+)"', text(client, page_address))
    posts = {f"post_{pk}": "08" for pk in shown}
    sent = {"shown": shown, "picked": [one.pk for one in ticked], "show": "", "category": "C2", "name": "", **posts}
    return client.post(page_address, sent | fields)


def everybody(world: ExamWorld) -> None:
    make_candidate(world.enterprise, "章晓生")
    make_candidate(world.enterprise, "甲无照", photo=False)
    make_candidate(world.enterprise, "乙无照无学历", photo=False, education="", professional_title="")
    make_candidate(world.enterprise, "丙学历低", education="junior_middle", professional_title="")
    make_entry(make_candidate(world.enterprise, "丁已报"), world.enterprise, world.batch, state="entered")
    make_entry(make_candidate(world.enterprise, "戊报别批"), world.enterprise, make_batch(name="下一批"))


def test_without_a_category_it_shows_the_one_of_most_people_and_keeps_it(world: ExamWorld) -> None:
    client, bare = browser(world.operator), f"/enterprise/exams/{world.batch.pk}/"
    make_candidate(world.enterprise, "项目经理", "07")
    assert 'action="?category=B"' in text(client, bare)
    for name in ("章晓生", "李小安"):
        make_candidate(world.enterprise, name)
    page = text(client, bare)
    assert "报考 C1证的人员" in page
    assert 'action="?category=C1"' in page, "the ticks are those of the category that was shown"


def test_several_reasons_stand_in_one_line_and_are_explained_below(world: ExamWorld) -> None:
    make_candidate(world.enterprise, "乙无照无学历", photo=False, education="", professional_title="")
    page = text(browser(world.operator), address(world))
    assert re.search(r"<summary>[^<]*；[^<]*</summary>", page)
    assert "由本人办理" in page


def test_each_filter_shows_its_own_people_with_their_number(world: ExamWorld) -> None:
    everybody(world)
    client = browser(world.operator)
    expected = {
        "fit": ["章晓生"],
        "lacking": ["乙无照无学历", "甲无照"],
        "unfit": ["丙学历低"],
        "entered": ["丁已报", "戊报别批"],
        "unentered": ["章晓生", "乙无照无学历", "甲无照", "丙学历低"],
    }
    for show, found in expected.items():
        page = text(client, address(world, show=show))
        assert sorted(names(page)) == sorted(found), show
        assert re.search(rf'value="show:{show}" aria-current="true">\S+\s*<span class="num">{len(found)}<', page)
    assert names(text(client, address(world)))[0] == "章晓生"  # whoever can be entered stands first
    assert names(text(client, address(world, show="nonsense"))) == names(text(client, address(world)))


def test_any_part_of_a_name_finds_and_rare_characters_too(world: ExamWorld) -> None:
    everybody(world)
    make_candidate(world.enterprise, "买买提·𬭎䶮")
    client = browser(world.operator)
    for part, found in (("晓", "章晓生"), ("𬭎", "买买提·𬭎䶮"), ("·", "买买提·𬭎䶮"), ("䶮", "买买提·𬭎䶮")):
        assert names(text(client, address(world, name=part))) == [found]
    assert "没有这样的人员" in text(client, address(world, name="无此人"))


def test_posts_narrow_a_category_with_several(world: ExamWorld) -> None:
    make_candidate(world.enterprise, "甲经理", "02")
    make_candidate(world.enterprise, "乙技术", "03")
    client = browser(world.operator)
    assert names(text(client, address(world, category="A", post="03"))) == ["乙技术"]
    assert len(names(text(client, address(world, category="A")))) == 2


def test_who_is_entered_is_blue_and_never_refused(world: ExamWorld) -> None:
    everybody(world)
    page = text(browser(world.operator), address(world, show="entered"))
    assert page.count('<span class="mark info">已报名</span>') == 2
    assert "下一批" in page
    assert "不能报名" not in page
    assert "未满足" not in page


def test_what_lacks_is_named_apart_from_what_cannot_be_helped(world: ExamWorld) -> None:
    everybody(world)
    page = text(browser(world.operator), address(world))
    assert '<span class="mark warn">缺证件照、缺学历</span>' in page
    assert page.count('<span class="mark bad">不能报名</span>') == 1


def test_ticks_stay_over_pages_filters_and_logins_and_one_commitment_enters_all(world: ExamWorld) -> None:
    people = [make_candidate(world.enterprise, f"人{number:02d}") for number in range(23)]
    client = browser(world.operator)
    answer = press(client, address(world), people[0], people[3], go="page:2")
    assert answer["Location"] == f"/enterprise/exams/{world.batch.pk}/?category=C2&page=2"
    second = text(client, address(world, page="2"))
    assert names(second) == ["人20", "人21", "人22"]
    assert '其他页已选 <b class="num">2</b> 人' in second
    press(client, address(world, page="2"), people[21], go="filter", name="人03")
    again = browser(world.operator)
    page = text(again, address(world, name="人03"))
    assert "本页已选 1 人" in page
    assert '其他页已选 <b class="num">2</b> 人' in page
    assert f'value="{people[3].pk}" aria-label="选择 人03" checked' in page
    press(again, address(world, name="人03"), go="show:fit")  # the tick is taken away
    answer = press(again, address(world), people[0], commitment="on", follow=True)
    assert ExamEntry.objects.count() == 2
    assert {entry.person for entry in ExamEntry.objects.all()} == {people[0], people[21]}
    assert picks_in(CandidateList.objects.get()) == {}


def test_missing_ticks_and_missing_commitment_are_told_together_in_full(world: ExamWorld) -> None:
    make_candidate(world.enterprise, "章晓生")
    answer = press(browser(world.operator), address(world))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "请先勾选要报名的人员" in page
    summary = page.split('class="summary"')[1].split("</div>\n</div>")[0]
    assert "请阅读并勾选承诺" in summary
    assert "所填内容真实，并通知其按时参加考试。" in summary


def test_ticks_are_a_clerks_own_can_be_cleared_and_have_a_limit(world: ExamWorld) -> None:
    person = make_candidate(world.enterprise, "章晓生")
    client = browser(world.operator)
    press(client, address(world), person, go="show:")
    colleague = browser(make_operator(world.enterprise))
    assert "本页已选 0 人" in text(colleague, address(world))
    press(client, address(world), person, go="clear")
    assert "本页已选 0 人" in text(client, address(world))
    kept = list_of(world.batch.pk, world.operator.pk, "C2")
    keep_picks(kept, picked=dict.fromkeys(range(10**6, 10**6 + MOST_PICKED), "08"), shown=[])
    answer = press(client, address(world), person, go="page:2")
    assert answer.status_code == 409
    assert f"一次最多为 {MOST_PICKED} 人报名" in answer.content.decode()
    kept = list_of(world.batch.pk, world.operator.pk, "C2")
    assert len(picks_in(kept)) == MOST_PICKED


def test_somebody_who_has_left_is_not_among_the_ticks(world: ExamWorld) -> None:
    person = make_candidate(world.enterprise, "章晓生")
    client = browser(world.operator)
    press(client, address(world), person, go="show:")
    Person.objects.filter(pk=person.pk).update(id_photo="")
    page = text(client, address(world))
    assert "为勾选的人员报名" not in page


def test_lists_are_forgotten_when_sign_up_is_over(world: ExamWorld, clock: Clock) -> None:
    person = make_candidate(world.enterprise)
    press(browser(world.operator), address(world), person, go="show:")
    assert run_candidate_lists(None) == {"forgotten": 0}  # type: ignore[arg-type]
    clock.stop_at(NOW + timedelta(days=8))
    assert run_candidate_lists(None) == {"forgotten": 1}  # type: ignore[arg-type]


def test_one_three_and_three_hundred_take_the_same_queries(
    world: ExamWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    client = browser(world.operator)
    make_entry(make_candidate(make_enterprise()), make_enterprise(), world.batch)
    counts = []
    for more in (1, 2, 297):
        for number in range(more):
            make_candidate(world.enterprise, f"人{number}")
        counts.append(count_queries(lambda: text(client, address(world))))
    assert len(set(counts)) == 1, counts

"""The public notice board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from administration.models import Notice, NoticeLine
from administration.notices.services import publish_notice, withdraw_notice_lines

pytestmark = pytest.mark.django_db


def make_notice(title: str = "关于系统升级的公告", **fields: object) -> Notice:
    return Notice.objects.create(**{"title": title, "body": "正文", "published_at": timezone.now()} | fields)


@pytest.fixture(autouse=True)
def empty_board() -> None:
    Notice.objects.all().delete()


def test_only_public_notices_are_listed_newest_first(client: Client) -> None:
    now = timezone.now()
    for days in (3, 1, 2):
        make_notice(f"第 {days} 天前的公告", published_at=now - timedelta(days=days))
    make_notice("明天的公告", published_at=now + timedelta(days=1))
    make_notice("撤下的公告", withdrawn_at=now)
    page = client.get("/notices/").text
    places = [page.index(f"第 {days} 天前的公告") for days in (1, 2, 3)]
    assert places == sorted(places)
    assert "明天的公告" not in page
    assert "撤下的公告" not in page


def test_the_kind_filters(client: Client) -> None:
    make_notice("注销一批证书", kind="cancellation")
    make_notice("通知一则")
    page = client.get("/notices/?kind=cancellation").text
    assert "注销一批证书" in page
    assert "通知一则" not in page
    assert "这一类别还没有公告" in client.get("/notices/?kind=transfer").text
    assert "通知一则" in client.get("/notices/?kind=nonsense").text


def test_an_empty_board_says_so(client: Client) -> None:
    assert "目前没有公告" in client.get("/notices/").text


def test_pages_follow_each_other_without_gaps(client: Client) -> None:
    moment = timezone.now()
    for number in range(45):
        make_notice(f"公告{number:02d}", published_at=moment)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("/notices/", {"cursor": cursor}).context["page"]
        seen += [notice.title for notice in page.items]
        cursor = page.next_cursor
    assert len(seen) == len(set(seen)) == 45


def test_the_list_costs_the_same_for_one_and_three(
    client: Client, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    make_notice()
    one = count_queries(lambda: client.get("/notices/"))
    make_notice()
    make_notice()
    assert count_queries(lambda: client.get("/notices/")) == one


def test_the_body_is_plain_text_with_line_breaks(client: Client) -> None:
    notice = make_notice(body="第一行\n第二行\n\n<script>alert(1)</script>")
    page = client.get(f"/notices/{notice.pk}/").text
    assert "第一行<br>第二行" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("days", [0, 1])
def test_a_notice_taken_down_says_so(client: Client, days: int) -> None:
    notice = make_notice(withdrawn_at=timezone.now() - timedelta(days=days))
    answer = client.get(f"/notices/{notice.pk}/")
    assert answer.status_code == 404
    assert "这则通知已经撤下" in answer.text
    assert notice.title not in answer.text


def test_what_is_not_published_yet_is_not_found(client: Client) -> None:
    notice = make_notice(published_at=timezone.now() + timedelta(days=1))
    answer = client.get(f"/notices/{notice.pk}/")
    assert answer.status_code == 404
    assert "这则公告" not in answer.text


def test_an_overturned_line_is_struck_out(client: Client) -> None:
    now = timezone.now()
    lines = [
        ("certificate_event:1", "赣建安A（2019）0000001，张*三"),
        ("certificate_event:2", "赣建安A（2019）0000002，李*"),
    ]
    notice = publish_notice(
        kind="cancellation", title="注销公告", body="下列证书", lines=lines, office_id=None, now=now
    )
    withdraw_notice_lines(sources=["certificate_event:1"], reason="复议决定撤销", now=now)
    page = client.get(f"/notices/{notice.pk}/").text
    assert "<del>赣建安A（2019）0000001，张*三</del>" in page
    assert "已撤回：复议决定撤销" in page
    assert "<del>赣建安A（2019）0000002" not in page
    assert NoticeLine.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_lines_and_reasons_are_stored_whole() -> None:
    now, text, reason = timezone.now(), "赣建安A（2019）0000001，" + "长" * 320, "复议决定撤销，" * 60
    notice = publish_notice(
        kind="cancellation", title="注销公告", body="x", lines=[("certificate_event:1", text)], office_id=None, now=now
    )
    withdraw_notice_lines(sources=["certificate_event:1"], reason=reason, now=now)
    line = NoticeLine.objects.get(notice=notice)
    notice.refresh_from_db()
    assert (line.text, line.withdrawal_reason, notice.withdrawal_reason) == (text, reason, reason)


@pytest.mark.parametrize("address", ["/accessibility/", "/privacy/"])
def test_the_pages_of_the_footer_exist(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200
    assert f'href="{address}"' in client.get("/").text

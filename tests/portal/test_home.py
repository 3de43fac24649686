from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from administration.models import Notice

pytestmark = pytest.mark.django_db


def test_home_shows_doors_and_the_latest_public_notices(client: Client) -> None:
    now = timezone.now()
    for number in range(8):
        Notice.objects.create(title=f"第 {number} 号公告", body="正文", published_at=now - timedelta(days=number))
    Notice.objects.create(title="已撤下的公告", body="正文", withdrawn_at=now)
    Notice.objects.create(title="明天的公告", body="正文", published_at=now + timedelta(days=1))

    page = client.get("/").content.decode()

    assert "安全生产考核合格证书，一次不用跑" in page
    assert [f"第 {number} 号公告" in page for number in range(8)] == [True] * 6 + [False] * 2
    assert "已撤下的公告" not in page
    assert "明天的公告" not in page


def test_home_says_so_when_there_is_no_notice(client: Client) -> None:
    Notice.objects.update(withdrawn_at=timezone.now())
    assert "目前没有公告" in client.get("/").content.decode()


def test_home_asks_the_database_once_for_strangers(client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        client.get("/")


def test_unknown_address_answers_with_the_portals_own_page(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()

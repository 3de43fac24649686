"""The guides to results and to the appeal say what the parameters say."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from administration.models import Parameter
from tests.workflow.browsing import words

pytestmark = pytest.mark.django_db


def test_the_guides_follow_the_parameters(client: Client) -> None:
    page = client.get("/guides/").text
    assert 'href="/guides/exam_results/"' in page
    assert 'href="/guides/result_appeal/"' in page
    guide = words(client.get("/guides/exam_results/"))
    assert "成绩登记后15天内" in guide
    assert "自考试当天起6个月内不得再报名" in guide
    assert "成绩登记后15天内提出" in words(client.get("/guides/result_appeal/"))
    Parameter.objects.create(
        key="exam_appeal_days", value="30", effective_from=date(2026, 1, 1), document_number="赣建考〔2026〕1号"
    )
    assert "成绩登记后30天内" in words(client.get("/guides/exam_results/"))
    assert "成绩登记后30天内提出" in words(client.get("/guides/result_appeal/"))


def test_a_bar_of_no_months_is_not_announced(client: Client) -> None:
    Parameter.objects.create(
        key="bar_absence_months", value="0", effective_from=date(2026, 1, 1), document_number="赣建考〔2026〕2号"
    )
    guide = words(client.get("/guides/exam_results/"))
    assert "无故缺考的，自" not in guide
    assert "作弊经查实的，自查实之日起12个月内" in guide

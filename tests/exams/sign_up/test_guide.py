"""The guide to the sign-up says what the checks ask, with the figures of the day."""

from __future__ import annotations

import pytest
from django.test import Client

from administration.models import Parameter
from tests.clock import Clock
from tests.exams.exam_world import NOW, TODAY, text

pytestmark = pytest.mark.django_db


def test_the_guide_names_the_conditions_and_bars_of_the_day(client: Client, clock: Clock) -> None:
    clock.stop_at(NOW)
    assert 'href="/guides/exam/"' in text(client, "/guides/")
    page = text(client, "/guides/exam/")
    for words in (
        "在报名时间内",
        "与已报名的其他考试时间不冲突",
        "补考：12 个月内",
        "年满 18 周岁",
        "无故缺考的，6 个月内不能报名",
    ):
        assert words in page, words
    Parameter.objects.create(
        key="bar_absence_months", value=0, effective_from=TODAY, document_number="赣建办〔2026〕9号"
    )
    assert "无故缺考的" not in text(client, "/guides/exam/")

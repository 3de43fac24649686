"""Strangers copy names and numbers from anywhere."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.certificates.public.test_lookup import NOTHING, NOW, ask, make_holder
from tests.clock import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.mark.parametrize(
    "sign", ["\u200e", "\u2060", "\u00ad", "\u202a", "\u202c", "\u2066", "\u2069", "\ufe0f", "\U000e0100"]
)
def test_reading_m1_invisible_marks_change_nothing(client: Client, sign: str) -> None:
    certificate = make_holder("王小明")
    assert certificate.number in ask(
        client, certificate, number=f"{sign}{certificate.number}{sign}", name=f"王{sign}小明{sign}"
    )


@pytest.mark.parametrize(
    "name", ["艾合买提●买买提", "艾合买提—买买提", "艾合买提ㆍ买买提", "艾合买提 . 买买提", "艾合买提买买提"]
)
def test_reading_m11_a_name_is_found_with_any_separator(client: Client, name: str) -> None:
    certificate = make_holder("艾合买提·买买提")
    assert NOTHING not in ask(client, certificate, name=name)
    assert NOTHING in ask(client, certificate, name="艾合买提·买买")


@pytest.mark.parametrize("change", ["编号：{}", "“{}”", "{}号"])
def test_reading_m11_words_around_the_number_are_understood(client: Client, change: str) -> None:
    certificate = make_holder("王小明")
    assert NOTHING not in ask(client, certificate, number=change.format(certificate.number))

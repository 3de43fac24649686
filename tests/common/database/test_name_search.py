"""Every search by name finds parts of names, spelt in any way."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.models import Person
from common.database.name_search import organisation_named, person_named
from enterprises.models import Enterprise
from tests.factories import make_enterprise, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("小明", ["王小明"]), ("明", ["王小明"]), ("王 小", ["王小明"]), ("⼩明", ["王小明"]), ("王\ufe0f小", ["王小明"]),
        ("买提•买", ["艾合买提·买买提"]), ("提·买", ["艾合买提·买买提"]), ("买买", ["艾合买提·买买提"]), ("john", ["SMITH, JOHN"]),
        ("ＪＯＨＮ", ["SMITH, JOHN"]), ("%", []), ("_", []), ("\\", []), ("明王", []), ("𠮷", ["𠮷田"]),
        ("\u200b", ["SMITH, JOHN", "𠮷田", "王小明", "艾合买提·买买提"]),
    ],
)  # fmt: skip
def test_people_are_found_by_part_of_their_name(typed: str, found: list[str]) -> None:
    for name in ("王小明", "艾合买提·买买提", "SMITH, JOHN", "𠮷田"):
        make_person(name)
    assert sorted(Person.objects.filter(person_named("name", typed)).values_list("name", flat=True)) == sorted(found)


@pytest.mark.parametrize("typed", ["(集团)", "演示〔集团〕", "演示 （集团", "⻄演示", "JXYS", "ｊｘｙｓ"])
def test_enterprises_are_found_by_part_of_their_name(typed: str) -> None:
    make_enterprise("江西演示（集团）JXYS有限公司")
    make_enterprise("江西其他有限公司")
    assert Enterprise.objects.get(organisation_named("name", typed)).name == "江西演示（集团）JXYS有限公司"


@pytest.mark.parametrize(("model", "index"), [(Person, "person_name_parts"), (Enterprise, "enterprise_name_parts")])
def test_a_part_of_a_name_is_served_by_an_index(model: type[Person] | type[Enterprise], index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    assert index in model._default_manager.filter(person_named("name", "小明")).order_by("pk").explain()

"""Many rows are written by one statement, with the values that the models would write."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import DataError, connection, models, transaction
from django.test.utils import isolate_apps

from common.database.fields import EncryptedTextField
from common.database.set_inserts import insert_rows
from common.database.set_updates import update_rows

MOMENT = datetime.fromisoformat("2026-11-23T10:00:00+08:00")


class Mood(models.TextChoices):
    GOOD = "good", "好"


@pytest.fixture
def row_model(db: None) -> Iterator[Any]:
    with isolate_apps("common"):

        class Row(models.Model):
            word = models.CharField(max_length=5, blank=True)
            amount = models.DecimalField(max_digits=4, decimal_places=1, null=True)
            count = models.IntegerField(null=True)
            at = models.DateTimeField(null=True)
            on = models.DateField(null=True, db_column="day")
            is_so = models.BooleanField(default=False)
            token = models.UUIDField(null=True)
            content = models.JSONField(null=True)
            secret = EncryptedTextField(null=True)
            signs = ArrayField(models.CharField(max_length=20), null=True)
            other = models.ForeignKey("self", models.PROTECT, null=True)

            class Meta:
                app_label = "base"

        with connection.schema_editor() as editor:
            editor.create_model(Row)
        yield Row
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


FULL: dict[str, Any] = {
    "word": "全",
    "amount": Decimal("12.5"),
    "count": -7,
    "at": MOMENT,
    "on": date(2026, 2, 3),
    "is_so": True,
    "token": uuid.UUID(int=5),
    "content": {"甲": [1, None, "“引”'\"\\"]},
    "secret": "360102199001011234",
    "signs": ['甲,"乙"', "{\\}", "", "NULL", "two words"],
}
EMPTY = dict.fromkeys(FULL) | {"word": "", "is_so": False}


def values(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FULL}


def test_every_kind_of_field_is_written_as_the_model_writes_it(row_model: Any) -> None:
    full, empty, untouched = row_model.objects.bulk_create([row_model(word=str(number)) for number in range(3)])
    full.other = untouched
    for row, wanted in ((full, FULL), (empty, EMPTY | {"signs": []})):
        for name, value in wanted.items():
            setattr(row, name, value)
    assert update_rows([full, empty], [*FULL, "other"]) == 2
    stored = row_model.objects.in_bulk()
    assert values(stored[full.pk]) == FULL
    assert stored[full.pk].other_id == untouched.pk
    assert values(stored[empty.pk]) == EMPTY | {"signs": []}
    assert stored[untouched.pk].word == "2"
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM base_row WHERE id = %s", [full.pk])
        assert "3601" not in cursor.fetchone()[0]


def test_members_of_an_enumeration_stand_beside_plain_texts(row_model: Any) -> None:
    rows = row_model.objects.bulk_create([row_model(), row_model()])
    rows[0].word, rows[1].word = Mood.GOOD, "bad"
    update_rows(rows, ["word"])
    assert [row.word for row in row_model.objects.order_by("pk")] == ["good", "bad"]


def test_what_is_too_long_or_too_large_is_refused_and_not_cut_off(row_model: Any) -> None:
    (row,) = row_model.objects.bulk_create([row_model()])
    for name, value in (("word", "六个字的内容"), ("amount", Decimal("1234.5")), ("signs", ["x" * 21])):
        setattr(row, name, value)
        with pytest.raises(DataError), transaction.atomic():
            update_rows([row], [name])
        row.refresh_from_db()


def test_one_statement_for_no_matter_how_many_rows(row_model: Any, count_queries: Callable[..., int]) -> None:
    rows = row_model.objects.bulk_create([row_model(count=number) for number in range(2000)])
    assert count_queries(lambda: update_rows(rows[:1], ["count", "word"])) == 1
    for row in rows:
        row.count += 1
    assert count_queries(lambda: update_rows(rows, ["count", "word"])) == 1
    assert count_queries(lambda: update_rows([], ["count"])) == 0
    assert set(row_model.objects.values_list("count", flat=True)) == set(range(1, 2001))


def test_new_rows_are_stored_as_the_model_stores_them_and_get_their_ids_in_order(row_model: Any) -> None:
    (other,) = row_model.objects.bulk_create([row_model()])
    wanted = [FULL, EMPTY | {"signs": []}, *({"count": number} for number in range(50))]
    made = insert_rows(row_model(other=other, **one) for one in wanted)
    assert [row.pk for row in made] == sorted(row.pk for row in made)
    assert not any(row._state.adding for row in made)
    stored = row_model.objects.in_bulk()
    assert values(stored[made[0].pk]) == FULL
    assert values(stored[made[1].pk]) == EMPTY | {"signs": []}
    assert [stored[row.pk].count for row in made[2:]] == list(range(50))
    assert {row.other_id for row in stored.values()} == {None, other.pk}
    made[0].word = "改"
    made[0].save()
    assert row_model.objects.count() == len(wanted) + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM base_row WHERE id = %s", [made[0].pk])
        assert "3601" not in cursor.fetchone()[0]


def test_a_new_row_that_is_too_long_is_refused_with_all_others(row_model: Any) -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert_rows([row_model(word="短"), row_model(word="六个字的内容")])
    assert not row_model.objects.exists()


def test_one_statement_adds_no_matter_how_many_rows(row_model: Any, count_queries: Callable[..., int]) -> None:
    assert count_queries(lambda: insert_rows(row_model(count=number) for number in range(2000))) == 1
    assert count_queries(lambda: insert_rows([])) == 0
    assert set(row_model.objects.values_list("count", flat=True)) == set(range(2000))

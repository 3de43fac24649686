from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core import signing
from django.db import connection, models
from django.db.models import F
from django.test.utils import CaptureQueriesContext, isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.web.paging import KeysetPage, capped_count, paginate

START = datetime(2026, 11, 22, 1, 12, 30, 123456, tzinfo=UTC)
ORDERS = [
    ("name",),
    ("-name",),
    ("day", "name"),
    ("-day", "name"),
    ("day", "-moment", "name"),
    ("-moment",),
    ("pk",),
    ("-id",),
    ("flag", "-day"),
    ("parent__name", "-name"),
    ("-parent_id", "-parent__name"),
    (),
]


@pytest.fixture
def row_model(db: None) -> Iterator[Any]:
    with isolate_apps("common"):

        class Parent(models.Model):
            name = models.TextField()

            class Meta:
                app_label = "base"

        class Row(models.Model):
            name = models.TextField()
            day = models.DateField()
            moment = models.DateTimeField()
            flag = models.BooleanField()
            remark = models.IntegerField(null=True)
            parent = models.ForeignKey(Parent, models.CASCADE)

            class Meta:
                app_label = "base"

        with connection.schema_editor() as editor:
            editor.create_model(Parent)
            editor.create_model(Row)
        parents = [Parent.objects.create(name=name) for name in ("赣州", "南昌")]
        Row.objects.bulk_create(
            Row(
                name=f"{number % 5}",
                day=date(2026, 1, 1 + number % 3),
                moment=START + timedelta(microseconds=number % 4),
                flag=bool(number % 2),
                parent=parents[number % 2],
            )
            for number in range(23)
        )
        yield Row


def walk(rows: Any, order: tuple[str, ...], size: int) -> list[KeysetPage[Any]]:
    pages = [paginate(rows, order=order, cursor=None, size=size)]
    while cursor := pages[-1].next_cursor:
        pages.append(paginate(rows, order=order, cursor=cursor, size=size))
    return pages


def ids(items: list[Any]) -> list[int]:
    return [item.pk for item in items]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 4, 22, 23, 30])
def test_pages_together_are_the_whole_list_both_ways(row_model: Any, order: tuple[str, ...], size: int):
    rows = row_model.objects.all()
    tie = "-pk" if order and order[-1].startswith("-") else "pk"
    whole = ids(list(rows.order_by(*order, tie)))
    pages = walk(rows, order, size)
    assert [pk for page in pages for pk in ids(page.items)] == whole
    assert pages[0].previous_cursor is None
    for earlier, later in pairwise(pages):
        back = paginate(rows, order=order, cursor=later.previous_cursor, size=size)
        assert ids(back.items) == ids(earlier.items)
        assert (back.previous_cursor is None) == (earlier.previous_cursor is None)
        assert ids(paginate(rows, order=order, cursor=back.next_cursor, size=size).items) == ids(later.items)


def test_annotations_and_filters_can_be_paged(row_model: Any):
    rows = row_model.objects.filter(flag=True).annotate(place=F("parent__name"))
    whole = ids(list(rows.order_by("-place", "name", "pk")))
    assert [pk for page in walk(rows, ("-place", "name"), 3) for pk in ids(page.items)] == whole


def test_rows_that_arrive_meanwhile_shift_nothing(row_model: Any):
    rows = row_model.objects.all()
    first = paginate(rows, order=("name",), cursor=None, size=5)
    row_model.objects.create(name="0", day=date(2026, 1, 1), moment=START, flag=True, parent=first.items[0].parent)
    row_model.objects.filter(pk=first.items[-1].pk).delete()
    second = paginate(rows, order=("name",), cursor=first.next_cursor, size=5)
    assert not set(ids(first.items)) & set(ids(second.items))


def test_one_direction_is_one_index_range(row_model: Any):
    first = paginate(row_model.objects.all(), order=("-day",), cursor=None, size=5)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        paginate(row_model.objects.all(), order=("-day",), cursor=first.next_cursor, size=5)
    assert len(queries) == 1
    assert 'ROW("base_row"."day", "base_row"."id") < ROW(' in queries[0]["sql"]


def test_foreign_cursors_mean_the_first_page(row_model: Any):
    rows = row_model.objects.all()
    first = paginate(rows, order=("name",), cursor=None, size=5)
    assert first.next_cursor
    salt = "jxcloud.paging|base.Row|name|pk"
    assert signing.loads(first.next_cursor, salt=salt)[0] == "f"
    wrong = [
        "",
        "x",
        "\0",
        "中文",
        first.next_cursor[:-2],
        first.next_cursor.swapcase(),
        paginate(rows, order=("-name",), cursor=None, size=5).next_cursor,
        paginate(rows, order=("day",), cursor=None, size=5).next_cursor,
        signing.dumps(["f", "only one value"], salt=salt),
        signing.dumps(["f", "name", "not a number"], salt=salt),
    ]
    for cursor in wrong:
        page = paginate(rows, order=("name",), cursor=cursor, size=5)
        assert page.items == first.items
        # A cursor has the second in which it was signed.
        assert signing.loads(page.next_cursor or "", salt=salt) == signing.loads(first.next_cursor, salt=salt)


def test_a_side_that_is_empty_meanwhile_leads_to_the_first_page(row_model: Any):
    rows = row_model.objects.all()
    first = paginate(rows, order=("pk",), cursor=None, size=20)
    row_model.objects.filter(pk__gt=first.items[-1].pk).delete()
    assert ids(paginate(rows, order=("pk",), cursor=first.next_cursor, size=20).items) == ids(first.items)


def test_an_empty_list_is_one_empty_page(row_model: Any):
    page = paginate(row_model.objects.none(), order=("name",), cursor=None)
    assert page == KeysetPage(items=[], next_cursor=None, previous_cursor=None)


def test_null_in_the_order_is_refused_loudly(row_model: Any):
    with pytest.raises(ValueError, match="remark is NULL"):
        paginate(row_model.objects.all(), order=("remark",), cursor=None, size=5)


def test_counts_stop_at_the_cap(row_model: Any):
    rows = row_model.objects.order_by("name")
    assert capped_count(rows) == (23, False)
    assert capped_count(rows, cap=23) == (23, False)
    assert capped_count(rows, cap=22) == (22, True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    names=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5), max_size=12),
    down=st.booleans(),
    size=st.integers(1, 5),
)
def test_a_cursor_carries_any_text(row_model: Any, names: list[str], down: bool, size: int):
    row_model.objects.all().delete()
    parent = row_model._meta.get_field("parent").related_model.objects.first()
    row_model.objects.bulk_create(
        row_model(name=name, day=START.date(), moment=START, flag=True, parent=parent) for name in names
    )
    order = ("-name" if down else "name",)
    whole = ids(list(row_model.objects.order_by(*order, "-pk" if down else "pk")))
    assert [pk for page in walk(row_model.objects.all(), order, size) for pk in ids(page.items)] == whole

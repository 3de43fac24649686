"""The tests' own tool: rows without an order are mixed, rows with one are not."""

from __future__ import annotations

import pytest

from administration.models import Region
from tests.row_order import NoOrder, RowOrder

pytestmark = pytest.mark.django_db


def test_rows_without_an_order_never_come_as_the_database_gave_them() -> None:
    unordered = Region.objects.order_by()
    inserted = list(Region.objects.order_by("pk").values_list("pk", flat=True))
    assert len(inserted) > 10
    for rows in (
        [region.pk for region in unordered],
        list(unordered.values_list("pk", flat=True)),
        list(unordered.values_list("pk", flat=True).iterator()),
        [row["pk"] for row in unordered.values("pk")],
    ):
        assert rows != inserted
        assert sorted(rows) == inserted
    pair = Region.objects.order_by().filter(pk__in=inserted[:2])
    assert [region.pk for region in pair] == inserted[1::-1]


def test_an_order_is_kept() -> None:
    ordered = list(Region.objects.order_by("-pk").values_list("pk", flat=True))
    assert ordered == sorted(ordered, reverse=True)
    assert list(Region.objects.order_by("-pk").values_list("pk", flat=True).iterator()) == ordered


def test_the_first_of_rows_without_an_order_fail() -> None:
    unordered = Region.objects.order_by()
    with pytest.raises(NoOrder, match="rows 0 to 3"):
        list(unordered[:3])
    with pytest.raises(NoOrder):
        unordered[0]
    assert unordered.first() == Region.objects.order_by("pk")[0]
    assert unordered.get(pk="360000").pk == "360000"
    assert unordered.exists()


def test_the_same_test_has_the_same_order_again() -> None:
    def mixed(test: str) -> list[int]:
        rows = list(range(300, 320))
        RowOrder(test).mix(rows)
        return rows

    assert mixed("a") == mixed("a")
    assert mixed("a") != mixed("b")

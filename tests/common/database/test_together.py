"""Several query sets read by one statement answer what each answers alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.models import Count, QuerySet

from accounts.models import Person, User
from administration.models import Parameter, Region
from certificates.models import Certificate, CertificateVersion
from common.database.together import read_together
from employment.models import Employment
from enterprises.models import Enterprise
from tests.factories import make_certificate, make_employment, make_enterprise, make_person
from tests.worlds.extension import ExtensionWorld
from workflow.models import Application, Event

pytestmark = pytest.mark.django_db


def _columns(row: Any, depth: int = 2) -> Any:
    """Answers a row with all that was read of it, that of related objects too."""
    if not hasattr(row, "_meta"):
        return row
    related = row._state.fields_cache.items() if depth else ()
    columns = {name: value for name, value in vars(row).items() if name != "_state"}
    return columns | {name: _columns(value, depth - 1) for name, value in related}


def _querysets() -> list[QuerySet[Any]]:
    relations = ("person", "enterprise", "former_enterprise", "holder_office", "holder_enterprise", "assignee")
    return [
        Application.objects.select_related(*relations).order_by("-pk"),
        Application.objects.order_by("pk").only("number", "person", "person__name").select_related("person"),
        Event.objects.order_by("pk"),
        Person.objects.order_by("-pk")[:2],
        Person.objects.order_by("pk").values_list("pk", flat=True),
        Person.objects.order_by("pk").values("name", "birth_date", "alias_names"),
        Parameter.objects.order_by("pk"),
        Employment.objects.order_by("pk").select_related("enterprise"),
        Enterprise.objects.filter(name__contains="100%").order_by("pk"),
        Region.objects.values("parent").annotate(many=Count("pk")).order_by("parent"),
        CertificateVersion.objects.select_related("document", "order", "certificate").order_by("pk"),
        User.objects.filter(pk__in=[]).order_by("pk"),
    ]


def test_rows_are_those_of_the_query_sets_alone(django_assert_num_queries: Any) -> None:
    world = ExtensionWorld()
    world.file()
    make_employment(make_person("欧阳·䶮𬭎", user=False), make_enterprise(name='"甲"\\100%公司\n𠮷'), "07", "08")
    plain = [[_columns(row) for row in one] for one in _querysets()]
    together = _querysets()
    with django_assert_num_queries(1):
        read_together(together)
        found = [[_columns(row) for row in one] for one in together]
    assert found == plain
    assert sum(map(bool, plain)) >= 9


def test_a_filled_or_impossible_query_set_is_not_read_again(django_assert_num_queries: Any) -> None:
    make_certificate(make_person(), make_enterprise(), "B", ends_on=date(2027, 1, 31))
    filled = Certificate.objects.order_by("pk")
    (certificate,) = filled
    nothing = Certificate.objects.none()
    with django_assert_num_queries(0):
        read_together([filled, nothing])
        assert list(nothing) == []
    assert list(filled) == [certificate]
    with django_assert_num_queries(0):
        read_together([])


def test_a_filled_query_set_is_narrowed_by_a_statement_of_its_own(django_assert_num_queries: Any) -> None:
    people = Person.objects.order_by("pk")
    first, second = make_person("甲"), make_person("乙")
    read_together([people])
    with django_assert_num_queries(1):
        assert list(people.filter(pk=second.pk)) == [second]
    assert list(people) == [first, second]

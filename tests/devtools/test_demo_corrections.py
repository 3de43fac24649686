"""The demonstration has a merge and a death that wait for their second clerk."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.enums import CorrectionKind, Duty
from accounts.models import RegisterCorrection
from administration.enums import OfficeKind
from devtools.demo.context import DemoContext
from devtools.demo.corrections import build_corrections
from tests.factories import (
    make_certificate,
    make_employment,
    make_enterprise,
    make_office,
    make_person,
    make_staff,
)
from tests.worlds.extension import ExtensionWorld


@pytest.mark.django_db
def test_a_merge_and_a_death_wait_for_their_second_clerk() -> None:
    make_staff(make_office("东湖区登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER)
    busy, firm = ExtensionWorld(), make_enterprise()
    context = DemoContext(today=timezone.localdate())
    # Numbers of the demonstration's own series: those of the factory begin again after a thousand people of a run.
    people = [make_person(name, id_number=context.id_number("360102")) for name in ("陈一", "周二")]
    for person in people:
        make_employment(person, firm, "08")
        make_certificate(person, firm, "C2")
    busy.file()
    build_corrections(context)
    merge, death = RegisterCorrection.objects.filter(outcome="").order_by("pk")
    assert (merge.kind, death.kind) == (CorrectionKind.MERGE, CorrectionKind.DEATH)
    assert {merge.other, death.person} == set(people)
    assert merge.other is not None
    assert merge.person.name == merge.other.name

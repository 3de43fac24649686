"""The measurement of imports leaves nothing behind."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import Person
from administration.models import ImportRun


@pytest.mark.django_db
def test_previews_and_imports_are_measured_and_rolled_back() -> None:
    said = StringIO()
    call_command("bench_uploads", rows=20, stdout=said)
    lines = said.getvalue().splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["exam_results", "exam_results", "training", "training"]
    assert not Person.objects.exists()
    assert not ImportRun.objects.exists()

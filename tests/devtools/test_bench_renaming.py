"""The stage `renaming` reissues as many as it is asked, takes everything back, and the decision does not grow with them."""

from __future__ import annotations

import pytest

from certificates.models import Certificate, CertificateVersion, RenameBatch
from devtools.bench.data import generate
from devtools.bench.renaming import ENTERPRISE, renaming
from enterprises.models import Enterprise
from workflow.models import Application

pytestmark = pytest.mark.django_db


def test_the_decision_takes_the_same_statements_for_30_and_130_certificates() -> None:
    generate(300)
    name = Enterprise.objects.get(pk=ENTERPRISE).name
    before = (Certificate.objects.filter(enterprise=ENTERPRISE).count(), CertificateVersion.objects.count())
    renaming(10)  # the first one in a process also fills its caches
    few, many = renaming(30), renaming(130)
    assert [step.name for step in many] == ["filing", "acceptance", "decision", "reissue of all"]
    assert [step.statements for step in few[:3]] == [step.statements for step in many[:3]]
    assert Enterprise.objects.get(pk=ENTERPRISE).name == name
    assert before == (Certificate.objects.filter(enterprise=ENTERPRISE).count(), CertificateVersion.objects.count())
    assert not RenameBatch.objects.exists()
    assert not Application.objects.filter(kind="enterprise_rename").exists()


def test_more_than_there_are_is_told() -> None:
    generate(60)
    with pytest.raises(RuntimeError, match="generate more people"):
        renaming(61)
    assert len(renaming()) == 4, "where no number is asked for, all are taken"

"""Whoever names a legal representative is decided after the others of the enterprise, whichever the business (rule A-2)."""

from __future__ import annotations

import pytest

from enterprises.enums import Post
from workflow.business import business_of
from workflow.models import Application

BY_POST = ("first_issue", "correction", "employer_change", "post_change", "late_entry", "transfer_in")


@pytest.mark.parametrize("kind", BY_POST)
def test_an_application_that_names_a_legal_representative_concerns_the_whole_enterprise(kind: str) -> None:
    application = Application(kind=kind, person_id=1, enterprise_id=2, payload={"post": Post.LEGAL_REPRESENTATIVE})
    assert list(business_of(kind).round_keys(application)) == [("person", 1), ("enterprise", 2)]
    application.payload = {"post": Post.SAFETY_OFFICER}
    assert list(business_of(kind).round_keys(application)) == [("person", 1)]


def test_an_additional_a_always_does() -> None:
    application = Application(kind="additional_a", person_id=1, enterprise_id=2, payload={"enterprise": 2})
    assert list(business_of("additional_a").round_keys(application)) == [("person", 1), ("enterprise", 2)]

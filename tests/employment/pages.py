"""What the tests of employment pages share."""

from __future__ import annotations

from typing import Any

from employment.proposing.proposals import case_of
from enterprises.models import Enterprise
from tests.factories import actor, make_operator
from workflow.models import Application
from workflow.services.filing import file_application

LIST = "/enterprise/employment/"


def body(response: Any) -> str:
    return str(response.content.decode())


def propose(enterprise: Enterprise, person: object, **terms: object) -> Application:
    operator = make_operator(enterprise)
    payload = {"posts": ["07"], "contract_from": "2026-11-01", "contract_to": None} | terms
    return file_application(case=case_of(person, enterprise, payload), actor=actor(operator))  # type: ignore[arg-type]

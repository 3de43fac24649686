"""Answers the refusal of a database constraint with its sentence for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.apps import apps
from django.db import IntegrityError, transaction

from common.findings import Finding, Refused


@contextmanager
def refused_by_constraints(code: str, detail: str = "", *, turn: str = "") -> Iterator[None]:
    """Opens a transaction whose writes a constraint may refuse, since somebody else wrote at the same moment.

    Raises Refused with the constraint's sentence; an error without one goes on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        raise Refused(Finding(code, sentence, detail, turn=turn)) from error


def sentence_of(error: IntegrityError) -> str | None:
    """Answers the `violation_error_message` of the constraint that refused; None if it has none or belongs to no
    model.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    return _sentences().get(name) if name else None


@cache
def _sentences() -> dict[str, str]:
    return {
        constraint.name: str(constraint.get_violation_error_message())
        for model in apps.get_models(include_auto_created=True)
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }

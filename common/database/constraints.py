"""Finds the sentence for people by the name of a database constraint."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import IntegrityError


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

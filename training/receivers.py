"""Receives the signals of accounts about people who have records."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.models import Person
from accounts.signals import id_number_corrected

from .services import follow_number


@receiver(id_number_corrected, dispatch_uid="training.id_number_corrected")
def follow_corrected_number(sender: Any, *, person: Person, former: str, **_: Any) -> None:
    follow_number(former=former, present=person.id_number_index)

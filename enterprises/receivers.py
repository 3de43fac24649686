"""Receives signals about people whom the registries name, and about enterprises whose entry has changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils.timezone import now

from accounts.models import Person
from accounts.signals import id_number_corrected

from .models import Enterprise, ProjectInProgress, Qualification, RegistrySync
from .register.announcing import withdraw_of_the_existing
from .signals import enterprises_changed, qualifications_changed


@receiver(id_number_corrected, dispatch_uid="enterprises.id_number_corrected")
def follow_corrected_number(sender: Any, *, person: Person, former: str, **_: Any) -> None:
    """Takes over what the registries say about the former number."""
    present = person.id_number_index
    for model in (Enterprise, RegistrySync):
        model._default_manager.filter(legal_representative_index=former).update(legal_representative_index=present)
    Qualification.objects.filter(id_number_index=former).update(id_number_index=present)
    known = ProjectInProgress.objects.filter(id_number_index=present).values_list("number", "post")
    of_former = ProjectInProgress.objects.filter(id_number_index=former)
    # A project that is there under both numbers stays once under the present one.
    twice = [row.pk for row in of_former if (row.number, row.post) in set(known)]
    of_former.exclude(pk__in=twice).update(id_number_index=present)
    qualifications_changed.send(sender=Qualification, id_number_indexes={present})


@receiver(enterprises_changed, dispatch_uid="enterprises.notices_of_the_existing")
def withdraw_notices(sender: Any, *, enterprise_ids: Collection[int], **_: Any) -> None:
    withdraw_of_the_existing(enterprise_ids, now=now())

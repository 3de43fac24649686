"""Receives the signals of the packages that certificates depend on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import Person
from accounts.signals import (
    id_number_corrected,
    id_photo_changed,
    identity_changed,
    person_logged_in,
    person_registered,
    records_merged,
)
from certificates.documents.results import certificates_of, proofs_of
from certificates.legacy.matching import match_legacy
from certificates.state.differing_identity import tell_of_difference
from certificates.state.grace_refresh import refresh_grace_periods
from certificates.state.hours.selectors import people_with_open_cases
from certificates.state.snapshots import refresh_for_people
from common.jobs import enqueue_in_groups
from employment.relations.services import employment_changed
from enterprises.signals import enterprises_changed, qualifications_changed
from training.signals import training_changed
from workflow.selectors.outcomes import RESULTS
from workflow.signals import applications_opened_or_closed

from .models import Certificate, LegacyCertificate, OutOfProvinceCertificate

OF_A_JOB = 100


@receiver(applications_opened_or_closed, dispatch_uid="certificates.applications_opened_or_closed")
def refresh_what_was_held_open(sender: Any, *, application_ids: Collection[int], now: datetime, **_: Any) -> None:
    refresh_grace_periods(application_ids, now=now)


@receiver(employment_changed, dispatch_uid="certificates.employment_changed")
def refresh_after_employment(sender: Any, *, person_ids: Collection[int], **_: Any) -> None:
    refresh_for_people(person_ids)


@receiver(person_logged_in, dispatch_uid="certificates.match_at_login")
@receiver(person_registered, dispatch_uid="certificates.match_at_registration")
def match_old_records(sender: Any, *, person: Person, **_: Any) -> None:
    match_legacy({person.pk})


@receiver(id_number_corrected, dispatch_uid="certificates.id_number_corrected")
def follow_corrected_number(sender: Any, *, person: Person, former: str, now: datetime, **_: Any) -> None:
    """Old records and certificates of other provinces under the former number are this person's."""
    for model in (LegacyCertificate, OutOfProvinceCertificate):
        model._default_manager.filter(id_number_index=former).update(id_number_index=person.id_number_index)
    match_legacy({person.pk}, now=now)
    refresh_for_people({person.pk}, now=now)


@receiver(records_merged, dispatch_uid="certificates.records_merged")
def refresh_after_merge(sender: Any, *, source: Person, target: Person, now: datetime, **_: Any) -> None:
    refresh_for_people({source.pk, target.pk}, now=now)
    _recheck(people_with_open_cases({target.id_number_index}))


@receiver(identity_changed, dispatch_uid="certificates.identity_changed")
def tell_of_differing_certificates(sender: Any, *, person: Person, **_: Any) -> None:
    refresh_for_people({person.pk})
    tell_of_difference(person)


@receiver(enterprises_changed, dispatch_uid="certificates.enterprises_changed")
def refresh_after_registry(sender: Any, *, enterprise_ids: Collection[int], **_: Any) -> None:
    holders = Certificate.objects.filter(enterprise_id__in=enterprise_ids).values_list("person_id", flat=True)
    refresh_for_people(set(holders))


@receiver(qualifications_changed, dispatch_uid="certificates.qualifications_changed")
def refresh_after_qualifications(sender: Any, *, id_number_indexes: Collection[str], **_: Any) -> None:
    refresh_for_people(_holders(id_number_indexes))


@receiver(training_changed, dispatch_uid="certificates.training_changed")
def refresh_after_training(sender: Any, *, id_number_indexes: Collection[str], **_: Any) -> None:
    """Open cases are looked at by jobs, because an import changes the records of thousands while it holds other locks."""
    refresh_for_people(_holders(id_number_indexes))
    _recheck(people_with_open_cases(id_number_indexes))


@receiver(id_photo_changed, dispatch_uid="certificates.id_photo_changed")
def refresh_after_id_photo(sender: Any, *, person: Person, **_: Any) -> None:
    """A certificate without a photo is not in normal use, so the first photo changes its status at once."""
    refresh_for_people({person.pk})


def _recheck(person_ids: Sequence[int]) -> None:
    enqueue_in_groups("certificates.recheck_hours", "person_ids", person_ids, size=OF_A_JOB)


def _holders(id_number_indexes: Collection[str]) -> set[int]:
    people = Person.objects.filter(id_number_index__in=id_number_indexes, certificates__isnull=False)
    return set(people.values_list("pk", flat=True))


RESULTS.register("certificates", certificates_of)
RESULTS.register("transfer proofs", proofs_of)

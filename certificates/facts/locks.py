"""Takes the locks of decisions that start from certificates, in the order of the whole system."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from certificates.models import Certificate, CertificateItem
from workflow.models import Application
from workflow.services.locking import PartiesChanged, lock_parties, lock_rows


def lock_certificates(certificate_ids: Collection[int]) -> list[Certificate]:
    """Locks the certificates with their persons, enterprises, open applications that the decision may touch, and
    additional A certificates.

    Answers the certificates asked for, read under the locks. Raises `PartiesChanged`.
    """
    concerned = Q(pk__in=certificate_ids) | Q(additional_to__in=certificate_ids)
    read = list(Certificate.objects.filter(concerned).order_by("pk").values_list("pk", "person_id"))
    ids = [pk for pk, _ in read]
    enterprises = _enterprises(ids)
    lock_parties(person_ids=[person_id for _, person_id in read], enterprise_ids=enterprises)
    # Under the persons' locks nobody can file or decide about them; earlier changes are visible here.
    if not _enterprises(ids) <= enterprises:
        raise PartiesChanged
    lock_rows(Application, _open_applications(ids).values_list("pk", flat=True))
    return [one for one in lock_rows(Certificate, ids) if one.pk in set(certificate_ids)]


def _enterprises(certificate_ids: Collection[int]) -> set[int]:
    """Answers the enterprises of the certificates and of both sides of their open applications."""
    own = Certificate.objects.filter(pk__in=certificate_ids).values_list("enterprise_id", flat=True)
    sides = _open_applications(certificate_ids).values_list("enterprise_id", "former_enterprise_id")
    found = {*own, *(pk for pair in sides for pk in pair)}
    return {pk for pk in found if pk is not None}


def _open_applications(certificate_ids: Collection[int]) -> QuerySet[Application]:
    items = CertificateItem.objects.filter(is_open=True, certificate__in=certificate_ids)
    return Application.objects.filter(pk__in=items.values("application"), person__isnull=False)

"""What other packages tell reaches the stored status of the certificates of these people, and of nobody else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.enums import Duty
from accounts.models import Person
from accounts.photo.services import set_id_photo
from certificates.enums import DisplayStatus
from certificates.models import Certificate
from certificates.state.snapshots import refresh_for_people
from tests.accounts.cards import picture
from tests.accounts.registration.test_registration import NOW
from tests.factories import make_certificate, make_employment, make_enterprise, make_office, make_person, make_staff
from training.services import NewRecord, add_record, withdraw_record

pytestmark = pytest.mark.django_db


def holder(*, photo: bool = True) -> tuple[Person, Certificate]:
    """A person with one certificate whose stored status is computed."""
    person, enterprise = make_person(photo=photo), make_enterprise()
    make_employment(person, enterprise, "08")
    certificate = make_certificate(person, enterprise, "C3", ends_on=date(2028, 11, 20))
    refresh_for_people({person.pk})
    return person, certificate


def stored(certificate: Certificate) -> Certificate:
    return Certificate.objects.get(pk=certificate.pk)


def test_the_first_photo_changes_the_stored_status_at_once() -> None:
    person, certificate = holder(photo=False)
    _, other = holder(photo=False)
    assert "person.no_id_photo" in stored(certificate).display_codes
    clerk = make_staff(make_office(), Duty.REGISTER)
    set_id_photo(person, picture(500, 700), by=clerk, now=NOW, override_reason="测试用图")
    assert stored(certificate).display_status == DisplayStatus.NORMAL
    assert "person.no_id_photo" not in stored(certificate).display_codes
    assert "person.no_id_photo" in stored(other).display_codes


def test_a_withdrawn_training_record_refreshes_the_stored_status() -> None:
    person, certificate = holder()
    _, other = holder()
    record = add_record(
        NewRecord(
            id_number_index=person.id_number_index,
            name=person.name,
            institution_name="江西建设培训中心",
            course="安全生产继续教育",
            hours=Decimal(24),
            starts_on=date(2026, 1, 5),
            ends_on=date(2026, 1, 7),
        ),
        by=None,
    )
    Certificate.objects.update(display_status=DisplayStatus.ABNORMAL, display_codes=["stale"])
    withdraw_record(record_id=record.pk, reason="重复上传", by=None)
    assert (stored(certificate).display_status, stored(certificate).display_codes) == (DisplayStatus.NORMAL, [])
    assert stored(other).display_codes == ["stale"], "only the people whose records changed"

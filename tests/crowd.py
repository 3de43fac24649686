"""Many people of one enterprise, made in a few statements: for pages and stories that need hundreds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from accounts.models import Person
from administration.models import Mailbox
from certificates.enums import DisplayStatus, Origin
from certificates.models import Certificate, CertificateTerm
from common.encryption import blind_index
from common.text.certificate_number import format_number
from employment.models import Employment
from enterprises.models import Enterprise
from tests.factories import INDEX_PURPOSE, make_id_number, stored_photo

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶"
_GIVEN = "安平建国文武春生晓明志强海波玉兰子轩雨桐佳怡浩然欣悦博文思远"
_FIRST_BIRTH = date(1970, 1, 1)


def people_named(names: Sequence[str], *, first: int = 0, photo: bool = True) -> list[Person]:
    """Registered, without logins; `first` counts up through the days on which people may be born."""
    boxes = Mailbox.objects.bulk_create(Mailbox() for _ in names)
    people = []
    for place, (name, box) in enumerate(zip(names, boxes, strict=True), first):
        birth = _FIRST_BIRTH + timedelta(days=place % 9_000)
        number = make_id_number(place // 9_000 + 1, birth=birth)
        person = Person(
            name=name,
            id_number=number,
            id_number_index=blind_index(number, INDEX_PURPOSE),
            sex="female",
            birth_date=birth,
            registered_at=datetime(2024, 5, 8, 2, tzinfo=UTC),
            mailbox=box,
            education="bachelor",
            professional_title="intermediate",
        )
        if photo:
            person.id_photo.name = person.id_photo_small.name = stored_photo()
            person.id_photo_uploaded_at = timezone.now()
        people.append(person)
    return Person.objects.bulk_create(people)


def names(count: int) -> list[str]:
    """Different names of two or three characters for up to many thousands."""
    found = []
    for number in range(count):
        one, rest = number % len(_SURNAMES), number // len(_SURNAMES)
        two, three = rest % len(_GIVEN), rest // len(_GIVEN) % len(_GIVEN)
        found.append(f"{_SURNAMES[one]}{_GIVEN[three]}{_GIVEN[two]}")
    return found


def employ(
    people: Sequence[Person], enterprise: Enterprise, ends: Sequence[date | None], post: str = "08"
) -> list[Employment]:
    return Employment.objects.bulk_create(
        Employment(
            person=person,
            enterprise=enterprise,
            posts=[post],
            contract_from=date(2020, 1, 1),
            contract_to=end,
            started_at=datetime(2024, 6, 1, tzinfo=UTC),
        )
        for person, end in zip(people, ends, strict=True)
    )


def certify(
    people: Sequence[Person], enterprise: Enterprise, ends: Sequence[date], *, category: str = "C2", first: int = 1
) -> list[Certificate]:
    rows = Certificate.objects.bulk_create(
        Certificate(
            number=format_number(category, 2019, serial),
            category=category,
            year=2019,
            serial=serial,
            identifier_serial=serial,
            person=person,
            enterprise=enterprise,
            enterprise_name=enterprise.name,
            ends_on=end,
            origin=Origin.LEGACY,
            post="08",
            first_issued_on=date(2019, 3, 1),
            display_status=DisplayStatus.NORMAL,
        )
        for serial, (person, end) in enumerate(zip(people, ends, strict=True), first)
    )
    CertificateTerm.objects.bulk_create(
        CertificateTerm(certificate=row, starts_on=row.ends_on - timedelta(days=3 * 365), ends_on=row.ends_on)
        for row in rows
    )
    return rows

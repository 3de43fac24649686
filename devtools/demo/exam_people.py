"""Hires people without a certificate, whom their enterprises sign up for exams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from accounts.enums import Education, ProfessionalTitle
from accounts.models import Person
from administration.enums import OfficeKind
from administration.models import Office
from employment.models import Employment
from enterprises.enums import Post, QualificationKind
from enterprises.models import Enterprise, Qualification

from .builders import demo_builder
from .context import SEED, DemoContext
from .people import Photo, person_at, register

COUNT = 162
FIRST_SERIAL = 700
"""ID numbers of these people count from here, so that none is that of somebody else."""
REGIONS = ("360102", "360103", "360104", "360111", "360121", "360402", "360702")
POSTS = (
    Post.SAFETY_OFFICER,
    Post.SAFETY_OFFICER,
    Post.PROJECT_MANAGER,
    Post.SAFETY_OFFICER,
    Post.SAFETY_OFFICER,
    Post.GENERAL_MANAGER,
    Post.SAFETY_OFFICER,
)
CAPITAL_FIRMS, OTHER_FIRMS = 5, 4


def hire(
    context: DemoContext, firms: Sequence[Enterprise], photos: Sequence[Photo], *, count: int = COUNT
) -> list[Employment]:
    """Takes chance and serial numbers of its own, so that the rest of the demonstration stays as it is."""
    own = DemoContext(today=context.today, now=context.now, random=Random(SEED + 1), _id_serial=FIRST_SERIAL)  # noqa: S311
    offices = list(Office.objects.filter(kind__in=[OfficeKind.REGISTRATION, OfficeKind.COUNTY]).order_by("pk"))
    people = register(own, [_candidate(own, offices, photos, position) for position in range(count)])
    employments = Employment.objects.bulk_create(
        _employment(own, person, firms[position % len(firms)], POSTS[position % len(POSTS)])
        for position, person in enumerate(people)
    )
    _qualify(own, employments)
    return employments


def _candidate(own: DemoContext, offices: Sequence[Office], photos: Sequence[Photo], position: int) -> Person:
    birth = date(1974, 1, 1) + timedelta(days=own.random.randrange(9_900))
    person = person_at(own, own.person_name(), REGIONS, offices, photos, FIRST_SERIAL + position, birth)
    person.education = own.pick((Education.JUNIOR_COLLEGE, Education.BACHELOR, Education.BACHELOR))
    person.professional_title = own.pick((ProfessionalTitle.INTERMEDIATE, ProfessionalTitle.SENIOR))
    return person


def _employment(own: DemoContext, person: Person, enterprise: Enterprise, post: Post) -> Employment:
    started = own.now - timedelta(days=own.random.randrange(80, 400))
    return Employment(
        person=person,
        enterprise=enterprise,
        posts=[post],
        contract_from=started.date(),
        contract_to=started.date() + timedelta(days=1460),
        started_at=started,
    )


def _qualify(own: DemoContext, employments: Sequence[Employment]) -> None:
    """Registers whoever manages projects as constructor, which the exam for B asks for."""
    managers = [one for one in employments if Post.PROJECT_MANAGER in one.posts]
    Qualification.objects.bulk_create(
        Qualification(
            kind=QualificationKind.CONSTRUCTOR,
            number=f"赣2{one.contract_from.year}{900_000 + position:07d}",
            name=one.person.name,
            id_number_index=one.person.id_number_index,
            specialty=own.pick(("建筑工程", "市政公用工程", "机电工程")),
            enterprise=one.enterprise,
            valid_to=own.today + timedelta(days=900),
            is_in_force=True,
        )
        for position, one in enumerate(managers)
    )


def _firms(enterprises: Sequence[Enterprise]) -> list[Enterprise]:
    """Takes most of the capital's, because the listed reviewer of entries is there, and some of other cities."""
    there = [one for one in enterprises if not one.is_gone]
    capital = [one for one in there if one.region_id.startswith("3601")][:CAPITAL_FIRMS]
    return capital + [one for one in there if not one.region_id.startswith("3601")][:OTHER_FIRMS]


@demo_builder("newly hired people", order=75)
def build_hired(context: DemoContext) -> None:
    shown = [Photo(str(one.id_photo), str(one.id_photo_small)) for one in context.people[:6]]
    context.hired = hire(context, _firms(context.enterprises), shown)

"""The counter finds the case of the person who stands there: by ID number, certificate, code, or any part of a name."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import Duty
from administration.models import AuditEntry, LookupCount
from certificates.models import CertificateVersion
from tests.factories import make_person, make_staff
from workflow.models import Application
from workflow.selectors.finding_cases import case_number_in, id_number_in

from .browsing import NOW, browser, words
from .test_handing_over import QUEUE, Section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def review_of(application: Application) -> str:
    return reverse("workflow:review", args=[application.number])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2026-3601-000145", "2026-3601-000145"),
        (" ２０２６－３６０１－０００１４５ ", "2026-3601-000145"),
        ("https://example.cn/office/applications/2026-3601-000145/", "2026-3601-000145"),
        ("12026-3601-0001455", ""),
        ("张小明", ""),
    ],
)
def test_the_number_of_a_case_is_read_as_it_is_typed_or_scanned(text: str, number: str) -> None:
    assert case_number_in(text) == number


def test_what_looks_like_an_id_number_is_never_taken_for_words() -> None:
    number = str(make_person().id_number)
    wide = number.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"})
    assert id_number_in(f" {wide.lower()} ") == number
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert id_number_in(wrong) == wrong
    assert id_number_in("360102") == ""


def test_by_id_number_the_case_is_opened_and_the_look_up_is_counted_and_audited() -> None:
    section = Section()
    client = browser(section.first)
    number = str(section.world.person.id_number)
    answer = client.post(QUEUE, {"find": f"{number[:6]} {number[6:14]} {number[14:]}"})
    assert answer["Location"] == review_of(section.case)
    assert AuditEntry.objects.filter(action="find_person", object_id=str(section.world.person.pk)).exists()
    assert LookupCount.objects.exists()
    # Somebody without a case, and a number of nobody, are answered alike; no number comes into an address.
    for person in (str(make_person().id_number), number[:-1] + ("1" if number[-1] != "1" else "2")):
        missed = client.post(f"{QUEUE}?due=late", {"find": person})
        assert missed["Location"] == f"{QUEUE}?due=late"
        assert "没有找到您可以查看的办件" in words(client.get(QUEUE))


def test_by_certificate_in_any_spelling_and_by_its_code() -> None:
    section = Section()
    client, certificate = browser(section.first), section.world.certificate
    half = certificate.number.replace("（", "(").replace("）", ")")
    for text in (certificate.number, f"证书编号：{half}", half.lower().replace("建安", "建安 ")):
        assert client.post(QUEUE, {"find": text})["Location"] == review_of(section.case), text
    person = section.world.person
    version = CertificateVersion.objects.create(
        certificate=certificate,
        term=certificate.terms.get(),
        version=1,
        operation="01",
        identifier="1",
        name=person.name,
        sex=person.sex,
        birth_date=person.birth_date,
        post="07",
        first_issued_on=NOW.date(),
        valid_from=NOW.date(),
        valid_to=NOW.date(),
        issued_on=NOW.date(),
        photo="photo.jpg",
    )
    code = f"https://example.cn/v/{version.token}/"
    assert client.post(QUEUE, {"find": code})["Location"] == review_of(section.case)
    assert "Location" in client.post(QUEUE, {"find": "https://example.cn/v/" + "x" * 400})


def test_several_cases_of_a_person_are_listed() -> None:
    section = Section(cases=2)
    Application.objects.filter(pk=section.cases[1].pk).update(person=section.world.person)
    page = browser(section.first).post(QUEUE, {"find": str(section.world.person.id_number)})
    assert page.status_code == 200
    assert f"{section.world.person.name}的办件" in words(page)
    assert all(case.number in words(page) for case in section.cases)
    assert str(section.world.person.id_number) not in page.content.decode()


def test_words_narrow_the_queue_and_keep_the_other_filters() -> None:
    section = Section()
    client = browser(section.first)
    answer = client.post(f"{QUEUE}?kind=extension&cursor=x", {"find": "小明"})
    assert answer["Location"] == f"{QUEUE}?kind=extension&q=%E5%B0%8F%E6%98%8E"
    page = client.get(answer["Location"])
    assert section.case.number in words(page)
    assert 'value="小明"' in page.content.decode()


def test_of_another_office_nothing_is_found() -> None:
    section = Section()
    stranger = browser(section.province.stranger)
    desk = "/office/queue/municipal/"
    for text in (section.case.number, str(section.world.person.id_number), section.world.certificate.number):
        assert stranger.post(desk, {"find": text})["Location"].startswith(desk)


def test_the_page_of_the_person_at_the_counter_lists_the_cases() -> None:
    section = Section()
    clerk = make_staff(section.office, Duty.REGISTER, Duty.REVIEW)
    client = browser(clerk)
    page = client.post("/office/counter/", {"id_number": str(section.world.person.id_number)}, follow=True)
    assert section.case.number in words(page)
    assert review_of(section.case) in page.content.decode()
    only = browser(make_staff(section.office, Duty.REGISTER))
    page = only.post("/office/counter/", {"id_number": str(section.world.person.id_number)}, follow=True)
    assert section.case.number in words(page)
    assert review_of(section.case) not in page.content.decode()
    far = browser(make_staff(section.province.stranger.office, Duty.REGISTER))
    page = far.post("/office/counter/", {"id_number": str(section.world.person.id_number)}, follow=True)
    assert "没有您可以查看的在办业务" in words(page)

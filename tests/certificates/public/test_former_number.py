"""A number that a correction replaced leads the public to the present one, and only whoever knows the name."""

from __future__ import annotations

import pytest
from django.test import Client

from certificates.enums import LegalState
from certificates.models import Certificate, FormerNumber
from tests.factories import make_certificate, make_employment, make_enterprise, make_person

pytestmark = pytest.mark.django_db
FORMER = "赣建安C1（2018）0000077"


def test_a_former_number_leads_to_the_present_one_by_the_right_name_only(client: Client) -> None:
    person, enterprise = make_person("张三"), make_enterprise()
    make_employment(person, enterprise, "07", "08")
    certificate = make_certificate(person, enterprise, "C2")
    FormerNumber.objects.create(
        certificate=certificate, number=FORMER, category="C1", year=2018, identifier_serial=77, through_version=1
    )

    def asked(name: str) -> str:
        answer = client.post("/lookup/", {"number": FORMER, "name": name})
        return answer.text.partition('<section id="result"')[2].partition("</section>")[0]

    assert certificate.number in asked("张三")
    assert f'<span class="num">{FORMER}</span> 是更正前的编号' in asked("张三")
    for wrong in ("李四", "张"):
        assert "没有查到可以正常使用的证书" in asked(wrong)
        assert certificate.number not in asked(wrong)
    Certificate.objects.filter(pk=certificate.pk).update(legal_state=LegalState.CANCELLED)
    assert certificate.number not in asked("张三"), "what may not be used is not shown by another number either"
    plain = client.post("/lookup/", {"number": certificate.number, "name": "张三"}).text
    assert "更正前的编号" not in plain

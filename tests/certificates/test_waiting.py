"""A document that is still being signed: every page that says so looks again by itself, and has a way to look by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty
from accounts.models import User
from certificates.documents.services import make_document
from certificates.documents.transfer_proofs import make_transfer_proof
from certificates.enums import LegalState, Operation
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate, CertificateEvent, DocumentOrder, TransferProof
from tests.factories import (
    make_certificate,
    make_employment,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
    make_staff,
)
from workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db


def enter(user: User | None) -> Client:
    assert user is not None
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def certificate() -> Certificate:
    person, enterprise = make_person("欧阳·䶮𬭎"), make_enterprise()
    make_employment(person, enterprise, "07")
    return make_certificate(person, enterprise, "B")


PAGES: dict[str, tuple[Callable[[Certificate], User | None], str, str]] = {
    "detail": (lambda one: one.person.user, "/person/certificates/{pk}/", "paper"),
    "versions": (lambda one: one.person.user, "/person/certificates/{pk}/", "versions"),
    "list": (lambda one: one.person.user, "/person/certificates/", "certificate-{pk}"),
    "enterprise": (lambda one: make_operator(one.enterprise), "/enterprise/staff/?name=欧阳", "board"),
    "office": (lambda one: make_staff(make_office(), Duty.REVIEW), "/office/certificates/{pk}/", "versions"),
}


def opening_tag(page: str, element: str) -> str:
    found = re.search(rf'<\w+[^>]* id="{element}"[^>]*>', page)
    assert found, element
    return found[0]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_with_an_unsigned_certificate_looks_again_until_it_is_signed(
    certificate: Certificate, name: str
) -> None:
    reader, address, element = PAGES[name]
    client, pk = enter(reader(certificate)), certificate.pk
    address, element = address.format(pk=pk), element.format(pk=pk)
    version = issue_electronic(certificate_id=pk, by=SYSTEM, now=timezone.now())
    waiting = client.get(address).text
    assert 'data-refresh="5"' in opening_tag(waiting, element)
    assert "签发中" in waiting
    assert re.search(r'<a [^>]*href="/[^"]+">刷新</a>', waiting), "without scripts"
    make_document(version.pk)
    done = client.get(address).text
    assert "data-refresh" not in done
    assert "签发中" not in done
    assert "下载" in done


@pytest.mark.parametrize("name", [name for name in PAGES if name != "office"])
def test_one_that_failed_is_looked_at_less_often(certificate: Certificate, name: str) -> None:
    reader, address, _ = PAGES[name]
    issue_electronic(certificate_id=certificate.pk, by=SYSTEM, now=timezone.now())
    DocumentOrder.objects.update(attempts=1, last_error="no key")
    page = enter(reader(certificate)).get(address.format(pk=certificate.pk)).text
    assert "签发遇到问题" in page
    assert "data-refresh" in page


@pytest.mark.parametrize(("attempts", "words"), [(0, "调出证明签发中"), (2, "签发遇到问题")])
def test_a_proof_that_is_being_signed_is_looked_for(certificate: Certificate, attempts: int, words: str) -> None:
    Certificate.objects.update(legal_state=LegalState.TRANSFERRING)
    event = CertificateEvent.objects.create(
        certificate=certificate,
        effective_on=timezone.localdate(),
        operation=Operation.OTHER,
        state_after=LegalState.TRANSFERRING,
        summary="办理跨省调出",
    )
    proof = TransferProof.objects.create(
        certificate=certificate,
        event=event,
        destination="浙江省",
        issued_on=timezone.localdate(),
        issuer_name="江西省住房和城乡建设厅",
        attempts=attempts,
    )
    client, address = enter(certificate.person.user), f"/person/certificates/{certificate.pk}/"
    page = client.get(address).text
    assert words in page
    assert "data-refresh" in opening_tag(page, "proof")
    assert f'href="{address}">刷新</a>' in page
    # The answer of a form has an address that only takes forms.
    refused = client.post(f"{address}issue/")
    assert refused.status_code == 409
    assert f'data-source="{address}"' in opening_tag(refused.text, "proof")
    make_transfer_proof(proof.pk)
    page = client.get(address).text
    assert "下载调出证明" in page
    assert "data-refresh" not in opening_tag(page, "proof")

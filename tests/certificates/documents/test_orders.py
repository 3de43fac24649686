"""Whatever document is ordered gets made or is seen: late orders, full disks, orders that cannot be drawn."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.db import OperationalError, connection, transaction
from django.db.models.signals import post_delete
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.enums import Duty
from certificates.documents.services import make_document
from certificates.documents.tasks import make_documents, make_late_documents, order_late_documents
from certificates.documents.transfer_proofs import make_transfer_proof
from certificates.ecert.signing import PdfSigner
from certificates.enums import LegalState, Operation
from certificates.issuing.orders import DOCUMENT_KINDS, DocumentFailed, late
from certificates.issuing.versions import issue_electronic
from certificates.models import CertificateEvent, CertificateVersion, Document, DocumentOrder, TransferProof
from common.database import fields
from tests.factories import make_certificate, make_enterprise, make_office, make_person, make_staff
from tests.worlds.base import NOW
from tests.worlds.extension import ExtensionWorld
from workflow.actors import SYSTEM
from workflow.enums import Action
from workflow.services.acting import act

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(hours=5)


def ordered(name: str = "张三") -> CertificateVersion:
    certificate = make_certificate(make_person(name), make_enterprise(), "B")
    version = issue_electronic(certificate_id=certificate.pk, by=SYSTEM, now=timezone.now())
    DocumentOrder.objects.filter(version=version).update(ordered_at=timezone.now() - LONG_AGO)
    return version


@pytest.fixture
def proof() -> TransferProof:
    certificate = make_certificate(make_person(), make_enterprise(), "B", legal_state=LegalState.TRANSFERRING)
    event = CertificateEvent.objects.create(
        certificate=certificate,
        effective_on=timezone.localdate(),
        operation=Operation.OTHER,
        state_after=LegalState.TRANSFERRING,
        summary="办理跨省调出",
    )
    return TransferProof.objects.create(
        certificate=certificate,
        event=event,
        destination="浙江省",
        issued_on=timezone.localdate(),
        issuer_name="江西省住房和城乡建设厅",
        ordered_at=timezone.now() - LONG_AGO,
    )


def jobs(task: str) -> int:
    return ProcrastinateJob.objects.filter(status="todo", task_name=task).count()


def stored_files() -> set[Path]:
    folders = (Path(project.PRIVATE_ROOT) / name for name in ("documents", "proofs"))
    return {path for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Every file can be begun and none can be finished, as on a full disk."""

    def no_space(path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(fields, "_sync", no_space)
    return monkeypatch.undo


def test_operations_4_a_proof_without_a_job_is_made_when_signing_is_back(proof: TransferProof, settings: Any) -> None:
    key, settings.ECERT_SIGNER_KEY = settings.ECERT_SIGNER_KEY, "/nowhere/key.pem"
    with pytest.raises(DocumentFailed):
        make_transfer_proof(proof.pk)
    proof.refresh_from_db()
    assert proof.attempts == 1
    assert proof.last_error
    assert proof.tried_at
    staff = make_staff(make_office(), Duty.REVIEW)
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    assert "签发遇到问题" in client.get("/office/certificates/").text
    settings.ECERT_SIGNER_KEY = key
    TransferProof.objects.update(attempts=30, tried_at=timezone.now() - LONG_AGO)
    order_late_documents(timestamp=0)
    assert jobs("certificates.make_late_documents") == 1
    make_late_documents()
    proof.refresh_from_db()
    assert proof.file


def test_operations_5_a_full_disk_is_named_on_the_order_and_leaves_nothing(
    proof: TransferProof, full_disk: Callable[[], None]
) -> None:
    versions, before = [ordered("张三"), ordered("李四")], stored_files()
    with pytest.raises(DocumentFailed):
        make_documents([version.pk for version in versions])
    for order in DocumentOrder.objects.all():
        assert order.attempts == 1
        assert "磁盘已满" in order.last_error
        assert str(project.PRIVATE_ROOT) not in order.last_error
    with pytest.raises(DocumentFailed):
        make_transfer_proof(proof.pk)
    assert "磁盘已满" in TransferProof.objects.get().last_error
    assert stored_files() == before
    full_disk()
    make_documents([version.pk for version in versions])
    assert not DocumentOrder.objects.exists()
    assert len(stored_files() - before) == 2


def test_operations_5_a_file_whose_row_is_refused_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    version, before = ordered(), stored_files()

    def refuse(*_: object, **__: object) -> None:
        raise ValueError("no row")

    monkeypatch.setattr(Document, "save", refuse)
    with pytest.raises(DocumentFailed):
        make_document(version.pk)
    assert stored_files() == before
    assert DocumentOrder.objects.get().last_error == "no row"


@pytest.mark.django_db(transaction=True)
def test_a_file_stays_where_only_the_answer_to_the_commit_of_its_row_is_lost() -> None:
    one, *group = [ordered(name) for name in ("张三", "李四", "王五")]

    def lose_the_answer(**_: object) -> None:
        transaction.on_commit(answer_lost)

    def answer_lost() -> None:
        raise OperationalError("server closed the connection unexpectedly")

    post_delete.connect(lose_the_answer, sender=DocumentOrder)
    try:
        with pytest.raises(DocumentFailed):
            make_document(one.pk)
        make_documents([version.pk for version in group])  # those that are there are no failure
    finally:
        post_delete.disconnect(lose_the_answer, sender=DocumentOrder)
    assert Document.objects.count() == 3
    for document in Document.objects.order_by("pk"):
        with document.file.open("rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == document.sha256


def test_a_group_of_documents_costs_as_many_statements_as_one(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    make_documents([ordered("张三").pk])  # whatever is loaded once
    one, many = [ordered("张三").pk], [ordered(name).pk for name in ("李四", "王五", "赵六", "钱七")]
    with CaptureQueriesContext(connection) as first:
        make_documents(one)
    with django_assert_num_queries(len(first)):
        make_documents(many)
    assert len(first) < 10
    assert not DocumentOrder.objects.exists()
    assert Document.objects.count() == 6
    for document in Document.objects.order_by("pk"):
        with document.file.open("rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == document.sha256


def test_one_that_cannot_be_drawn_stops_no_other_of_its_group() -> None:
    versions, before = [ordered(name) for name in ("张三", "李\ue000", "王五")], stored_files()
    with pytest.raises(DocumentFailed, match=f"version {versions[1].pk}:"):
        make_documents([version.pk for version in versions])
    order = DocumentOrder.objects.get()
    assert (order.version_id, order.attempts) == (versions[1].pk, 1)
    assert "U+E000" in order.last_error
    assert Document.objects.count() == len(stored_files() - before) == 2
    with pytest.raises(DocumentFailed):
        make_documents([version.pk for version in versions])
    assert DocumentOrder.objects.get().attempts == 2
    assert len(stored_files() - before) == 2


def test_one_row_that_is_refused_stops_no_other_of_its_group() -> None:
    versions, before = [ordered(name) for name in ("张三", "李四", "王五")], stored_files()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE certificates_document ADD CONSTRAINT refused CHECK (version_id <> %s)", [versions[1].pk]
        )
    with pytest.raises(DocumentFailed, match="refused"):
        make_documents([version.pk for version in versions])
    assert DocumentOrder.objects.get().version_id == versions[1].pk
    assert DocumentOrder.objects.get().attempts == 1
    assert Document.objects.count() == len(stored_files() - before) == 2


def test_document_that_another_worker_has_made_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    version, before = ordered(), stored_files()
    right = PdfSigner.sign

    def slow(signer: PdfSigner, pdf: bytes, **words: str) -> bytes:
        monkeypatch.undo()
        make_document(version.pk)
        return right(signer, pdf, **words)

    monkeypatch.setattr(PdfSigner, "sign", slow)
    make_documents([version.pk])
    assert Document.objects.count() == len(stored_files() - before) == 1


def test_operations_6_late_orders_make_one_job_however_often_they_are_found() -> None:
    for name in ("张三", "李四", "王五"):
        ordered(name)
    ProcrastinateJob.objects.all().delete()
    for _ in range(6):
        order_late_documents(timestamp=0)
    assert jobs("certificates.make_late_documents") == 1
    assert jobs("certificates.make_documents") == 0
    make_late_documents()
    assert not DocumentOrder.objects.exists()


def test_operations_6_orders_that_cannot_be_drawn_do_not_hold_up_younger_ones(proof: TransferProof) -> None:
    hopeless, young = ordered("张三"), ordered("李四")
    now = timezone.now()
    DocumentOrder.objects.filter(version=hopeless).update(attempts=40, tried_at=now - LONG_AGO)
    proof_first = TransferProof.objects.filter(pk=proof.pk)
    proof_first.update(attempts=1, tried_at=now - timedelta(minutes=6))
    assert [key for _, key in late(now)] == [young.pk, hopeless.pk, proof.pk]
    # A failed order rests: for five minutes at first, for half an hour after many attempts.
    DocumentOrder.objects.filter(version=hopeless).update(tried_at=now - timedelta(minutes=20))
    proof_first.update(tried_at=now - timedelta(minutes=4))
    assert [key for _, key in late(now)] == [young.pk]


def test_operations_21_files_and_their_folders_are_durable(monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(fields, "_sync", synced.append)
    document = make_document(ordered().pk)
    path = Path(document.file.path)
    assert synced[:2] == [path, path.parent]


def test_every_kind_of_document_is_in_the_list() -> None:
    assert {kind.title for kind in DOCUMENT_KINDS} == {"电子证书", "调出证明", "决定文书"}


def test_operations_20_a_file_that_is_gone_is_told_in_a_sentence(client: Client) -> None:
    document = make_document(ordered().pk)
    Path(document.file.path).unlink()
    user = document.version.certificate.person.user
    assert user is not None
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/person/certificates/{document.version.certificate_id}/"
    answer = client.get(f"{address}document/", follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "这份文件暂时读不出来" in answer.text


def test_the_way_of_an_application_is_not_done_before_its_document_is_signed(settings: Any) -> None:
    world = ExtensionWorld()
    application = world.file()
    while application.is_open:
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
    client, province = Client(), Client()
    client.force_login(world.person_user)
    province.force_login(world.province.decider)
    assert "电子证书签发中" in last_step(client, application.number)
    version = CertificateVersion.objects.get(application=application)
    key, settings.ECERT_SIGNER_KEY = settings.ECERT_SIGNER_KEY, "/nowhere/key.pem"
    with pytest.raises(DocumentFailed):
        make_document(version.pk)
    assert "签发遇到问题" in last_step(client, application.number)
    assert "签发失败的文件" in province.get("/office/").content.decode(), "the province sees it on its home page"
    assert "ordered documents cannot be made" in client.get("/readyz").content.decode()
    settings.ECERT_SIGNER_KEY = key
    make_document(version.pk)
    last = last_step(client, application.number)
    assert "（已完成）" in last
    assert "签发" not in last.replace("签发电子证书", "")


def last_step(client: Client, number: str) -> str:
    way = client.get(f"/applications/{number}/").content.decode().partition('<ol class="way">')[2].partition("</ol>")[0]
    return way.rpartition("<li")[2]

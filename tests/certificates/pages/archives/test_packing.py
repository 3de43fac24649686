"""All e-certificates of an enterprise's present people in one file, made piece by piece, kept for some days."""

from __future__ import annotations

import hashlib
import os
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from administration.models import AuditEntry, Message
from certificates.issuing.versions import issue_electronic
from certificates.models import ArchivePart, Certificate, CertificateArchive, Document, DocumentOrder
from certificates.pages.archives.packing import PART, delete_old_archives, name_of, order_archive, pack, parts_of
from common.findings import Refused
from enterprises.enums import OperatorRole
from enterprises.models import Enterprise
from tests.factories import make_certificate, make_employment, make_enterprise, make_operator, make_person
from workflow.actors import SYSTEM, Actor, actor_of

pytestmark = pytest.mark.django_db
PAGE = "/enterprise/staff/archive/"


@pytest.fixture
def enterprise() -> Enterprise:
    return make_enterprise("江西䶮甲建设有限公司")


def signed(
    enterprise: Enterprise, name: str, *, content: bytes = b"%PDF-1.7 signed", employed: bool = True
) -> Certificate:
    person = make_person(name)
    if employed:
        make_employment(person, enterprise, "08")
    certificate = make_certificate(person, enterprise, "C2")
    return with_document(certificate, content + certificate.number.encode())


def with_document(certificate: Certificate, content: bytes) -> Certificate:
    version = issue_electronic(certificate_id=certificate.pk, by=SYSTEM, now=timezone.now())
    DocumentOrder.objects.filter(version=version).delete()
    document = Document(version=version, sha256=hashlib.sha256(content).hexdigest(), size=len(content), signer="0" * 64)
    document.file.save("document.pdf", ContentFile(content))
    return certificate


def operator(enterprise: Enterprise, **options: Any) -> Actor:
    actor = actor_of(make_operator(enterprise, **options))
    assert actor is not None
    return actor


def packed(order: CertificateArchive) -> dict[str, bytes]:
    order.refresh_from_db()
    with ZipFile(BytesIO(b"".join(parts_of(order)))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_each_certificate_of_present_people_by_number_and_name(enterprise: Enterprise) -> None:
    mine, rare = signed(enterprise, "熊大川"), signed(enterprise, "阿依古丽·买买提")
    signed(enterprise, "走了", employed=False)
    signed(make_enterprise(), "别家")
    order = order_archive(by=operator(enterprise))
    assert pack(order.pk)
    files = packed(order)
    assert set(files) == {f"{one.number} {one.person.name}.pdf" for one in (mine, rare)}
    assert files[name_of(mine)] == b"%PDF-1.7 signed" + mine.number.encode()
    assert Message.objects.get(mailbox=enterprise.mailbox).title == "全部电子证书已打包"


def test_what_is_not_signed_yet_is_counted_and_left_out(enterprise: Enterprise) -> None:
    signed(enterprise, "熊大川")
    waiting = make_person("晏小雨")
    make_employment(waiting, enterprise, "08")
    make_certificate(waiting, enterprise, "C2")
    order = order_archive(by=operator(enterprise))
    pack(order.pk)
    assert len(packed(order)) == 1
    assert (order.total, order.left_out) == (2, 1)


def test_a_file_that_cannot_be_read_does_not_stop_the_others(enterprise: Enterprise) -> None:
    lost, kept = signed(enterprise, "熊大川"), signed(enterprise, "晏小雨")
    document = Document.objects.get(version__certificate=lost)
    document.file.storage.delete(str(document.file.name))
    order = order_archive(by=operator(enterprise))
    pack(order.pk)
    assert list(packed(order)) == [name_of(kept)]
    assert order.left_out == 1


def test_it_never_holds_more_than_a_piece(enterprise: Enterprise) -> None:
    megabyte = 1024 * 1024
    for number in range(30):
        signed(enterprise, f"熊{chr(0x4E00 + number)}", content=b"%PDF" + os.urandom(megabyte))
    order = order_archive(by=operator(enterprise))
    tracemalloc.start()
    try:
        pack(order.pk)
        order.refresh_from_db()
        read = sum(map(len, parts_of(order)))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == order.size > 30 * megabyte
    assert ArchivePart.objects.count() >= 3
    assert most < 5 * PART, "a piece, its copies for encryption, and one certificate"


def test_another_order_replaces_the_first_and_a_job_that_comes_twice_changes_nothing(enterprise: Enterprise) -> None:
    signed(enterprise, "熊大川")
    actor = operator(enterprise)
    order = order_archive(by=actor)
    assert pack(order.pk)
    assert not pack(order.pk)
    signed(enterprise, "晏小雨")
    again = order_archive(by=actor)
    assert again.pk == order.pk
    assert not ArchivePart.objects.exists()
    pack(again.pk)
    assert len(packed(again)) == 2


def test_two_orders_at_once_are_one(enterprise: Enterprise) -> None:
    signed(enterprise, "熊大川")
    actor = operator(enterprise)
    order_archive(by=actor)
    with pytest.raises(Refused, match="正在打包"):
        order_archive(by=actor)


def test_without_certificates_there_is_nothing_to_pack(enterprise: Enterprise) -> None:
    with pytest.raises(Refused, match="没有可以下载的电子证书"):
        order_archive(by=operator(enterprise))


def test_it_is_deleted_after_some_days(enterprise: Enterprise) -> None:
    signed(enterprise, "熊大川")
    order = order_archive(by=operator(enterprise))
    pack(order.pk)
    assert delete_old_archives(now=timezone.now() + timedelta(days=6)) == 0
    assert delete_old_archives(now=timezone.now() + timedelta(days=8)) == 1
    order.refresh_from_db()
    assert order.attempt is None
    assert not ArchivePart.objects.exists()
    assert delete_old_archives(now=timezone.now() + timedelta(days=8)) == 0


def test_a_reader_orders_and_takes_it_which_is_noted(
    client: Client, enterprise: Enterprise, run_jobs: Callable[[], object]
) -> None:
    mine = signed(enterprise, "熊大川")
    client.force_login(make_operator(enterprise, "周查阅", role=OperatorRole.READER))
    assert "没有可以下载的文件" in str(client.post(f"{PAGE}take/", follow=True).content.decode())
    assert "已开始打包" in str(client.post(f"{PAGE}order/", follow=True).content.decode())
    run_jobs()
    assert "下载压缩文件" in str(client.get(PAGE).content.decode())
    reply = client.post(f"{PAGE}take/")
    content = b"".join(reply.streaming_content)  # type: ignore[attr-defined]
    assert len(content) == int(reply["Content-Length"])
    with ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == [name_of(mine)]
    for action in ("archive.order", "archive.take"):
        entry = AuditEntry.objects.get(action=action)
        assert (entry.actor_name, entry.object_id) == ("周查阅", str(enterprise.pk))


def test_of_another_enterprise_nothing_is_sent(client: Client, enterprise: Enterprise) -> None:
    signed(enterprise, "熊大川")
    pack(order_archive(by=operator(enterprise)).pk)
    client.force_login(make_operator(make_enterprise()))
    assert "熊大川" not in str(client.get(PAGE).content.decode())
    assert client.post(f"{PAGE}take/").status_code == 302

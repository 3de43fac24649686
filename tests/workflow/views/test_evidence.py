"""Evidence beside the form: sheets of pictures and PDFs, drawn on the server, and sentences in place of what cannot be."""

from __future__ import annotations

import zlib
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from administration.models import AuditEntry
from common.files.pdf_pages import DAMAGED, TOO_COSTLY, NotDrawn, count_pages, page_picture
from common.files.uploads import CheckedUpload, FileType, random_name
from tests.clock import Clock
from tests.workflow.browsing import browser, words
from tests.worlds.base import NOW
from tests.worlds.correction import CorrectionWorld
from workflow.models import Application
from workflow.services.filing import attach, create_draft, save_draft, submit

pytestmark = pytest.mark.django_db


def pdf_of(*pages: tuple[float, float]) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer)
    for number, size in enumerate(pages, 1):
        canvas.setPageSize(size)
        canvas.setFillColorRGB(0.8, 0.1 * number, 0.1)
        canvas.rect(0, 0, size[0] / 2, size[1], fill=1)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def bomb() -> bytes:
    """A page whose content unpacks to a hundred million strokes."""
    content = zlib.compress(b"0 0 m 600 600 l 1 9 599 3 20 500 c S\n" * 4_000_000, 9)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 600] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        start,
    )


def upload_of(data: bytes, name: str = "证明材料.pdf") -> CheckedUpload:
    return CheckedUpload(data, FileType.PDF, sha256(data).hexdigest(), name, random_name("pdf"))


def filed_with(world: CorrectionWorld, *uploads: CheckedUpload) -> Application:
    case = world.case()
    application = create_draft(case=case, actor=world.filer, now=NOW)
    save_draft(application.pk, payload=dict(case.payload), actor=world.filer)
    for upload in uploads:
        attach(application.pk, kind="certificate", upload=upload, actor=world.filer)
    submit(application.pk, actor=world.filer, now=NOW)
    application.refresh_from_db()
    return application


@pytest.fixture
def world(clock: Clock) -> CorrectionWorld:
    clock.stop_at(NOW)
    return CorrectionWorld()


def test_each_page_is_drawn_within_its_bounds() -> None:
    data = pdf_of((595, 842), (842, 595), (14_000, 20))
    assert count_pages(data) == 3
    for number, (width, height) in enumerate(((1272, 1800), (1800, 1272), (1800, 3)), 1):
        with Image.open(BytesIO(page_picture(data, number))) as picture:
            assert picture.format == "JPEG"
            assert abs(picture.width - width) <= 2
            assert abs(picture.height - height) <= 2
            assert max(picture.size) <= 1801
    with pytest.raises(NotDrawn, match="只有 3 页"):
        page_picture(data, 4)


def test_a_bomb_and_a_damaged_file_end_in_a_sentence() -> None:
    with pytest.raises(NotDrawn, match=TOO_COSTLY):
        page_picture(bomb(), 1)
    with pytest.raises(NotDrawn, match=DAMAGED):
        count_pages(b"%PDF-1.7\nnothing")


def test_the_review_shows_each_page_and_no_download_is_needed(world: CorrectionWorld) -> None:
    application = filed_with(world, upload_of(pdf_of((595, 842), (595, 842))))
    clerk = browser(world.province.reviewer)
    page = clerk.get(f"/office/applications/{application.number}/").content.decode()
    pk = application.attachments.get().pk
    for number in (1, 2):
        address = f"/office/applications/{application.number}/evidence/{pk}/{number}/"
        assert f'<img src="{address}"' in page
        answer = clerk.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["Content-Disposition"] == "inline"
        assert "sandbox" in answer["Content-Security-Policy"]
    assert f"/applications/{application.number}/attachments/{pk}/" in page
    looked = AuditEntry.objects.filter(action="attachment.view").order_by("pk")
    assert [entry.detail["page"] for entry in looked] == [1, 2]
    assert clerk.get(f"/office/applications/{application.number}/evidence/{pk}/3/").status_code == 422


def test_what_cannot_be_drawn_is_a_picture_of_the_reason(world: CorrectionWorld) -> None:
    application = filed_with(world, upload_of(bomb()))
    clerk = browser(world.province.reviewer)
    assert clerk.get(f"/office/applications/{application.number}/").status_code == 200
    pk = application.attachments.get().pk
    answer = clerk.get(f"/office/applications/{application.number}/evidence/{pk}/1/")
    assert (answer.status_code, answer["Content-Type"]) == (422, "image/svg+xml")
    assert "这一页太复杂" in words(answer)
    assert "下载原件" in words(answer)


def test_a_file_that_is_gone_leaves_the_review_readable(world: CorrectionWorld) -> None:
    application = filed_with(world, upload_of(pdf_of((595, 842))))
    kept = application.attachments.get()
    kept.file.storage.delete(kept.file.name)
    clerk = browser(world.province.reviewer)
    assert clerk.get(f"/office/applications/{application.number}/").status_code == 200
    answer = clerk.get(f"/office/applications/{application.number}/evidence/{kept.pk}/1/")
    assert answer.status_code == 503
    assert "暂时读不出来" in words(answer)


def test_nobody_else_sees_a_sheet(world: CorrectionWorld) -> None:
    application = filed_with(world, upload_of(pdf_of((595, 842))))
    other = filed_with(CorrectionWorld(world.province), upload_of(pdf_of((595, 842), (10, 10))))
    pk = application.attachments.get().pk
    address = f"/office/applications/{application.number}/evidence/{pk}/1/"
    assert browser(world.person_user).get(address).status_code == 403
    assert browser(world.province.stranger).get(address).status_code == 404
    clerk = browser(world.province.reviewer)
    assert clerk.get(f"/office/applications/{other.number}/evidence/{pk}/1/").status_code == 404
    assert clerk.get(f"/office/applications/{application.number}/evidence/{10**12}/1/").status_code == 404
    assert not AuditEntry.objects.filter(action="attachment.view").exists()

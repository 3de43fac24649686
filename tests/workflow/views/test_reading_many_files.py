"""Too many or too large files of a form: the page comes back with what was typed, and says which files it did not get."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from certificates.models import OutOfProvinceCertificate
from tests.certificates.out_of_province.test_declarations import FORM as DECLARATION
from tests.factories import make_person
from tests.workflow.browsing import FORM, InspectionWorld, browser, picture, words
from tests.workflow.views.test_filing import drafted, edit_page
from workflow.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
ELSEWHERE = "/person/certificates/elsewhere/new/"


def many(count: int) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"第{number}页.txt", b"text") for number in range(1, count + 1)]


def test_reading_files_at_once_are_told_beforehand(inspection: InspectionWorld) -> None:
    page = browser(inspection.person_user).get(edit_page(drafted(inspection)))
    assert "一次最多选20个文件，合计不超过25MB，可以分几次上传" in words(page)


@pytest.mark.parametrize("count", [21, 25, 300])
def test_reading_too_many_files_lose_no_text(inspection: InspectionWorld, count: int) -> None:
    application, client = drafted(inspection), browser(inspection.person_user)
    answer = client.post(edit_page(application), {**FORM, "upload": "1", "file_other": [picture(), *many(count - 1)]})
    assert answer.status_code == 400
    missing = f"第20页.txt等{count - 20}个文件" if count > 21 else "第20页.txt"
    assert f"{missing}：没有收到这个文件：一次最多上传20个文件" in words(answer)
    assert FORM["note"] in answer.text
    application.refresh_from_db()
    assert application.payload["note"] == FORM["note"]
    assert Attachment.objects.get().original_name == picture().name


def test_reading_twenty_files_are_taken(inspection: InspectionWorld, settings: Settings) -> None:
    settings.LIMITED_WORK_SECONDS = 60.0
    application, client = drafted(inspection), browser(inspection.person_user)
    pages = [picture(size=(400, 300 + number)) for number in range(20)]
    answer = client.post(edit_page(application), {**FORM, "upload": "1", "file_other": pages})
    assert answer.status_code == 302
    assert Attachment.objects.count() == 20


def test_reading_files_that_no_time_was_left_for_are_named_as_such(
    inspection: InspectionWorld, settings: Settings
) -> None:
    settings.LIMITED_WORK_SECONDS = 0.0
    application, client = drafted(inspection), browser(inspection.person_user)
    answer = client.post(edit_page(application), {**FORM, "upload": "1", "file_other": [picture()]})
    assert "没有处理到这个文件" in words(answer)
    assert FORM["note"] in answer.text


def test_reading_too_large_files_lose_no_text(inspection: InspectionWorld, settings: Settings) -> None:
    settings.UPLOAD_LIMITS = {"/": 1024 * 1024}
    application, client = drafted(inspection), browser(inspection.person_user)
    large = SimpleUploadedFile("大.jpg", b"\xff\xd8\xff" + bytes(2_000_000))
    answer = client.post(edit_page(application), {**FORM, "save_draft": "1", "file_other": [large, picture()]})
    assert answer.status_code == 400
    assert "大.jpg等2个文件：没有收到这个文件：一次提交的文件加起来超过了1MB" in words(answer)
    application.refresh_from_db()
    assert application.payload["note"] == FORM["note"]
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("files", [1, 21])
def test_reading_declaration_is_not_stored_without_its_scan(settings: Settings, files: int) -> None:
    settings.UPLOAD_LIMITS = {"/": 1024 * 1024}
    client = Client()
    client.force_login(make_person().user)
    scans = [*many(files - 1), SimpleUploadedFile("扫描件.jpg", bytes(2_000_000 if files == 1 else 10))]
    answer = client.post(ELSEWHERE, DECLARATION | {"scan": scans})
    assert answer.status_code == 400
    assert "没有收到这个文件" in answer.text
    assert DECLARATION["enterprise_name"] in answer.text
    assert not OutOfProvinceCertificate.objects.exists()


def test_reading_photo_that_is_too_large_is_told_at_its_field(settings: Settings) -> None:
    settings.UPLOAD_LIMITS = {"/": 1024 * 1024}
    client = Client()
    client.force_login(make_person().user)
    answer = client.post("/person/photo/", {"photo": BytesIO(bytes(2_000_000))})
    assert answer.status_code == 400
    assert "加起来超过了 1 MB" in answer.text


def test_reading_stranger_gets_the_page_as_before(client: Client, settings: Settings) -> None:
    settings.UPLOAD_LIMITS = {"/": 1024 * 1024}
    assert client.post("/verify/", {"file": BytesIO(bytes(2_000_000))}).status_code == 413


def test_reading_more_files_than_a_person_sends_are_refused_whole(inspection: InspectionWorld) -> None:
    application, client = drafted(inspection), browser(inspection.person_user)
    answer = client.post(edit_page(application), {**FORM, "file_other": many(1001)})
    assert answer.status_code == 400
    assert not Attachment.objects.exists()

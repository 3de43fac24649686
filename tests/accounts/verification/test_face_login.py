"""Into the phone pages, or to a new password, by ID number and face."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import FaceCheck, FaceConsent
from accounts.verification.consent import withdraw_consent
from administration.models import Message
from tests.face_pictures import FacePictures
from tests.factories import PASSWORD, make_id_number, make_person, photo_jpeg

from .world import make_faced, send

pytestmark = pytest.mark.django_db
FAILED = "没有通过：身份证号码或面部与登记的不符"
NEW = "Xin-mi-ma-2026"


def enter(client: Client, pictures: FacePictures, id_number: str, address: str = "/m/login/face/", **more: Any) -> Any:
    purpose = "reset" if "reset" in address else "login"
    return send(client, pictures, address, purpose=purpose, id_number=id_number, consent="on", **more)


def test_own_face_opens_the_phone_pages_but_verifies_nothing_yet(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0], consent=False)
    assert enter(client, face_pictures, person.id_number).url == "/m/"
    assert client.get("/m/").status_code == 200
    assert "verified_at" not in client.session
    assert FaceConsent.objects.get().person == person
    assert FaceCheck.objects.get().purpose == "login"


def test_every_failure_has_the_same_answer(client: Client, face_pictures: FacePictures) -> None:
    strangers = [
        make_faced(face_pictures.other).id_number,
        make_faced(photo_jpeg()).id_number,
        make_person().id_number,
        make_id_number(),
    ]
    withdrawn = make_faced(face_pictures.one[0])
    withdraw_consent(withdrawn, by=withdrawn.user, now=timezone.now())
    disabled = make_faced(face_pictures.one[0])
    disabled.user.is_active = False
    disabled.user.save()
    for id_number in [*strangers, withdrawn.id_number, disabled.id_number]:
        answer = enter(Client(), face_pictures, id_number)
        assert answer.status_code == 400
        assert FAILED in answer.text
        assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("fresh_windows")
def test_known_and_unknown_numbers_are_stopped_alike(face_pictures: FacePictures) -> None:
    for id_number in (make_faced(face_pictures.other).id_number, make_id_number()):
        client = Client()
        answers = [enter(client, face_pictures, id_number) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
        assert "人脸识别次数今天已用完" in answers[-1].text


def test_frames_without_a_face_are_told_and_do_not_count(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    for _ in range(4):
        front = SimpleUploadedFile("front.jpg", photo_jpeg(), "image/jpeg")
        answer = enter(client, face_pictures, person.id_number, front=front)
        assert "没有看到面部" in answer.text
    assert enter(client, face_pictures, person.id_number).url == "/m/"


def test_consent_is_part_of_the_form(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0], consent=False)
    answer = send(client, face_pictures, "/m/login/face/", purpose="login", id_number=person.id_number)
    assert "使用人脸识别需要您同意" in answer.text
    assert not FaceCheck.objects.exists()


def test_a_challenge_of_another_purpose_is_not_taken(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    answer = send(client, face_pictures, "/m/login/face/", purpose="reset", id_number=person.id_number, consent="on")
    assert "已经提交过或已失效" in answer.text


def test_a_forgotten_password_is_set_anew_by_face(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    assert enter(client, face_pictures, person.id_number, "/m/reset/").url.startswith("/password/")
    assert "重设密码" in Message.objects.filter(mailbox=person.mailbox).first().title
    answer = client.post("/password/", {"new_password": NEW, "repeated_password": NEW})
    assert answer.status_code == 302, answer.text
    person.user.refresh_from_db()
    assert person.user.check_password(NEW)
    assert not person.user.check_password(PASSWORD)


def test_a_new_password_needs_the_own_face(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.other)
    assert FAILED in enter(client, face_pictures, person.id_number, "/m/reset/").text
    person.user.refresh_from_db()
    assert not person.user.must_change_password


def test_a_machine_without_time_is_not_taken_for_a_bad_face(client: Client, face_pictures: FacePictures) -> None:
    """Neither the frames nor the portrait were looked at: no error page, and no try is counted."""
    person = make_faced(face_pictures.one[0])
    with override_settings(LIMITED_WORK_SECONDS=0.0):
        for _ in range(4):
            answer = enter(client, face_pictures, person.id_number)
            assert answer.status_code == 400
            assert "人脸核验服务暂时无法使用" in answer.text
    assert enter(client, face_pictures, person.id_number).url == "/m/"


def test_a_damaged_portrait_is_told_and_breaks_nothing(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(b"\xff\xd8\xff damaged")
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    assert "登记的人像不够清楚" in send(client, face_pictures).text

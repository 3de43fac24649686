"""The second verification on the phone, by its pages, with photographs of real faces."""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.credentials import totp
from accounts.enums import Duty, FacePurpose, FaceResult, ReviewState
from accounts.faces import model_files
from accounts.models import CounterCode, FaceChallenge, FaceCheck, FaceConsent, FaceReview, Person
from accounts.verification.challenges import forget_challenges, issue_challenge
from accounts.verification.counter_codes import issue_counter_code, use_counter_code
from accounts.verification.reviews import decide_review, lapse_reviews
from accounts.verification.services import check_face
from accounts.verification.verdicts import Frame, Step
from administration.models import AuditEntry, Message, Parameter
from administration.throttle import Limit
from common.database.fields import EncryptedFileSystemStorage
from common.findings import Refused
from tests.concurrency import wait_for_locks_patiently
from tests.face_pictures import FacePictures, small
from tests.factories import PASSWORD, make_counter_code, make_office, make_person, make_staff, photo_jpeg

from .world import challenge, frames, make_faced, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(face_pictures: FacePictures, client: Client) -> Person:
    made = make_faced(face_pictures.one[0])
    client.force_login(made.user)
    return made


def is_verified(client: Client) -> bool:
    return "verified_at" in client.session


def ask_for(percent: int) -> None:
    """A likeness that the pictures do not reach: they fall into the clerk's band."""
    Parameter.objects.filter(key="face_accept_percent").update(value=percent)


# --- the camera ---


def test_own_face_that_does_what_is_asked_is_accepted(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    answer = send(client, face_pictures, next="/m/applications/1/accept/")
    assert answer.url == "/m/applications/1/accept/"
    assert is_verified(client)
    check = FaceCheck.objects.get()
    assert (check.result, check.capture, check.provider) == ("accepted", "camera", "embedded-opencv")
    assert check.score > 0.45
    assert check.problems == []
    assert check.models_used == {model.name: model.sha256 for model in model_files.MODELS}
    assert len(set(check.frame_hashes)) == 6
    assert check.thresholds["face_accept_percent"][0][0] == 45
    assert check.thresholds["face_review_percent"][0][0] == 36
    assert check.milliseconds > 0


def test_steps_come_in_an_order_that_cannot_be_foreseen(client: Client, person: Person) -> None:
    orders = {tuple(step["name"] for step in challenge(client)["steps"]) for _ in range(30)}
    assert len(orders) > 2
    assert all(set(order) == {"front", "turn_left", "turn_right"} for order in orders)


def test_another_face_is_refused(client: Client, face_pictures: FacePictures) -> None:
    client.force_login(make_faced(face_pictures.other).user)
    answer = send(client, face_pictures)
    assert answer.status_code == 400
    assert "面部与登记的人像不符" in answer.text
    assert not is_verified(client)
    assert FaceCheck.objects.get().result == FaceResult.REJECTED


def test_a_photograph_that_does_not_turn_is_refused(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    steps = enumerate(face_pictures.live())
    still = {step: small(face_pictures.one[0], brighter=at) for at, step in steps}
    answer = send(client, face_pictures, **frames(still))
    assert "没有看到“向左转头”的动作" in answer.text
    assert "没有看到“向右转头”的动作" in answer.text
    assert {"turn_left:not_turned", "turn_right:not_turned"} <= set(FaceCheck.objects.get().problems)


def test_a_head_turned_the_wrong_way_is_refused(client: Client, person: Person, face_pictures: FacePictures) -> None:
    live = face_pictures.live()
    swapped = frames({"turn_left": live["turn_right"], "turn_right": live["turn_left"]})
    assert "没有看到“向左转头”的动作" in send(client, face_pictures, **swapped).text


def test_somebody_else_may_not_do_a_part_of_it(client: Client, person: Person, face_pictures: FacePictures) -> None:
    answer = send(client, face_pictures, **frames({"turn_left": small(face_pictures.other)}))
    assert "不像同一个人" in answer.text


def test_the_same_frame_twice_is_refused(client: Client, person: Person, face_pictures: FacePictures) -> None:
    front = face_pictures.poses["front"]
    answer = send(client, face_pictures, **frames({"front": front, "turn_left": front}))
    assert "收到了重复的画面" in answer.text
    commented = front[:2] + b"\xff\xfe\x00\x04ab" + front[2:]  # other bytes, the same pixels
    answer = send(client, face_pictures, **frames({"front": front, "turn_left": commented}))
    assert "收到了重复的画面" in answer.text


def test_several_people_before_the_camera_are_refused(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    one, other = (Image.open(BytesIO(small(data))) for data in (face_pictures.one[2], face_pictures.other))
    both = Image.new("RGB", (one.width + other.width, 640), "white")
    both.paste(one, (0, 0))
    both.paste(other, (one.width, 0))
    stream = BytesIO()
    both.save(stream, "JPEG")
    answer = send(client, face_pictures, **frames({"front": stream.getvalue()}))
    assert "画面里有其他人" in answer.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7", "不是可以识别的图片"),
        (b"\xff\xd8\xff" + bytes(2_000), "不是可以识别的图片"),
        (b"\xff\xd8\xff" + bytes(1024 * 1024), "画面文件太大"),
        (photo_jpeg(), "没有看到面部"),
    ],
)
def test_what_is_no_face_is_refused_with_a_sentence(
    client: Client, person: Person, face_pictures: FacePictures, data: bytes, sentence: str
) -> None:
    answer = send(client, face_pictures, **frames({"front": data}))
    assert answer.status_code == 400
    assert sentence in answer.text
    assert not is_verified(client)


def test_a_missing_movement_is_refused(client: Client, person: Person, face_pictures: FacePictures) -> None:
    nonce = challenge(client)["nonce"]
    answer = client.post("/m/verify/face/", {"nonce": nonce, **frames({"front": face_pictures.poses["front"]})})
    assert "没有收到全部动作的画面" in answer.text


# --- the challenge: one use, sixty seconds, this session ---


def test_a_challenge_serves_once(client: Client, person: Person, face_pictures: FacePictures) -> None:
    nonce = challenge(client)["nonce"]
    post = {"nonce": nonce}
    assert client.post("/m/verify/face/", {**post, **frames(face_pictures.live())}).status_code == 302
    session = client.session
    session["face_challenge"] = nonce
    session.save()
    answer = client.post("/m/verify/face/", {**post, **frames(face_pictures.live())})
    assert "已经提交过或已失效" in answer.text


def test_a_challenge_of_another_session_is_not_taken(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    elsewhere = Client()
    elsewhere.force_login(person.user)
    nonce = challenge(elsewhere)["nonce"]
    challenge(client)
    answer = client.post("/m/verify/face/", {"nonce": nonce, **frames(face_pictures.live())})
    assert "已经提交过或已失效" in answer.text


def test_a_challenge_lives_for_sixty_seconds(client: Client, person: Person, face_pictures: FacePictures) -> None:
    nonce = challenge(client)["nonce"]
    FaceChallenge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.post("/m/verify/face/", {"nonce": nonce, **frames(face_pictures.live())})
    assert "60 秒内完成" in answer.text
    found = FaceChallenge.objects.get()
    assert found.created_at + timedelta(seconds=60) > found.expires_at


def test_challenges_are_forgotten_after_a_day(client: Client, person: Person) -> None:
    challenge(client)
    assert forget_challenges(now=timezone.now()) == 0
    assert forget_challenges(now=timezone.now() + timedelta(days=1, minutes=2)) == 1


# --- tries ---


def test_after_three_failures_only_the_counter_helps(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.other)
    client.force_login(person.user)
    for _ in range(3):
        send(client, face_pictures)
    answer = send(client, face_pictures)
    assert "今天的人脸识别次数已用完" in answer.text
    assert FaceCheck.objects.count() == 3
    page = client.get("/m/verify/")
    assert "今天的人脸识别次数已用完" in page.text
    assert "/person/registration-points/" in page.text
    code = issue_counter_code(person, by=make_staff(make_office(), Duty.REGISTER), now=timezone.now())
    assert client.post("/m/verify/", {"code": code}).url == "/m/"
    assert "次数已用完" not in client.get("/m/verify/").text


def test_frames_without_a_face_do_not_count_as_failures(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    for _ in range(4):
        answer = send(client, face_pictures, **frames({"front": photo_jpeg()}))
    assert "今天还可以失败 3 次" in answer.text


@pytest.mark.usefixtures("fresh_windows")
def test_frames_are_limited_by_account(
    client: Client, person: Person, face_pictures: FacePictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.verification.views_frames.CHECKS", Limit("face_check", 1))
    assert send(client, face_pictures, **frames({"front": photo_jpeg()})).status_code == 400
    answer = send(client, face_pictures)
    assert answer.status_code == 429
    assert FaceCheck.objects.get().score is None


# --- consent ---


def test_consent_is_asked_for_before_the_first_check(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0], consent=False)
    client.force_login(person.user)
    assert client.get("/m/verify/face/?next=/m/").url == "/m/verify/consent/?next=%2Fm%2F"
    assert "敏感个人信息" in client.get("/m/verify/consent/").text
    assert client.head("/m/verify/consent/").status_code == 200
    assert not FaceConsent.objects.exists()
    assert client.post("/m/verify/consent/", {"action": "give", "next": "/m/"}).url == "/m/verify/face/?next=%2Fm%2F"
    client.post("/m/verify/consent/", {"action": "give"})
    consent = FaceConsent.objects.get()
    assert (consent.person, consent.text_version, consent.withdrawn_at) == (person, "2026-11", None)
    assert send(client, face_pictures).status_code == 302


def test_withdrawn_consent_stops_the_camera_and_leaves_the_code(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    nonce = challenge(client)["nonce"]
    assert client.post("/m/verify/consent/", {"action": "withdraw"}).url == "/m/verify/"
    answer = client.post("/m/verify/face/", {"nonce": nonce, **frames(face_pictures.live())})
    assert answer.url.startswith("/m/verify/consent/")
    assert not FaceCheck.objects.exists()
    assert "窗口核验码" in client.get("/m/verify/").text
    assert FaceConsent.objects.get().withdrawn_at is not None
    client.post("/m/verify/consent/", {"action": "give"})
    assert FaceConsent.objects.count() == 2


# --- no portrait, or one that shows no face ---


def test_without_a_portrait_the_page_sends_to_the_counter(client: Client) -> None:
    client.force_login(make_person().user)
    page = client.get("/m/verify/")
    assert "没有登记人像" in page.text
    assert "/person/registration-points/" in page.text
    assert "开始人脸识别" not in page.text


def test_a_portrait_without_a_face_is_named_as_the_cause(client: Client, face_pictures: FacePictures) -> None:
    client.force_login(make_faced(photo_jpeg()).user)
    answer = send(client, face_pictures)
    assert "登记的人像不够清楚" in answer.text
    assert "今天还可以失败 3 次" in answer.text


def test_the_password_alone_is_no_second_verification(client: Client, person: Person) -> None:
    answer = client.post("/m/verify/", {"password": PASSWORD})
    assert answer.status_code == 400
    assert not is_verified(client)


# --- a clerk decides ---


def test_a_doubtful_likeness_goes_to_a_clerk(client: Client, person: Person, face_pictures: FacePictures) -> None:
    ask_for(95)
    answer = send(client, face_pictures)
    assert answer.url == "/m/verify/"
    assert not is_verified(client)
    review = FaceReview.objects.get()
    assert review.state == ReviewState.WAITING
    with review.frame.open() as kept:
        assert kept.read() in face_pictures.live()["front"]
    assert "正在等窗口人员核对" in client.get("/m/verify/").text
    assert "上一次的照片正在等工作人员核对" in send(client, face_pictures).text


def test_a_picture_without_movements_always_goes_to_a_clerk(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    photo = SimpleUploadedFile("IMG_1.jpg", face_pictures.one[2], "image/jpeg")
    assert client.post("/m/verify/photo/", {"photo": photo}).url == "/m/verify/"
    check = FaceCheck.objects.get()
    assert (check.result, check.capture) == ("review", "photo")
    assert check.score > 0.45
    assert not is_verified(client)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_reading_m3_picture_that_lies_is_compared_upright(
    client: Client, person: Person, face_pictures: FacePictures, quarters: int
) -> None:
    stream = BytesIO()
    Image.open(BytesIO(face_pictures.one[2])).rotate(90 * quarters, expand=True).save(stream, "JPEG", quality=95)
    photo = SimpleUploadedFile("IMG_1.jpg", stream.getvalue(), "image/jpeg")
    assert client.post("/m/verify/photo/", {"photo": photo}).url == "/m/verify/"
    assert FaceCheck.objects.get().score > 0.45


def test_a_picture_of_somebody_else_does_not_even_reach_the_clerk(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    photo = SimpleUploadedFile("IMG_1.jpg", face_pictures.other, "image/jpeg")
    assert "面部与登记的人像不符" in client.post("/m/verify/photo/", {"photo": photo}).text
    assert not FaceReview.objects.exists()


def clerk_of(region: str = "360100") -> Client:
    clerk = Client()
    clerk.force_login(make_staff(make_office(region=region), Duty.COUNTER))
    return clerk


def open_review(client: Client, pictures: FacePictures) -> FaceReview:
    ask_for(95)
    send(client, pictures, next="/m/")
    return FaceReview.objects.get()


def test_the_clerk_sees_both_pictures_and_approves_once(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    review = open_review(client, face_pictures)
    clerk = clerk_of()
    address = f"/office/face-reviews/{review.pk}/"
    assert person.name in clerk.get("/office/face-reviews/").text
    assert "是同一个人吗" in clerk.get(address).text
    assert clerk.get(f"{address}frame/").content in face_pictures.live()["front"]
    assert clerk.get(f"{address}portrait/").content == face_pictures.one[0]
    assert AuditEntry.objects.filter(action="view_face_review").count() == 2
    assert clerk.post(address, {"action": "approve"}).url == "/office/face-reviews/"
    assert Message.objects.get(mailbox=person.mailbox).title == "人脸核对已通过"
    assert clerk.get(f"{address}frame/").status_code == 403
    assert "照片核对已通过" in client.get("/m/verify/").text
    assert client.post("/m/verify/approved/", {"next": "/m/"}).url == "/m/"
    assert is_verified(client)
    assert client.post("/m/verify/approved/").url == "/m/verify/"


def test_a_refusal_needs_a_reason_which_the_person_reads(
    client: Client, person: Person, face_pictures: FacePictures
) -> None:
    review = open_review(client, face_pictures)
    clerk = clerk_of()
    address = f"/office/face-reviews/{review.pk}/"
    assert "请填写不通过的理由" in clerk.post(address, {"action": "refuse"}).text
    assert clerk.post(address, {"action": "refuse", "reason": "面部被遮挡"}).status_code == 302
    assert "面部被遮挡" in Message.objects.get(mailbox=person.mailbox).body
    assert "上次的照片核对未通过：面部被遮挡" in client.get("/m/verify/").text
    assert client.post("/m/verify/approved/").url == "/m/verify/"
    assert not is_verified(client)


def test_the_kept_picture_is_encrypted_and_gone_with_the_decision(
    client: Client, person: Person, face_pictures: FacePictures, django_capture_on_commit_callbacks: Any
) -> None:
    review = open_review(client, face_pictures)
    storage, name = review.frame.storage, review.frame.name
    with open(storage.path(name), "rb") as file:
        assert file.read(3) != b"\xff\xd8\xff"
    with django_capture_on_commit_callbacks(execute=True):
        clerk_of().post(f"/office/face-reviews/{review.pk}/", {"action": "approve"})
    assert not storage.exists(name)
    review.refresh_from_db()
    assert not review.frame


def test_a_picture_that_nobody_looks_at_is_deleted_after_three_days(
    client: Client, person: Person, face_pictures: FacePictures, django_capture_on_commit_callbacks: Any
) -> None:
    review = open_review(client, face_pictures)
    storage, name = review.frame.storage, review.frame.name
    assert lapse_reviews(now=timezone.now() + timedelta(days=2)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert lapse_reviews(now=timezone.now() + timedelta(days=3, minutes=1)) == 1
    assert not storage.exists(name)
    assert Message.objects.get(mailbox=person.mailbox).title == "人脸核对未能及时办理"


def test_clerks_of_another_city_do_not_see_the_case(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0], office=make_office(region="360102"))
    client.force_login(person.user)
    review = open_review(client, face_pictures)
    assert review.city == "360100"
    stranger = clerk_of("360400")
    assert person.name not in stranger.get("/office/face-reviews/").text
    assert stranger.get(f"/office/face-reviews/{review.pk}/frame/").status_code == 403
    assert stranger.post(f"/office/face-reviews/{review.pk}/", {"action": "approve"}).status_code == 302
    review.refresh_from_db()
    assert review.state == ReviewState.WAITING
    assert person.name in clerk_of("360102").get("/office/face-reviews/").text


def test_two_clerks_at_once_one_decides(client: Client, person: Person, face_pictures: FacePictures) -> None:
    review = open_review(client, face_pictures)
    by = make_staff(make_office(), Duty.COUNTER)
    decide_review(review, approves=True, reason="", by=by, now=timezone.now())
    with pytest.raises(Refused, match="已由其他人办理"):
        decide_review(review, approves=False, reason="不像", by=by, now=timezone.now())


# --- the code from the counter ---


def test_a_clerk_hands_out_a_code_that_serves_once(client: Client, person: Person) -> None:
    clerk = Client()
    clerk.force_login(make_staff(make_office(), Duty.REGISTER))
    clerk.post("/office/counter/", {"id_number": person.id_number})
    address = f"/office/counter/{person.pk}/code/"
    assert "出具窗口核验码" in clerk.get(f"/office/counter/{person.pk}/").text
    assert clerk.get(address).status_code == 200
    assert "核对身份证原件和本人面貌后" in clerk.post(address, {}).text
    slip = clerk.post(address, {"seen": "on"}).text
    code = re.search(r"(\d{4} \d{4})</b>", slip)[1]
    assert CounterCode.objects.get().code_index not in slip
    assert client.post("/m/verify/", {"code": code, "next": "/m/"}).url == "/m/"
    assert is_verified(client)
    assert "已使用或已过期" in client.post("/m/verify/", {"code": code}).text


def test_a_code_is_of_one_person_for_a_day_and_replaced_by_the_next(person: Person) -> None:
    by, now = make_staff(make_office(), Duty.REGISTER), timezone.now()
    old = issue_counter_code(person, by=by, now=now)
    new = issue_counter_code(person, by=by, now=now + timedelta(seconds=1))
    assert not use_counter_code(person, old, now=now + timedelta(seconds=2))
    assert not use_counter_code(make_person(), new, now=now + timedelta(seconds=2))
    assert not use_counter_code(person, new, now=now + timedelta(hours=24, seconds=2))
    assert use_counter_code(person, new, now=now + timedelta(hours=23))


@pytest.mark.usefixtures("fresh_windows")
def test_codes_cannot_be_guessed_through(client: Client, person: Person) -> None:
    answers = [client.post("/m/verify/", {"code": f"{at:08d}"}).status_code for at in range(6)]
    assert answers == [400] * 5 + [429]


def test_the_form_of_a_code_is_told_without_counting(client: Client, person: Person) -> None:
    answers = [client.post("/m/verify/", {"code": "12"}) for _ in range(7)]
    assert {answer.status_code for answer in answers} == {400}
    assert "核验码是 8 位数字" in answers[-1].text


# --- the one-time password ---


def enrolled(person: Person) -> str:
    secret, now = totp.new_secret(), timezone.now()
    totp.confirm(person.user, secret=secret, code=totp.code_at(secret, now), now=now)
    return secret


def next_code(secret: str) -> str:
    """The step of enrolment has been used up."""
    return totp.code_at(secret, timezone.now() + timedelta(seconds=totp.STEP))


def test_an_authenticator_added_after_a_verification_serves_the_next_time(client: Client) -> None:
    person = make_person()
    client.force_login(person.user)
    client.post("/m/verify/", {"code": make_counter_code(person)})
    secret = enrolled(person)
    again = Client()
    again.force_login(person.user)
    assert "用动态口令验证" in again.get("/m/verify/").text
    wrong = again.post("/m/verify/", {"totp-code": "000000"})
    assert "验证码不正确" in wrong.text
    assert again.post("/m/verify/", {"totp-code": next_code(secret), "next": "/m/"}).url == "/m/"
    assert is_verified(again)


def test_an_authenticator_added_with_the_password_alone_does_not_serve(client: Client) -> None:
    person = make_person()
    client.force_login(person.user)
    secret = enrolled(person)
    assert "在没有验证身份时添加的" in client.get("/m/verify/").text
    answer = client.post("/m/verify/", {"totp-code": next_code(secret)})
    assert "这个动态口令还不能用来验证身份" in answer.text
    assert not is_verified(client)


# --- what is kept ---


def test_checks_are_never_changed(client: Client, person: Person, face_pictures: FacePictures) -> None:
    send(client, face_pictures)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        FaceCheck.objects.update(result=FaceResult.REJECTED)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        FaceCheck.objects.all().delete()


def test_no_frame_is_written_and_nothing_of_it_is_logged(
    client: Client, person: Person, face_pictures: FacePictures, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    storage = EncryptedFileSystemStorage()
    before = sorted(storage.listdir("")[0])
    send(client, face_pictures)
    assert sorted(storage.listdir("")[0]) == before
    assert "JFIF" not in caplog.text
    assert person.id_number not in caplog.text
    assert "frame" not in str(AuditEntry.objects.filter(action="face_check").values_list("detail", flat=True))


@pytest.mark.django_db(transaction=True)
def test_of_twenty_posts_at_once_no_more_than_three_are_judged(face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.other)
    now = timezone.now()
    sent = [Frame(data, Step(step)) for step, taken in face_pictures.live().items() for data in taken]
    nonces = [issue_challenge(purpose=FacePurpose.VERIFY, person=person, now=now).nonce for _ in range(20)]

    def post(nonce: str) -> bool:
        wait_for_locks_patiently()
        try:
            check_face(person, nonce=nonce, frames=sent, by=person.user, now=timezone.now())
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(10) as pool:
        judged = sum(pool.map(post, nonces))
    assert 1 <= judged <= 3
    assert FaceCheck.objects.count() == judged

"""Chapter 1.2 of the manual with a face: the enterprise proposes by its key, the person confirms before the camera."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.faces.light import COLOURS
from accounts.models import FaceChallenge, FaceCheck, FaceConsent, Person
from employment.models import Employment
from tests.e2e import story
from tests.enterprises.ca_login.keys import PIN, issue
from tests.face_pictures import FacePictures
from tests.factories import Province, make_counter_code, make_enterprise, make_person, make_uscc
from workflow.models import Application

from .camera import put_person_before

pytestmark = pytest.mark.django_db(transaction=True)
USCC = make_uscc(9_300_001)
LONG = 120_000
"""Milliseconds: the movements take eleven seconds, and the first verification loads the models."""
TRIES = 3
SLOW = ("画面太少", "重复的画面", "超过时间")
"""What the portal says if a busy machine let the camera's picture stand still, or took longer than a minute."""

HOLD = """() => {
    const own = HTMLCanvasElement.prototype.toBlob, waiting = [];
    HTMLCanvasElement.prototype.toBlob = function (...given) { waiting.push(() => own.apply(this, given)); };
    window.goOn = () => { HTMLCanvasElement.prototype.toBlob = own; waiting.forEach((one) => one()); };
}"""
"""The page waits with its next frame, and with what it shows by then, for as long as the test looks at it."""
GO_ON = "() => window.goOn()"


@pytest.fixture
def phone(browser: Browser, base_url: str, face_pictures: FacePictures) -> Iterator[Page]:
    """A phone that the one person holds before the face."""
    context = browser.new_context(base_url=base_url, locale="zh-CN", viewport={"width": 390, "height": 844})
    put_person_before(context)
    yield context.new_page()
    context.close()


def make_worker(name: str, portrait: bytes) -> Person:
    person = make_person(name)
    person.portrait.save("portrait.jpg", ContentFile(portrait))
    return person


def propose_to(worker: Person, page: Page, folder: Path) -> None:
    Province()
    make_enterprise("江西信江建设有限公司", uscc=USCC)
    key_file = folder / "enterprise.p12"
    key_file.write_bytes(issue(USCC).p12)
    story.log_in_with_key(page, key_file, PIN)
    story.propose(page, worker.id_number, "项目负责人", begins=timezone.localdate().isoformat())


def sit_before_camera(phone: Page) -> list[str]:
    """Until the server has answered; says what it did not like.

    A machine that is busy shows the camera fewer frames than the page needs: then one does what the page says, again.
    """
    for _ in range(TRIES):
        with phone.expect_navigation(timeout=LONG):
            phone.get_by_role("button", name="打开摄像头").click()
        refusal: list[str] = phone.locator(".summary").all_inner_texts()
        if not any(words in text for text in refusal for words in SLOW):
            break
    return refusal


def show_face(phone: Page) -> None:
    assert sit_before_camera(phone) == []


def test_a_person_enters_by_face_and_accepts_by_face(
    page: Page, phone: Page, face_pictures: FacePictures, tmp_path: Path
) -> None:
    worker = make_worker("欧阳建国", face_pictures.one[0])
    propose_to(worker, page, tmp_path)
    phone.goto("/m/")
    story.look(phone, "face-mobile-login")
    story.follow(phone.get_by_role("link", name="用人脸登录"))
    story.look(phone, "face-login")
    phone.get_by_label("身份证号码").fill(worker.id_number)
    phone.get_by_label("我已阅读并同意").check()
    show_face(phone)
    expect(phone.get_by_role("heading", name="我的待办")).to_be_visible(timeout=LONG)
    assert FaceConsent.objects.get().person == worker

    phone.get_by_role("link", name="立即处理").click()
    phone.get_by_role("link", name="同意").click()
    expect(phone.get_by_role("heading", name="请再次验证身份")).to_be_visible()
    story.look(phone, "face-verify")
    story.follow(phone.get_by_role("link", name="开始人脸识别"))
    story.look(phone, "face-camera")
    show_face(phone)
    phone.get_by_role("button", name="确认同意").click(timeout=LONG)
    expect(phone.get_by_text("已同意")).to_be_visible()
    assert Employment.objects.get().person == worker
    checks = list(FaceCheck.objects.filter(result="accepted").order_by("id"))
    assert [check.purpose for check in checks] == ["login", "verify"]
    assert all(len(check.frame_hashes) == 18 for check in checks)


def test_the_wrong_face_is_refused_and_declining_closes(
    page: Page, phone: Page, face_pictures: FacePictures, tmp_path: Path
) -> None:
    worker = make_worker("司马明", face_pictures.other)
    propose_to(worker, page, tmp_path)
    story.log_in_on_phone(phone, worker.id_number)
    phone.get_by_role("link", name="立即处理").click()
    phone.get_by_role("link", name="同意").click()
    story.follow(phone.get_by_role("link", name="开始人脸识别"))
    story.look(phone, "face-consent")
    story.follow(phone.get_by_role("button", name="同意，开始识别"))
    sit_before_camera(phone)
    expect(phone.get_by_text("面部与登记的人像不符")).to_be_visible()
    story.look(phone, "face-refused")
    assert set(FaceCheck.objects.values_list("result", flat=True)) == {"rejected"}
    phone.goto("/m/")
    phone.get_by_role("link", name="立即处理").click()
    phone.get_by_role("link", name="拒绝").click()
    phone.get_by_label("窗口核验码").fill(make_counter_code(worker))
    phone.get_by_role("button", name="验证").click()
    phone.get_by_label("原因").fill("不是本单位职工")
    phone.get_by_role("button", name="确认拒绝").click()
    expect(phone.get_by_text("已拒绝")).to_be_visible()
    assert not Application.objects.get().is_open
    assert not Employment.objects.exists()


def test_without_a_camera_a_picture_goes_to_the_clerk(
    enter: story.Enter, face_pictures: FacePictures, tmp_path: Path
) -> None:
    province = Province()
    worker = make_worker("诸葛春", face_pictures.one[0])
    photo = tmp_path / "IMG_1.jpg"
    photo.write_bytes(face_pictures.one[2])
    phone = enter(worker.user, width=story.PHONE, javascript=False)
    phone.goto("/m/verify/face/")
    story.follow(phone.get_by_role("button", name="同意，开始识别"))
    expect(phone.get_by_role("button", name="打开摄像头")).to_be_hidden()
    phone.get_by_label("照片").set_input_files(photo)
    phone.get_by_role("button", name="提交照片").click()
    expect(phone.get_by_text("正在等窗口人员核对")).to_be_visible()
    office = enter(province.reviewer)
    office.goto("/office/")
    story.follow(office.get_by_role("navigation").get_by_role("link", name="人脸核对"))
    story.look(office, "face-reviews")
    story.follow(office.get_by_role("row", name="诸葛春").get_by_role("link"))
    story.look(office, "face-review")
    office.get_by_role("button", name="是本人，通过").click()
    expect(office.get_by_text("没有待核对的照片")).to_be_visible()
    phone.goto("/m/verify/")
    expect(phone.get_by_text("照片核对已通过")).to_be_visible()
    phone.get_by_role("button", name="继续办理").click()
    expect(phone.get_by_role("heading", name="我的待办")).to_be_visible()


def test_the_screen_takes_the_colours_of_the_challenge_unless_not_wanted(
    phone: Page, face_pictures: FacePictures
) -> None:
    worker = make_worker("夏侯月", face_pictures.one[0])
    story.log_in_on_phone(phone, worker.id_number)
    phone.emulate_media(reduced_motion="no-preference")
    phone.goto("/m/verify/face/")
    story.follow(phone.get_by_role("button", name="同意，开始识别"))
    phone.evaluate(HOLD)
    phone.get_by_role("button", name="打开摄像头").click()
    panel = phone.locator("[data-face-panel]")
    expect(panel).to_have_class(re.compile("is-lit"), timeout=LONG)
    challenge = FaceChallenge.objects.latest("id")
    expect(panel).to_have_css("background-color", "rgb({}, {}, {})".format(*COLOURS[challenge.colours[0]]))
    story.look(phone, "face-lit")
    phone.get_by_role("button", name="停止").click()
    phone.evaluate(GO_ON)
    expect(phone.get_by_text("已停止")).to_be_visible()
    expect(panel).not_to_have_class(re.compile("is-lit"))
    # The look has asked for less motion, with which there are no colours either.
    phone.emulate_media(reduced_motion="no-preference")
    phone.get_by_label("我对光线或颜色变化敏感").check()
    phone.evaluate(HOLD)
    with phone.expect_navigation(timeout=LONG):
        phone.get_by_role("button", name="打开摄像头").click()
        expect(phone.get_by_text(re.compile("^请(正对镜头|向您的)"))).to_be_visible(timeout=LONG)
        expect(panel).not_to_have_class(re.compile("is-lit"))
        phone.evaluate(GO_ON)

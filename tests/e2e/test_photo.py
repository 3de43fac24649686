"""The ID photo: refused with reasons, cropped by keys and mouse, seen on a sample; let pass by a clerk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from accounts.enums import Duty
from accounts.faces import engine
from accounts.models import Person, PhotoCheck
from administration.enums import OfficeKind
from tests import idphoto_pictures
from tests.accounts.cards import picture
from tests.factories import make_office, make_person, make_staff

from .story import follow, log_in, log_in_at_office, look


@pytest.fixture
def person(transactional_db: None) -> Person:
    return make_person("王检查", photo=False)


def file(folder: Path, data: bytes) -> Path:
    path = folder / "手机照片.jpg"
    path.write_bytes(data)
    return path


def upload(page: Page, path: Path, button: str = "上传") -> None:
    page.locator("#id_photo").set_input_files(path)
    page.get_by_role("button", name=button).click()


def test_photo_is_refused_with_reasons_then_cropped_by_hand(page: Page, person: Person, tmp_path: Path) -> None:
    log_in(page, person.id_number)
    page.goto("/person/photo/")
    look(page, "photo")
    dark = (engine.read(idphoto_pictures.good_photo()) * 0.3).astype(np.uint8)
    upload(page, file(tmp_path, idphoto_pictures.jpeg(dark)))
    expect(page.get_by_text("脸部太暗")).to_be_visible()
    expect(page.get_by_text("背景太深")).to_be_visible()
    look(page, "photo-refused")
    upload(page, file(tmp_path, idphoto_pictures.wide_photo()))
    stage = page.locator("[data-crop-stage]")
    expect(stage).to_be_visible()
    look(page, "photo-crop")
    stage.focus()
    for _ in range(7):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("头部不在中间")).to_be_visible()
    look(page, "photo-crop-wrong")
    page.get_by_role("button", name="保存这张证件照").click()
    expect(page.get_by_role("heading", name="提交没有成功")).to_be_visible()
    expect(stage).to_be_visible()
    # What is still to come of the page would move the stage.
    page.wait_for_load_state()
    box = stage.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 150, steps=4)
    page.mouse.up()
    expect(page.locator("[data-crop-checks]").get_by_text("头部居中")).to_be_visible()
    page.get_by_role("slider", name="缩放").press("ArrowRight")
    page.get_by_role("button", name="保存这张证件照").click()
    expect(page.get_by_text("证件照已保存")).to_be_visible()
    expect(page.get_by_alt_text("证书样张，右侧印着这张照片")).to_be_visible()
    look(page, "photo-saved")


def test_clerk_lets_a_photo_pass_with_a_reason(page: Page, person: Person, tmp_path: Path) -> None:
    clerk = make_staff(make_office("东湖区实名制登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER)
    log_in_at_office(page, clerk, "/office/counter/")
    page.get_by_label("身份证号码").fill(person.id_number)
    page.get_by_role("button", name="查询").click()
    follow(page.get_by_role("link", name="代传证件照"))
    look(page, "counter-photo")
    upload(page, file(tmp_path, picture(1200, 900)), "检查照片")
    expect(page.get_by_text("照片里没有找到人脸")).to_be_visible()
    look(page, "counter-photo-crop")
    page.get_by_label("放行理由").fill("面部烧伤，本人到场核对")
    page.get_by_role("button", name="放行并保存").click()
    expect(page.get_by_text("王检查的证件照已保存")).to_be_visible()
    assert PhotoCheck.objects.get(person=person).overridden == ["one_face"]

"""A person with two certificates moves to another enterprise: one application, everybody's pages, new certificates."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates.models import Certificate
from employment.models import Employment
from enterprises.models import Qualification
from tests.e2e import paper, story
from tests.factories import (
    Province,
    make_certificate,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
)

pytestmark = pytest.mark.usefixtures("live_worker")


class Move:
    """Somebody who leaves the old enterprise with a B and a C2 certificate."""

    def __init__(self) -> None:
        self.province = Province()
        self.old, self.new = make_enterprise("江西旧洲建设有限公司"), make_enterprise("江西新洲建设有限公司")
        self.old_operator = make_operator(self.old)
        self.person = make_person("艾合买提·热合曼")
        self.employment = make_employment(self.person, self.old, "07", "08")
        ends = timezone.localdate() + timedelta(days=700)
        self.certificates = [make_certificate(self.person, self.old, kind, ends_on=ends) for kind in ("B", "C2")]

    def change_employer(self) -> None:
        Employment.objects.filter(pk=self.employment.pk).update(ended_at=timezone.now(), end_reason="by_enterprise")
        make_employment(self.person, self.new, "07", "08")
        Qualification.objects.filter(id_number_index=self.person.id_number_index).update(enterprise=self.new)


def claimed(page: Page, number: str, folder: Path) -> Path:
    """The first electronic version of an old certificate."""
    story.open_certificate(page, number)
    page.get_by_role("button", name="申领电子证书").click()
    story.expect_signed(page)
    file = folder / "旧版.pdf"
    story.download(page, "下载电子证书", file)
    return file


def test_two_certificates_move_to_the_new_employer(enter: story.Enter, page: Page, tmp_path: Path) -> None:
    move = Move()
    first, second = move.certificates
    person = enter(move.person.user)
    old_address = paper.scanned_address(claimed(person, first.number, tmp_path))
    move.change_employer()

    person.goto("/person/certificates/")
    expect(story.line_of(person, second.number)).to_contain_text("异常状态")
    expect(person.get_by_role("link", name="办理执业企业变更").first).to_be_visible()
    person.get_by_role("link", name=f"业务办理 {second.number}").click()
    person.locator("#services").get_by_role("link", name="执业企业变更", exact=True).click()
    expect(person.get_by_text("本次一并办理")).to_be_visible()
    for certificate in move.certificates:
        expect(person.get_by_text(certificate.number).first).to_be_visible()
    story.look(person, "change-start")
    story.fill_in(person)
    application = story.submit(person)
    story.expect_turn(person, "证书所在单位确认")

    former = enter(move.old_operator)
    former.goto("/enterprise/confirmations/")
    story.look(former, "change-confirmations")
    story.confirm(former, "执业企业变更")
    story.approve_twice(enter, move.province, "执业企业变更")
    story.expect_approved(person, application)

    for certificate in move.certificates:
        story.open_certificate(person, certificate.number)
        expect(person.get_by_role("heading", level=1)).to_contain_text("正常使用")
        expect(person.get_by_text(move.new.name).first).to_be_visible()
        story.expect_signed(person)
        now = Certificate.objects.get(pk=certificate.pk)
        assert (now.enterprise, now.ends_on) == (move.new, certificate.ends_on)
        assert now.latest_version == (2 if certificate == first else 1)
    page.goto(old_address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("已被第 2 版取代")
    expect(page.get_by_text(move.new.name)).to_be_visible()
    story.look(page, "change-old-qr")
    story.verify(page, tmp_path / "旧版.pdf")
    expect(page.get_by_role("heading", name="核验结果：真实，但不是最新版本")).to_be_visible()

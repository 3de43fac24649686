"""The keys of an enterprise: first login, operators, a lost key, its successor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from enterprises.models import CaKey, FormerCaKey
from tests.enterprises.ca_login.keys import PIN, issue
from tests.factories import make_enterprise, make_operator, make_uscc

from .story import Enter, follow, look

USCC = make_uscc(9_400_001)
COMPANY = "江西赣江路桥建设有限公司"


def log_in(page: Page, folder: Path, name: str, not_before: datetime) -> None:
    file = folder / f"{name}-{not_before:%Y%m%d}.p12"
    file.write_bytes(issue(USCC, name, not_before=not_before).p12)
    page.goto("/enterprise/login/")
    page.set_input_files("[data-cakey-file]", file)
    page.fill("[data-cakey-pin]", PIN)
    page.get_by_role("button", name="登录", exact=True).click()


@pytest.mark.django_db(transaction=True)
def test_a_lost_key_is_blocked_and_its_successor_goes_on(page: Page, enter: Enter, tmp_path: Path) -> None:
    make_enterprise(COMPANY, uscc=USCC)
    today = datetime.now(UTC)
    log_in(page, tmp_path, COMPANY, today - timedelta(days=400))
    expect(page.get_by_role("heading", name="这把 CA 锁由谁使用")).to_be_visible()
    look(page, "keys-who")
    page.get_by_label("操作员姓名").fill("熊梅")
    page.get_by_role("button", name="确认并登录").click()
    expect(page.get_by_role("heading", name=COMPANY)).to_be_visible()
    lost = CaKey.objects.get()

    colleague = enter(make_operator(lost.enterprise, "涂建"))
    colleague.goto("/enterprise/")
    follow(colleague.get_by_role("link", name="CA 锁与操作员").first)
    look(colleague, "keys-list")
    follow(colleague.get_by_role("row", name="熊梅").get_by_role("link", name="停用、挂失"))
    colleague.get_by_label("停用、挂失原因").fill("CA 锁遗失")
    look(colleague, "keys-block")
    colleague.get_by_role("button", name="停用").click()
    expect(colleague.get_by_text("已停用，不能再登录")).to_be_visible()
    page.goto("/enterprise/")
    expect(page.get_by_role("heading", name="企业登录")).to_be_visible()

    log_in(page, tmp_path, COMPANY, today - timedelta(days=1))
    expect(page.get_by_label("接替熊梅的旧锁")).to_be_checked()
    look(page, "keys-renewal")
    page.get_by_role("button", name="确认并登录").click()
    expect(page.get_by_role("heading", name=COMPANY)).to_be_visible()
    assert FormerCaKey.objects.get().key_id == lost.pk

    page.goto(f"/enterprise/keys/{lost.pk}/")
    expect(page.get_by_role("heading", name="更换下来的锁")).to_be_visible()
    page.get_by_label("操作员姓名").fill("余波")
    page.get_by_role("button", name="保存姓名").click()
    expect(page.get_by_text("操作员姓名已保存")).to_be_visible()
    look(page, "keys-detail")

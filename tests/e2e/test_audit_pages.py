from __future__ import annotations

from playwright.sync_api import Page, expect

from accounts.access import audit
from accounts.enums import Sphere
from accounts.models import User
from administration.audit.chain import link_entries, verify_chain
from tests.factories import Province, make_person

from .story import Enter, look


def test_the_audit_administrator_searches_what_was_done(enter: Enter, page: Page) -> None:
    province = Province()
    person = make_person(name="欧阳·䶮")
    for number in range(30):
        audit.record("reveal_id_number", by=province.reviewer, about=person, detail={"n": number})
    link_entries()
    verify_chain()
    door = enter(User.objects.create(login="auditor", sphere=Sphere.AUDIT_ADMIN, name="审计管理员"))
    door.goto("/office/")
    door.get_by_role("link", name="审计", exact=True).first.click()
    expect(door.get_by_text("审计链完整")).to_be_visible()
    look(door, "audit-list")
    door.get_by_role("link", name="下一页").click()
    expect(door.get_by_role("link", name="上一页")).to_be_visible()
    door.get_by_role("textbox", name="身份证号码").fill(str(person.id_number))
    door.get_by_role("button", name="按身份证查询").click()
    expect(door.get_by_role("heading", name="欧阳·䶮")).to_be_visible()
    look(door, "audit-person")
    door.goto("/office/audit/?from_on=2026-02-30")
    expect(door.get_by_text("日期不存在").first).to_be_visible()
    look(door, "audit-error")

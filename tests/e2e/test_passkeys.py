"""A person adds a passkey on a telephone with a fingerprint, and uses it instead of a face: the browser's own WebAuthn."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accounts.enums import Duty
from accounts.models import Passkey
from administration.enums import OfficeKind
from tests.factories import make_office, make_person, make_staff

from . import manual
from .story import PHONE, Enter, code_at_counter, look


def put_in_a_fingerprint_reader(page: Page) -> None:
    """The reader says yes at once, like a finger that is known."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_lost_telephone_and_a_new_one(enter: Enter, transactional_db: None) -> None:
    """A clerk looks at the person and gives a code, the code lets a new passkey be added, the former one is removed."""
    person = make_person()
    assert person.user is not None
    Passkey.objects.create(
        user=person.user, credential_id=b"lost", credential=b"lost", name="丢失的手机", proven_by="face"
    )
    clerk = make_staff(make_office("东湖区实名制登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER)
    code = code_at_counter(enter(clerk), person.id_number)
    page = enter(person.user, width=PHONE)
    put_in_a_fingerprint_reader(page)
    page.goto("/person/security/")
    page.get_by_role("button", name="删除通行密钥“丢失的手机”").click()
    expect(page.get_by_text("通行密钥“丢失的手机”已删除")).to_be_visible()
    manual.click(page, "1.10-01", page.get_by_role("link", name="添加通行密钥"))
    expect(page.get_by_role("heading", name="请再次验证身份")).to_be_visible()
    page.get_by_label("窗口核验码").fill(code)
    manual.step(page, "1.10-02", page.get_by_label("窗口核验码"))
    page.get_by_role("button", name="验证", exact=True).click()
    expect(page.get_by_role("heading", name="添加通行密钥", exact=True)).to_be_visible()
    look(page, "passkey-add")
    page.get_by_label("名称").fill("新手机 䶮")
    manual.click(page, "1.10-03", page.get_by_role("button", name="添加", exact=True))
    expect(page.get_by_text("已添加通行密钥“新手机 䶮”")).to_be_visible()
    manual.step(page, "1.10-05", page.get_by_role("button", name="删除通行密钥“新手机 䶮”"))
    look(page, "passkey-list")
    page.goto("/m/verify/?next=/person/security/")
    look(page, "passkey-verify")
    manual.click(page, "1.10-04", page.get_by_role("button", name="用通行密钥验证"))
    expect(page.get_by_role("heading", name="账号安全")).to_be_visible()
    key = Passkey.objects.get(name="新手机 䶮")
    assert key.used_at is not None

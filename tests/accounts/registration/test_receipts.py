"""The counter's receipt as PDF, and the two cards of a person whose name is to be settled."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import HeldCard, Person
from administration.models import AuditEntry, Message
from tests.accounts.cards import BIRTH, card_input, make_card, picture
from tests.accounts.kiosk.paper import password_of, qr_of, text_of
from tests.factories import make_id_number

from .test_counter import COUNTER, PASSWORD_ON_PAPER, clerk, client, register

__all__ = ["clerk", "client"]


def test_the_receipt_may_be_fetched_as_pdf_once(client: Client) -> None:
    page = register(client, name="欧阳·䶮").url
    printed = PASSWORD_ON_PAPER.search(client.get(page).text)
    pdf = client.post(f"{page[:-1]}.pdf")
    assert (pdf["Content-Type"], "no-store" in pdf["Cache-Control"]) == ("application/pdf", True)
    assert password_of(pdf.content) == printed[1]
    assert "欧阳·䶮" in text_of(pdf.content)
    assert qr_of(pdf.content) == "http://testserver/login/"
    assert client.post(f"{page[:-1]}.pdf").url == page
    assert "下载 PDF" not in client.get(page).text
    assert AuditEntry.objects.filter(action="print_receipt").count() == 1


def test_the_pdf_first_leaves_the_page(client: Client) -> None:
    page = register(client).url
    password = password_of(client.post(f"{page[:-1]}.pdf").content)
    assert PASSWORD_ON_PAPER.search(client.get(page).text)[1] == password
    assert client.get(f"{page[:-1]}.pdf").status_code == 405


def test_a_number_of_fifteen_digits_is_explained(client: Client) -> None:
    number = make_id_number(birth=BIRTH)
    page = client.post(COUNTER, {"id_number": number[:6] + number[8:17]}).text
    assert "已换算为18位" in page
    assert f'value="{number}"' in page
    assert "已换算为18位" not in client.post(COUNTER, {"id_number": number}).text


@pytest.mark.parametrize(("name", "taken_over"), [("李大明", True), ("张小明", False)])
def test_the_clerk_sees_both_cards_and_settles(client: Client, name: str, taken_over: bool) -> None:
    register(client)
    person = Person.objects.get()
    other = make_card(id_number=person.id_number, name="李大明", address="江西省吉安市吉州区演示路5号")
    answer = client.post(f"{COUNTER}register/", card_input(other, portrait=picture(200, 300)))
    shown = client.get(answer.url).text
    assert "已转人工核实" in shown
    assert "身份证信息已更新" not in shown
    page = f"{COUNTER}{person.pk}/name/"
    both = client.get(page).text
    for words in ("张小明", "李大明", person.address, other.address, "两人同号"):
        assert words in both
    assert client.get(f"{COUNTER}{person.pk}/held-portrait/").status_code == 200
    assert AuditEntry.objects.get(action="view_portrait").object_type == "accounts.heldcard"
    assert client.post(page, {"name": name, "reason": "户口簿变更页"}).status_code == 302
    before, person = person, Person.objects.get()
    assert (person.name, person.quarantined_reason) == (name, "")
    assert (person.address == other.address) is taken_over
    assert (person.portrait.name != before.portrait.name) is taken_over
    assert HeldCard.objects.get().was_taken_over is taken_over
    assert "身份信息已核实" in Message.objects.filter(mailbox=person.mailbox)[0].title
    assert client.get(f"{COUNTER}{person.pk}/held-portrait/").status_code == 404

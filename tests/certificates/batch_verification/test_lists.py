"""Batch verification on the page: the same answers as the single lookup, few statements, nothing stored."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from administration.models import AuditEntry
from administration.throttle import Limit
from certificates.enums import LegalState
from certificates.models import Certificate
from certificates.public.batch_verification import limits
from certificates.public.batch_verification.checking import AT_ONCE, NOT_CONFIRMED, Asked, Outcome, check_all
from certificates.public.batch_verification.limits import LISTS
from common.tabular.problem_file import as_csv
from tests.clock import Clock
from tests.factories import make_certificate, make_employment, make_enterprise, make_operator, make_person

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
ADDRESS = "/verify/list/"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def make_holder(name: str = "欧阳·䶮𬭎") -> Certificate:
    person, enterprise = make_person(name), make_enterprise()
    make_employment(person, enterprise, "07", "08", "02")
    return make_certificate(person, enterprise, "C1")


def asked(certificate: Certificate, **changed: str) -> Asked:
    return Asked(**({"number": certificate.number, "name": certificate.person.name} | changed))


def paste(client: Client, text: str, form: str = "page") -> Any:
    return client.post(ADDRESS, {"pasted": text, "form": form})


def upload(client: Client, rows: list[list[str]], form: str = "csv", name: str = "名单.csv") -> Any:
    file = SimpleUploadedFile(name, as_csv([["证书编号", "姓名"], *rows]))
    return client.post(ADDRESS, {"file": file, "form": form})


def test_unknown_not_matching_and_unusable_are_one_answer() -> None:
    good, ended = make_holder(), make_holder("张小明")
    Certificate.objects.filter(pk=ended.pk).update(legal_state=LegalState.CANCELLED)
    found = check_all(
        [
            asked(good),
            asked(good, name="欧阳䶮𬭎"),
            asked(good, number=good.number.replace("（", "(").replace("）", ")")),
            asked(good, name="张三"),
            asked(good, number="赣建安C1（2019）9999999"),
            asked(ended),
        ]
    )
    assert [one.outcome for one in found] == [*[Outcome.CONFIRMED] * 3, *[Outcome.NOT_CONFIRMED] * 3]
    assert {one.sentence for one in found[3:]} == {NOT_CONFIRMED}
    assert all(one.found is None for one in found[3:])
    assert found[0].found.ends_on == good.ends_on
    assert found[0].found.enterprise_name == good.enterprise_name


def test_what_cannot_be_read_says_why() -> None:
    rows = [("", "张三"), ("赣建安C1（2019）0000001", ""), ("沪建安A（2019）0001234", "张三"), ("12", "张三")]
    found = check_all([Asked(number, name) for number, name in rows])
    assert [one.outcome for one in found] == [Outcome.UNREADABLE] * 4
    assert "外省" in found[2].sentence
    assert len({one.sentence for one in found}) == 3


def test_the_statements_do_not_grow_with_the_rows(count_queries: Callable[[Callable[[], object]], int]) -> None:
    holders = [make_holder(f"王{sign}") for sign in "甲乙丙丁戊己庚辛"]
    one = count_queries(lambda: check_all([asked(holders[0])]))
    many = count_queries(lambda: check_all([asked(holder) for holder in holders] * 20))
    assert one == many == 3
    twice = count_queries(lambda: check_all([asked(holder) for holder in holders] * (AT_ONCE // 8 + 1)))
    assert twice == 2 * one


def test_anybody_pastes_lines_and_reads_the_answer(client: Client) -> None:
    good = make_holder()
    page = paste(client, f"{good.number}\t{good.person.name}\n\n{good.number}，张三\n不是编号 李四").text
    result = page.split('id="result"')[1].split("</section>")[0]
    assert "3 本中，1 本核验通过" in result
    assert "欧*·*𬭎" in result
    assert good.person.name not in result
    assert result.count("未查到") >= 1
    assert "无法识别" in result


def test_a_file_needs_a_login_and_answers_a_report(client: Client) -> None:
    good = make_holder()
    rows = [[good.number, good.person.name], [good.number, "@张三"], ["", "张三"]]
    assert upload(client, rows).status_code == 403
    operator = make_operator(make_enterprise())
    client.force_login(operator)
    answer = upload(client, rows)
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(lines) == 5
    assert lines[1].startswith(f"2,{good.number},{good.person.name},核验通过,正常使用,欧")
    assert ",'@张三,未查到," in lines[2]
    assert "无法识别" in lines[3]
    sheet = load_workbook(io.BytesIO(upload(client, rows, form="xlsx").content)).active
    assert [cell.value for cell in sheet[2]][1] == good.number
    entry = AuditEntry.objects.filter(action="verification.list").order_by("id")[0]
    assert (entry.actor_id, entry.detail) == (operator.pk, {"rows": 3, "confirmed": 1})


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"PK\x03\x04broken", "文件已损坏"),
        ("a.csv", b"", "文件是空的"),
        ("a.pdf", b"%PDF-1.7 x", "PDF 文件"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "证书编号"),
        ("a.csv", "证书编号,姓名\n".encode(), "没有要核验的证书"),
    ],
)
def test_a_bad_file_is_told(client: Client, name: str, content: bytes, sentence: str) -> None:
    client.force_login(make_operator(make_enterprise()))
    answer = client.post(ADDRESS, {"file": SimpleUploadedFile(name, content), "form": "xlsx"})
    assert answer.status_code == 400
    assert sentence in answer.text


def test_bad_input_is_told_and_kept(client: Client) -> None:
    for text, sentence in (("", "请粘贴"), ("甲 乙\n" * 201, "最多粘贴 200 行"), ("x" * 20_001, "20000")):
        answer = paste(client, text)
        assert answer.status_code == 400
        assert sentence in answer.text.replace(",", "")
    answer = paste(client, "赣建安C1（2019）0000001 张三", form="pdf")
    assert answer.status_code == 400
    assert "赣建安C1（2019）0000001 张三" in answer.text


@pytest.mark.usefixtures("fresh_windows")
def test_rows_are_limited_by_caller(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROWS_OF_ADDRESS", Limit("list_rows", 5))
    monkeypatch.setattr(limits, "ROWS_OF_LOGIN", Limit("list_rows_login", 5))
    lines = "赣建安C1（2019）0000001 张三\n"
    assert paste(client, lines * 3).status_code == 200
    refused = paste(client, lines * 3)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert paste(client, lines * 2).status_code == 200, "what was refused is not counted"
    client.force_login(make_operator(make_enterprise()))
    assert upload(client, [["赣建安C1（2019）0000001", "张三"]] * 5).status_code == 200
    assert upload(client, [["赣建安C1（2019）0000001", "张三"]]).status_code == 429


def test_one_caller_has_one_list_at_a_time(client: Client) -> None:
    slot = LISTS.take("127.0.0.1")
    try:
        assert paste(client, "赣建安C1（2019）0000001 张三").status_code == 429
    finally:
        slot.release()
    assert paste(client, "赣建安C1（2019）0000001 张三").status_code == 200


def test_the_empty_list_can_be_filled_in(client: Client) -> None:
    sheet = load_workbook(io.BytesIO(client.get("/verify/list/template/").content)).active
    assert [cell.value for cell in sheet[3]] == ["证书编号*", "姓名*"]

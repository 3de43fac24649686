"""Old certificates name people and enterprises as PDF files and spreadsheets spell them."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from administration.imports.services import Book, run_import
from certificates.enums import LegacyState
from certificates.models import Certificate, CertificateEvent, LegacyCertificate
from enterprises.models import Enterprise
from tests.factories import make_enterprise

from .legacy_files import HEADER, csv_bytes, id_number, person, row

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
NAME = "江西甲建筑有限公司"

pytestmark = pytest.mark.django_db


def load(*rows: list[str], header: list[str] = HEADER) -> Book:
    return run_import("legacy", csv_bytes(*rows, header=header), "旧证.csv")


def test_reading_m7_radicals_in_a_file_are_the_characters() -> None:
    book = run_import("legacy", (CASES / "40-radicals.csv").read_bytes(), "40-radicals.csv")
    assert (book.new, book.bad, book.quarantined) == (9, 0, 0)
    assert set(LegacyCertificate.objects.values_list("name", flat=True)) == {
        "方一人", "高小飞", "石文山", "西门庆", "王小明", "易明", "六一", "﨩山", "黃尣",
    }  # fmt: skip
    assert set(LegacyCertificate.objects.values_list("enterprise_name", flat=True)) == {"江西省高飞建设有限公司"}


def test_reading_m7_two_spellings_of_one_name_are_one_person() -> None:
    book = load(row("王⼩明", 1, 1), row("王小明", 1, 2), row("王\U000e0100小明", 1, 3))
    assert (book.new, book.quarantined, book.bad) == (3, 0, 0)


@pytest.mark.parametrize(
    "spelling",
    [
        "江西甲 建筑有限公司",
        "江西甲\n建筑有限公司",
        "江⻄甲建筑有限公司",
        "江西甲建筑有限公司　",
        '="江西甲建筑有限公司"',
    ],
)
def test_reading_m5_an_old_certificate_finds_its_employer(spelling: str) -> None:
    enterprise = make_enterprise(NAME)
    person("张三", 1)
    book = load(row("张三", 1, 1, 企业名称=spelling))
    assert Certificate.objects.get().enterprise == enterprise
    assert "企业名称" not in {note.column_title for note in book.notes}


def test_reading_m5_an_employer_that_is_not_found_is_told() -> None:
    person("张三", 1)
    book = load(row("张三", 1, 1), row("李四", 2, 2), row("王五", 3, 3, 企业名称="江西乙建筑有限公司"))
    notes = [note for note in book.notes if note.column_title == "企业名称"]
    assert [(note.row_number, note.value_masked) for note in notes] == [(2, NAME), (4, "江西乙建筑有限公司")]
    assert "2 行旧证书照样导入" in notes[0].sentence
    assert (book.new, Certificate.objects.get().enterprise) == (3, None)
    assert "对应不到登记的企业" in CertificateEvent.objects.get().summary


def test_reading_m5_two_enterprises_of_one_name_are_told_too() -> None:
    make_enterprise(NAME)
    book = load(row("张三", 1, 1))
    assert "企业名称" not in {note.column_title for note in book.notes}
    make_enterprise(NAME)
    book = load(row("李四", 2, 2))
    assert "企业名称" in {note.column_title for note in book.notes}
    assert Enterprise.objects.count() == 2


@pytest.mark.parametrize(
    ("word", "sex"), [("男性", "male"), ("女性", "female"), ("男", "male"), ("ＭＡＬＥ", "male"), ("⼥", "female")]
)
def test_reading_m9_words_for_the_sex(word: str, sex: str) -> None:
    sequence = 1 if sex == "male" else 2
    book = load([*row("张三", sequence, 1), word], header=[*HEADER, "性别"])
    assert (LegacyCertificate.objects.get().sex, book.bad) == (sex, 0)


@pytest.mark.parametrize("word", ["未知", "0", "不详", "9", "-"])
def test_reading_m9_an_unknown_sex_is_taken_from_the_id_number(word: str) -> None:
    book = load([*row("张三", 1, 1), word], header=[*HEADER, "性别"])
    assert int(id_number(1)[16]) % 2 == 1
    assert (LegacyCertificate.objects.get().sex, book.bad) == ("male", 0)
    assert [note.sentence for note in book.notes if note.column_title == "性别"] == [
        "按身份证号码填为“男”，本行已导入。"
    ]


def test_reading_m9_what_is_no_sex_is_refused_and_a_contradiction_told() -> None:
    assert load([*row("张三", 1, 1), "张"], header=[*HEADER, "性别"]).bad == 1
    book = load([*row("张三", 1, 1), "女"], header=[*HEADER, "性别"])
    assert (book.new, [note.column_title for note in book.notes if "不符" in note.sentence]) == (1, ["性别"])


def test_reading_m11_the_file_of_odd_numbers() -> None:
    book = run_import("legacy", (CASES / "22-numbers.csv").read_bytes(), "22-numbers.csv")
    refused = {
        problem.value_masked: problem.sentence for problem in book.problems if problem.column_title == "证书编号"
    }
    assert "字母“O”" in refused["赣建安A（2O19）9100143"]
    assert "西里尔字母" in refused["赣建安С1（2019）9100164"]
    numbers = set(LegacyCertificate.objects.values_list("number", flat=True))
    understood = (9100145, 9100155, 9100156, 9100157, 9100158, 9100159, 9100160, 9100161, 9100165, 9100166)
    assert {f"赣建安A（2019）{serial}" for serial in understood} <= numbers


def test_reading_m7_stored_records_are_cleaned_and_their_file_is_known_again() -> None:
    content = csv_bytes(row("王小明", 1, 1, 企业名称=NAME), row("李四", 2, 2, 企业名称=NAME, 有效期起=""))
    run_import("legacy", content, "旧证.csv")
    fingerprints = list(LegacyCertificate.objects.order_by("pk").values_list("fingerprint", flat=True))
    LegacyCertificate.objects.filter(name="王小明").update(name="王⼩明", fingerprint="0" * 64)
    LegacyCertificate.objects.filter(name="李四").update(enterprise_name=f"{NAME}\u200b", fingerprint="1" * 64)
    out = StringIO()
    call_command("clean_names", "--apply", stdout=out)
    assert "old record: 2 found, 2 cleaned" in out.getvalue()
    assert "王小明" not in out.getvalue()
    assert list(LegacyCertificate.objects.order_by("pk").values_list("fingerprint", flat=True)) == fingerprints
    assert set(LegacyCertificate.objects.values_list("name", "enterprise_name")) == {("王小明", NAME), ("李四", NAME)}
    assert run_import("legacy", content, "旧证.csv").known == 2


def test_reading_m7_a_record_beside_its_clean_form_stays() -> None:
    run_import("legacy", csv_bytes(row("王小明", 1, 1)), "旧证.csv")
    record = LegacyCertificate.objects.get()
    record.pk, record.name, record.fingerprint = None, "王⼩明", "0" * 64
    record.state = LegacyState.QUARANTINED
    record.save(force_insert=True)
    call_command("clean_names", "--apply", stdout=StringIO())
    assert set(LegacyCertificate.objects.values_list("name", flat=True)) == {"王小明", "王⼩明"}

"""Admit cards and lists say what they should, their codes read back, and only those who may take them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from subprocess import run

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from administration.models import AuditEntry
from exams.models import ExamSeat
from exams.seating.services import assign_seats
from tests.clock import Clock
from tests.exams.exam_world import NOW, ExamWorld, make_batch, make_candidate, make_entry, text
from tests.exams.seating.seat_world import add_session
from tests.factories import actor, make_enterprise, make_operator, make_staff
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def seated(world: ExamWorld) -> list[ExamSeat]:
    """Three people of the world's enterprise, one of them with rare characters, in one room."""
    add_session(world, 10)
    for name in ("古丽仙·艾山", "䶮𬭎𠮷", "王小明"):
        make_entry(make_candidate(world.enterprise, name), world.enterprise, world.batch)
    assign_seats(world.batch.pk, by=actor(world.organiser), now=NOW)
    return list(ExamSeat.objects.select_related("entry__person").order_by("number"))


def pages_of(content: bytes, folder: Path) -> list[Image.Image]:
    (folder / "paper.pdf").write_bytes(content)
    run(["pdftoppm", "-r", "110", "-png", "paper.pdf", "page"], cwd=folder, check=True)
    return [Image.open(BytesIO(file.read_bytes())) for file in sorted(folder.glob("page*.png"))]


def words_of(content: bytes, folder: Path) -> str:
    (folder / "paper.pdf").write_bytes(content)
    return run(
        ["pdftotext", "-layout", "paper.pdf", "-"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def test_a_person_opens_the_card_and_takes_it_as_a_file(
    world: ExamWorld, seated: list[ExamSeat], tmp_path: Path
) -> None:
    seat = seated[0]
    client = browser(seat.entry.person.user)
    assert "准考证" in text(client, "/person/exams/")
    page = text(client, f"/person/exams/{seat.entry_id}/admit-card/")
    assert seat.candidate_number in page
    assert "12月12日 09:00" in page
    assert "星期六" in page
    answer = client.get(f"/person/exams/{seat.entry_id}/admit-card/file/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    words = words_of(answer.content, tmp_path)
    for said in (seat.candidate_number, "第1考场", "01", "江西青云职业学院", "6 个月内不能报名", "12 个月内不能报名"):
        assert said in words, said
    (paper,) = pages_of(answer.content, tmp_path)
    (code,) = zxingcpp.read_barcodes(paper)
    assert code.text == seat.code
    assert seat.entry.person.id_number not in code.text


def test_the_card_is_offered_until_the_exam_is_over_and_the_excuse_from_then_on(
    world: ExamWorld, seated: list[ExamSeat], clock: Clock
) -> None:
    seat = seated[0]
    card, excuse = f"/person/exams/{seat.entry_id}/admit-card/", f"/person/exams/{seat.entry_id}/excuse/"
    clock.stop_at(seat.starts_at)
    during = text(browser(seat.entry.person.user), "/person/exams/")
    assert card in during
    assert excuse not in during, "whoever sits the exam is not asked why not"
    clock.stop_at(seat.ends_at)
    after = text(browser(seat.entry.person.user), "/person/exams/")
    assert card not in after
    assert excuse in after


def test_nobody_opens_the_card_of_somebody_else_or_one_without_a_seat(world: ExamWorld, seated: list[ExamSeat]) -> None:
    other = browser(seated[1].entry.person.user)
    for address in ("admit-card/", "admit-card/file/"):
        assert other.get(f"/person/exams/{seated[0].entry_id}/{address}").status_code == 404
    ExamSeat.objects.filter(pk=seated[1].pk).update(released_at=NOW)
    assert other.get(f"/person/exams/{seated[1].entry_id}/admit-card/").status_code == 404


def test_an_enterprise_takes_the_cards_of_its_people_two_on_a_sheet(
    world: ExamWorld, seated: list[ExamSeat], tmp_path: Path
) -> None:
    stranger = make_enterprise()
    make_entry(make_candidate(stranger, "外单位人"), stranger, world.batch)
    assign_seats(world.batch.pk, by=actor(world.organiser), now=NOW)
    client = browser(world.operator)
    assert "3 张" in text(client, "/enterprise/exams/admit-cards/")
    answer = client.post(f"/enterprise/exams/{world.batch.pk}/admit-cards/")
    assert answer.status_code == 200
    words = words_of(answer.content, tmp_path)
    assert words.count("准考证号") == 3
    assert "外单位人" not in words
    papers = pages_of(answer.content, tmp_path)
    assert len(papers) == 2
    codes = {code.text for paper in papers for code in zxingcpp.read_barcodes(paper)}
    assert codes == {seat.code for seat in seated}
    assert AuditEntry.objects.get(action="exam_seat.cards").detail["count"] == 3
    elsewhere = make_batch()
    assert client.post(f"/enterprise/exams/{elsewhere.pk}/admit-cards/").status_code == 404
    assert (
        browser(make_operator(make_enterprise())).post(f"/enterprise/exams/{world.batch.pk}/admit-cards/").status_code
        == 404
    )


def take(client: Client, seat: ExamSeat, kind: str, status: int = 200) -> bytes:
    answer = client.post(f"/office/exams/rooms/{seat.session_room_id}/papers/{kind}/")
    assert answer.status_code == status
    return bytes(answer.content)


def test_the_list_for_the_door_names_people_and_four_digits_only(
    world: ExamWorld, seated: list[ExamSeat], tmp_path: Path
) -> None:
    words = words_of(take(browser(world.organiser), seated[0], "door"), tmp_path)
    for seat in seated:
        assert seat.entry.person.name in words
        assert seat.candidate_number[-4:] in words
        assert seat.candidate_number not in words
        assert seat.entry.person.id_number[-4:] not in words.replace(seat.candidate_number[-4:], "")
    assert world.enterprise.name not in words
    assert AuditEntry.objects.get(action="exam_seat.paper").detail["paper"] == "门贴"


def test_the_sign_in_sheet_has_the_photos_and_masked_numbers(
    world: ExamWorld, seated: list[ExamSeat], tmp_path: Path
) -> None:
    content = take(browser(world.organiser), seated[0], "sign-in")
    assert content.count(b"/DCTDecode") == 3
    words = words_of(content, tmp_path)
    for seat in seated:
        assert seat.candidate_number in words
        assert seat.entry.person.id_number not in words
    listed = words_of(take(browser(world.organiser), seated[0], "list"), tmp_path)
    assert world.enterprise.name in listed


def test_a_missing_photo_and_an_unknown_character_stop_nobody(
    world: ExamWorld, seated: list[ExamSeat], tmp_path: Path
) -> None:
    person = seated[0].entry.person
    type(person).objects.filter(pk=person.pk).update(name="张\U000f0000", id_photo="photos/gone.jpg", id_photo_small="")
    words = words_of(browser(world.operator).post(f"/enterprise/exams/{world.batch.pk}/admit-cards/").content, tmp_path)
    assert "张〓" in words
    assert "没有照片" in words
    assert "张〓" in words_of(take(browser(world.organiser), seated[0], "sign-in"), tmp_path)


def test_only_the_organiser_of_the_batch_takes_papers(world: ExamWorld, seated: list[ExamSeat]) -> None:
    take(browser(world.organiser), seated[0], "nothing", 404)
    take(browser(make_staff(world.province.municipal, "organise", name="别处考务")), seated[0], "door", 404)
    client = browser(world.organiser)
    assert client.get(f"/office/exams/rooms/{seated[0].session_room_id}/papers/door/").status_code == 405

"""The manual on its pages and on paper: contents by reader, a chapter, all chapters on one page, the PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils.timezone import localdate

from common.printing.fonts import outside_fonts
from portal.home.manual.booklet import draw_booklet
from portal.home.manual.chapters import Reader, chapter_of_business, chapters, chapters_for, find, neighbours
from portal.home.manual.finder import BookletFinder, drawn
from tests.e2e.paper import printed_text

WRITTEN = [reader for reader in Reader if chapters_for(reader)]


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.django_db
def test_the_contents_lead_to_every_chapter_and_booklet_without_a_query(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        page = body(client, "/manual/")
    assert [one.code for one in chapters() if f'href="/manual/{one.code}/"' not in page] == []
    assert [one for one in WRITTEN if f'href="/static/{one.booklet}"' not in page] == []


@pytest.mark.django_db
@pytest.mark.parametrize("chapter", chapters(), ids=lambda one: one.code)
def test_a_chapter_shows_its_steps_with_pictures_in_words_and_leads_on(client: Client, chapter: Any) -> None:
    page = body(client, f"/manual/{chapter.code}/")
    for step in chapter.steps:
        width, height = step.size
        assert step.text in page
        assert f'src="/static/{step.picture}"' in page
        assert f'width="{width}" height="{height}" alt="{step.shows}"' in page
    assert [one for one in (*chapter.words, *chapter.notes) if one not in page] == []
    for other in filter(None, neighbours(chapter)):
        assert f'href="/manual/{other.code}/"' in page
    for kind in chapter.businesses:
        assert f'href="/guides/{kind}/"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("reader", WRITTEN)
def test_all_chapters_of_a_reader_stand_on_one_page(client: Client, reader: Reader) -> None:
    page = body(client, f"/manual/whole/{reader.value}/")
    texts = [step.text for chapter in chapters_for(reader) for step in chapter.steps]
    assert [one for one in texts if one not in page] == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/manual/9.9/", "/manual/x/", "/manual/whole/nobody/"])
def test_what_the_manual_has_not_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_guide_and_every_foot_lead_to_the_manual(client: Client) -> None:
    chapter = chapter_of_business("extension")
    assert chapter is not None
    guide = body(client, "/guides/extension/")
    assert f'href="/manual/{chapter.code}/"' in guide
    assert 'href="/manual/"' in body(client, "/privacy/")


def test_chapters_stand_in_the_order_of_their_numbers() -> None:
    codes = [one.order for one in chapters()]
    assert codes == sorted(codes)
    assert find("1.3.5") in chapters()


def test_paper_can_print_every_character() -> None:
    for chapter in chapters():
        texts = [chapter.heading, *chapter.words, *chapter.notes, *(step.text for step in chapter.steps)]
        assert [one for one in texts if outside_fonts(one)] == []


def test_the_pdf_of_a_reader_has_every_sentence(tmp_path: Path) -> None:
    file = tmp_path / "manual.pdf"
    file.write_bytes(draw_booklet(Reader.ENTERPRISE, localdate()))
    said = "".join(printed_text(file).split())
    wanted = [step.text for chapter in chapters_for(Reader.ENTERPRISE) for step in chapter.steps]
    assert [one for one in wanted if "".join(one.split()) not in said] == []


def test_the_booklets_are_among_the_static_files(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    assert [name for name, _ in BookletFinder().list(None)] == [one.booklet for one in WRITTEN]
    found = finders.find(WRITTEN[0].booklet)
    assert found == str(tmp_path / "booklets" / WRITTEN[0].booklet)
    assert BookletFinder().find("manual/nobody.pdf") is None


def test_a_booklet_is_drawn_anew_only_after_a_change(tmp_path: Path) -> None:
    file = drawn(Reader.ENTERPRISE, tmp_path)
    first = file.stat().st_mtime_ns
    assert drawn(Reader.ENTERPRISE, tmp_path).stat().st_mtime_ns == first

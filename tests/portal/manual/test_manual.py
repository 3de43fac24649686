"""The manual on its pages and on paper: contents by reader, a chapter, all chapters on one page, the PDF."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pikepdf
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
        assert f'href="#s{step.code}"' in page
    said = (*chapter.words, *chapter.entry, *chapter.needs, *chapter.after, *chapter.notes)
    assert [one for one in said if one not in page] == []
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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("怎么换单位", "/manual/1.3.3/"),
        ("上传证件照", "/manual/1.1.2/#s1.1.2-06"),
        ("合并C3", "/manual/1.3.9/"),
        ("１．３．５ 证书延续", "/manual/1.3.5/"),
    ],
)
def test_what_is_typed_finds_its_step(client: Client, django_assert_num_queries: Any, typed: str, found: str) -> None:
    with django_assert_num_queries(0):
        page = body(client, f"/manual/?q={quote(typed)}")
    results = page.partition("搜索结果")[2].partition("</section>")[0]
    assert f'href="{found}"' in results
    assert f'value="{typed}"' in page


@pytest.mark.django_db
def test_what_the_manual_does_not_say_is_not_found_and_a_long_question_is_refused(client: Client) -> None:
    assert "没有找到" in body(client, "/manual/?q=%F0%A0%AE%B7%F0%A0%AE%B7")
    assert client.get("/manual/", {"q": "学" * 101}).status_code == 400
    assert 'href="/manual/?q=%E5%AD%A6%E6%97%B6"' in body(client, "/guides/?q=%E5%AD%A6%E6%97%B6")


def test_chapters_stand_in_the_order_of_their_numbers() -> None:
    codes = [one.order for one in chapters()]
    assert codes == sorted(codes)
    assert find("1.3.5") in chapters()


def test_paper_can_print_every_character() -> None:
    for chapter in chapters():
        texts = [chapter.heading, *chapter.words, *(step.text for step in chapter.steps)]
        texts += [one for _, part in (*chapter.beforehand, *chapter.afterwards) for one in part]
        assert [one for one in texts if outside_fonts(one)] == []


@pytest.fixture(scope="module")
def booklet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("booklet") / "manual.pdf"
    file.write_bytes(draw_booklet(Reader.INSTITUTION, localdate()))
    return file


def test_the_pdf_of_a_reader_has_every_sentence(booklet: Path) -> None:
    said = "".join(printed_text(booklet).split())
    for chapter in chapters_for(Reader.INSTITUTION):
        wanted = [step.text for step in chapter.steps]
        wanted += [one for _, part in (*chapter.beforehand, *chapter.afterwards) for one in part]
        assert [one for one in wanted if "".join(one.split()) not in said] == []


def test_the_pdf_has_a_bookmark_for_each_chapter_and_its_list_names_the_same_page(booklet: Path) -> None:
    known = chapters_for(Reader.INSTITUTION)
    with pikepdf.open(booklet) as pdf:
        pages = [page.obj.objgen for page in pdf.pages]
        with pdf.open_outline() as outline:
            found = {one.title: pages.index(one.destination[0].objgen) + 1 for one in outline.root}
        assert pdf.Root.PageMode == "/UseOutlines"
    assert list(found) == [chapter.heading for chapter in known]
    # The first page is the list; each of its lines ends with the page.
    listed = re.findall(r"(?m)^(\d[\d.]* .+?) +(\d+)$", printed_text(booklet).partition("\f")[0])
    assert {heading: int(page) for heading, page in listed} == found


def test_a_screen_reader_hears_headings_sentences_and_what_a_picture_shows(booklet: Path) -> None:
    known = chapters_for(Reader.INSTITUTION)
    with pikepdf.open(booklet) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "zh-CN"
        elements = list(pdf.Root.StructTreeRoot.K.K)
        roles = Counter(str(one.S) for one in elements)
        pictures = [str(one.Alt) for one in elements if one.S == "/Figure"]
        # Each marked part is found by its page and number, as a reader of the page looks for it.
        marks = pdf.Root.StructTreeRoot.ParentTree.Nums
        by_page = {int(marks[place]): marks[place + 1] for place in range(0, len(marks), 2)}
        places = {page.obj.objgen: int(page.obj.StructParents) for page in pdf.pages}
        for element in elements:
            for part in element.K:
                assert by_page[places[part.Pg.objgen]][int(part.MCID)].objgen == element.objgen
    assert pictures == [step.shows for chapter in known for step in chapter.steps]
    assert (roles["/H1"], roles["/H2"]) == (1, len(known))


def test_the_booklets_are_among_the_static_files(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    assert [name for name, _ in BookletFinder().list(None)] == [one.booklet for one in WRITTEN]
    found = finders.find(WRITTEN[0].booklet)
    assert found == str(tmp_path / "booklets" / WRITTEN[0].booklet)
    assert BookletFinder().find("manual/nobody.pdf") is None


def test_a_booklet_is_drawn_anew_only_after_a_change(tmp_path: Path) -> None:
    file = drawn(Reader.INSTITUTION, tmp_path)
    first = file.stat().st_mtime_ns
    assert drawn(Reader.INSTITUTION, tmp_path).stat().st_mtime_ns == first

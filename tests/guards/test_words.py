"""One word for one thing, days as people say them, and no codes of rules: in the sources, and on the pages of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.raw_keys import visible_text
from tests.workflow.browsing import browser
from tests.worlds import WORLDS
from tests.worlds.base import NOW
from workflow.enums import Desk

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = (
    "accounts", "administration", "certificates", "common", "employment", "enterprises", "exams", "portal", "templates",
    "training", "workflow",
)  # fmt: skip
ISO_DAY = re.compile(r"(?<![\d-])(?:19|20)\d\d-(?:0\d|1[0-2])-[0-3]\d(?![\d-])")
FORMER_WORDS = {
    "证书补录": "录入证书",
    "延期": "延续",
    "暂不可用": "异常状态",
    "（规则 ": "nothing: workers do not know the codes of rules",
    "收到的是": "您选的是…, with what its sender may do",
    "核验原件预约单": "核验原件通知单: no time is booked",
    "不能为空，请填写或选择": "请填写…, with the name of the field",
}
INPUTS = re.compile(
    r"DateInput|DateTimeInput|widget|format=|datetime=|data-pass-until=|%Y-%m-%d %H:%M|__str__|return f\"\{self\."
)
"""Where a day is written for a control, for a cell of a spreadsheet or for the list of a registry, and no sentence."""


def sources() -> Iterator[tuple[str, int, str]]:
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in (".py", ".html") and "migrations" not in path.parts:
                for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                    yield str(path.relative_to(ROOT)), number, line


def test_no_sentence_of_ours_uses_a_word_for_which_there_is_another() -> None:
    found = [
        f"{file}:{number} says {former}; say {now}"
        for file, number, line in sources()
        for former, now in FORMER_WORDS.items()
        if former in line
    ]
    assert found == []


def test_no_sentence_writes_a_day_in_the_form_of_computers() -> None:
    found = [
        f"{file}:{number}"
        for file, number, line in sources()
        if re.search(r"%Y-%m-%d|date:.Y-m-d|\{[^{}]*\.isoformat\(\)\}[^\"']*[\u4e00-\u9fff]", line)
        and not INPUTS.search(line)
    ]
    assert found == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(WORLDS))
def test_no_page_about_an_application_shows_a_day_in_the_form_of_computers(kind: str, clock: Clock) -> None:
    clock.stop_at(NOW)
    world = WORLDS[kind]()
    application = world.file()
    holder = world.operators()[application.holder_enterprise_id] if application.desk == Desk.EMPLOYER else None
    own = browser(world.person_user)
    pages = [
        own.get(f"/applications/{application.number}/"),
        own.get(f"/applications/{application.number}/print/"),
        own.get("/applications/"),
        own.get("/person/"),
        own.get("/person/certificates/"),
        own.get("/messages/"),
        own.get(f"/guides/{kind}/"),
        browser(world.province.reviewer).get(f"/office/applications/{application.number}/"),
        *([browser(holder).get(f"/enterprise/confirmations/{application.number}/")] if holder else []),
    ]
    for page in pages:
        text = visible_text(page.content.decode())
        assert not (found := ISO_DAY.search(text)), text[max(found.start() - 60, 0) : found.end() + 20]

"""Imports the offices of a province and the regions of each from a file, which a new installation needs first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django.core.exceptions import ValidationError

from administration.enums import OfficeKind, RouteDesk
from administration.imports.plan import changes_of
from administration.imports.services import Book, Seen, good_chunks, one_import_at_a_time, register_importer
from administration.models import Office, OfficeRoute, Region
from common.findings import Refused
from common.tabular.cells import as_text, words_up_to
from common.tabular.column import WHOLE_ROW, Column
from common.tabular.row import Problem, Row
from common.tabular.table import Table
from common.text.chinese import half_width, without_blanks
from common.text.lengths import up_to
from common.text.organisations import normalise_organisation_name, parse_organisation_name

from .selectors import PROVINCE, Routing
from .services import OfficeFacts, save_office

KIND = "offices"
TITLE = "主管部门与机构"
_KINDS = {
    **{label: OfficeKind(value) for value, label in OfficeKind.choices},
    "设区市": OfficeKind.MUNICIPAL,
    "地市": OfficeKind.MUNICIPAL,
    "县区": OfficeKind.COUNTY,
    "登记点": OfficeKind.REGISTRATION,
}
_DESK_COLUMNS = {
    RouteDesk.COUNTER: "原件核验区划",
    RouteDesk.MUNICIPAL: "地市受理区划",
    RouteDesk.PROVINCIAL: "省厅审核区划",
}


def parse_kind(word: str) -> OfficeKind:
    plain = without_blanks(word).replace("(", "（").replace(")", "）")
    if plain not in _KINDS:
        raise ValidationError(f"无法识别的类别：{word[:20]}，应为{'、'.join(OfficeKind.labels)}。")
    return _KINDS[plain]


def parse_region(word: str) -> str:
    code = without_blanks(half_width(word))
    if not re.fullmatch("[0-9]{6}", code):
        raise ValidationError("区划代码应为 6 位数字，例如 360100。")
    return code


def parse_regions(word: str) -> tuple[str, ...]:
    """Reads several regions, separated by blanks, commas, semicolons or 顿号."""
    parts = [part for part in re.split(r"[\s,;、]+", half_width(word)) if part]
    return tuple(dict.fromkeys(parse_region(part) for part in parts))


def parse_office_name(word: str) -> str:
    return up_to(100, parse_organisation_name(word))


COLUMNS = (
    Column("name", "名称", ("部门名称", "机构名称"), required=True, parse=as_text(parse_office_name)),
    Column("kind", "类别", required=True, parse=as_text(parse_kind)),
    Column("region", "区划代码", ("区划",), required=True, parse=as_text(parse_region)),
    Column("address", "地址", parse=words_up_to(200)),
    Column("phone", "电话", parse=words_up_to(50)),
    Column("opening_hours", "办公时间", parse=words_up_to(200)),
    *(Column(desk.value, title, parse=as_text(parse_regions)) for desk, title in _DESK_COLUMNS.items()),
)


def import_offices(table: Table, book: Book) -> None:
    """A name that exists is changed; regions are added, and none is taken from another office."""
    regions = set(Region.objects.values_list("pk", flat=True))
    stored = {normalise_organisation_name(name): name for name in Office.objects.values_list("name", flat=True)}
    seen = Seen(book)
    for chunk in good_chunks(table, book):
        one_import_at_a_time(KIND)
        for row in chunk:
            facts = _facts(row, stored)
            unknown = list(_unknown_regions(row, regions))
            if unknown:
                book.refuse(row, *unknown)
            elif seen.is_new(row, facts.name, facts):
                _save(row, facts, book)
    _note_gaps(book)


def _facts(row: Row, stored: Mapping[str, str]) -> OfficeFacts:
    """`stored` maps the one spelling of a name to that which the office bears."""
    values = row.values
    name = str(values["name"])
    routes = [(str(code), desk) for desk in _DESK_COLUMNS for code in values.get(desk.value) or ()]  # type: ignore[attr-defined]
    return OfficeFacts(
        name=stored.get(name, name),
        kind=str(values["kind"]),
        region=str(values["region"]),
        address=str(values.get("address") or ""),
        phone=str(values.get("phone") or ""),
        opening_hours=str(values.get("opening_hours") or ""),
        routes=tuple(routes),
    )


def _unknown_regions(row: Row, regions: set[str]) -> Iterator[Problem]:
    named = {"区划代码": (row.values["region"],)}
    named |= {title: row.values.get(desk.value) or () for desk, title in _DESK_COLUMNS.items()}  # type: ignore[misc]
    for title, codes in named.items():
        for code in codes:
            if code not in regions:
                yield Problem(row.number, title, str(code), "没有这个区划，请核对代码。")


def _save(row: Row, facts: OfficeFacts, book: Book) -> None:
    before = _said_of(facts.name)
    try:
        outcome = save_office(facts=facts, by=book.run.by)
    except Refused as refused:
        book.refuse(row, *(Problem(row.number, WHOLE_ROW, "", finding.message) for finding in refused.findings))
        return
    office = Office.objects.get(name=facts.name)
    if outcome == "known":
        book.keep(row, office)
        return
    changes = changes_of(TITLES, before, _said_of(facts.name) or {})
    (book.add if outcome == "new" else book.change)(row, office, facts.name, changes)


TITLES = {
    "kind": "类别",
    "region_id": "区划代码",
    "address": "地址",
    "phone": "电话",
    "opening_hours": "办公时间",
    "routes": "受理区划",
}


def _said_of(name: str) -> dict[str, object] | None:
    office = Office.objects.filter(name=name).first()
    if office is None:
        return None
    routes = OfficeRoute.objects.filter(office=office).order_by("desk", "region_id").values_list("desk", "region_id")
    said = {field: getattr(office, field) for field in TITLES if field != "routes"}
    said["kind"] = OfficeKind(office.kind).label
    return said | {"routes": "、".join(f"{RouteDesk(desk).label} {region}" for desk, region in routes)}


def _note_gaps(book: Book) -> None:
    """Cases of a region without an office cannot be filed, so the report names such regions."""
    routing = Routing()
    cities = Region.objects.filter(parent_id=PROVINCE).order_by("pk")
    for desk in RouteDesk:
        gaps = [city.name for city in cities if routing.office(city.pk, desk) is None]
        if gaps:
            sentence = f"没有部门负责的设区市：{'、'.join(gaps)}。这些地方的业务还不能办理。"
            book.notes.append(Problem(0, _DESK_COLUMNS[desk], "", sentence))


# Nobody uploads offices: they are imported on the server, and changed one by one in the registry.
register_importer(KIND, TITLE, import_offices, columns=COLUMNS, duties=())

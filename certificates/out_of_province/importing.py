"""Imports other provinces' registers of certificates in force (rule X-1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import Person
from accounts.people.columns import ID_NUMBER, NAME
from accounts.people.numbers import PresentNumbers
from administration.imports.plan import Change, Trace, changes_of
from administration.imports.services import Book, Seen, good_chunks, one_import_at_a_time, register_importer
from certificates.legacy.columns import parse_category
from certificates.models import OutOfProvinceCertificate
from certificates.state.snapshots import refresh_for_people
from common.database.set_updates import update_rows
from common.tabular.cells import Cell, as_text, day, text, words_up_to
from common.tabular.column import Column
from common.tabular.row import Row
from common.tabular.table import Table
from common.text.certificate_number import CertificateNumber, parse_number
from common.text.organisations import parse_organisation_name

KIND = "outside"
LOCAL = "这是本省的证书编号，外省证书登记中只放其他省份的证书。"
OTHER_PERSON = "该编号已登记在另一人名下，请与发证省份核对。"


def parse_out_of_province_number(value: Cell) -> CertificateNumber:
    number = parse_number(text(value))
    if number.is_local:
        raise ValidationError(LOCAL)
    return number


COLUMNS = (
    NAME,
    ID_NUMBER,
    Column("number", "证书编号", ("证书号", "编号"), required=True, parse=parse_out_of_province_number),
    Column("category", "类别", ("证书类别",), parse=as_text(parse_category)),
    Column("enterprise_name", "企业名称", ("单位名称", "工作单位"), parse=as_text(parse_organisation_name)),
    Column("valid_to", "有效期止", ("有效期至", "截止日期", "有效期结束"), required=True, parse=day),
    Column("province", "省份", ("发证省份",), required=True, parse=words_up_to(30)),
)
TITLES = {"province": "省份", "category": "类别", "enterprise_name": "企业名称", "valid_to": "有效期止"}
CHANGEABLE = tuple(TITLES)


def import_out_of_province(table: Table, book: Book) -> None:
    """A known number takes over what changed; it never moves from one person to another."""
    seen = Seen(book)
    for chunk in good_chunks(table, book):
        lines = [(row, one) for row, one in _read(chunk, book) if seen.is_new(row, one.number, _content(one))]
        with book.writing():
            one_import_at_a_time(KIND)
            _save(lines, book)


def _read(rows: Sequence[Row], book: Book) -> Iterator[tuple[Row, OutOfProvinceCertificate]]:
    numbers = PresentNumbers()
    for row in rows:
        values: dict[str, Any] = row.values
        yield (
            row,
            OutOfProvinceCertificate(
                id_number_index=numbers.index_of(values["id_number"]),
                number=str(values["number"]),
                province=values["province"],
                category=values["category"] or values["number"].category,
                name=values["name"],
                enterprise_name=values["enterprise_name"] or "",
                valid_to=values["valid_to"],
                import_run=None if book.dry_run else book.run,
            ),
        )


def _content(one: OutOfProvinceCertificate) -> tuple[object, ...]:
    return (one.id_number_index, *(getattr(one, name) for name in CHANGEABLE))


def _said(one: OutOfProvinceCertificate) -> dict[str, object]:
    return {name: getattr(one, name) for name in TITLES}


def _subject(one: OutOfProvinceCertificate) -> str:
    return f"{one.name}，{one.number}"


def _save(lines: Sequence[tuple[Row, OutOfProvinceCertificate]], book: Book) -> None:
    register = OutOfProvinceCertificate.objects.filter(declared_by__isnull=True)
    known = {one.number: one for one in register.filter(number__in=[one.number for _, one in lines])}
    new: dict[str, OutOfProvinceCertificate] = {}
    changed: dict[str, tuple[OutOfProvinceCertificate, list[Change], Trace]] = {}
    for row, one in lines:
        present = known.get(one.number)
        if present is None:
            new[one.number] = one
        elif present.id_number_index != one.id_number_index:
            book.refuse_because(row, "证书编号", OTHER_PERSON, one.number)
        elif _content(present) == _content(one):
            book.keep(row, present)
        else:
            changes, before = changes_of(TITLES, _said(present), _said(one)), _said(present)
            for name in CHANGEABLE:
                setattr(present, name, getattr(one, name))
            changed[one.number] = present, changes, Trace(before, _said(present))
    OutOfProvinceCertificate.objects.bulk_create(new.values())
    update_rows([one for one, *_ in changed.values()], CHANGEABLE)
    for row, one in lines:
        if one.number in new:
            trace = Trace({}, _said(one) | {"name": one.name, "settled_at": None})
            book.add(row, one, _subject(one), changes_of(TITLES, None, _said(one)), trace=trace)
        elif one.number in changed:
            present, changes, trace = changed[one.number]
            book.change(row, present, _subject(one), changes, trace=trace)
    holders = Person.objects.filter(
        id_number_index__in={one.id_number_index for one in [*new.values(), *(one for one, *_ in changed.values())]}
    )
    refresh_for_people(set(holders.values_list("pk", flat=True)))


register_importer(KIND, "外省证书登记", import_out_of_province, columns=COLUMNS)

"""Imports a file of old certificates: COPY into a temporary table, judged and inserted in sets.

Three passes keep memory small and the counters of numbers locked for a short time only. First, rows are read, checked
one by one and copied into a temporary table of this session, a batch per transaction. Second, rows that contradict
others of the same file are found; their order in the file does not matter. Third, they are inserted, a batch per
transaction, under the counters of their years, and judged there against what exists.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import islice

from django.db import connection, transaction
from django.utils.timezone import localdate

from accounts.people.numbers import PRESENT_NUMBERS_IN_STAGE
from administration.enums import RowOutcome
from administration.imports.plan import Line, changes_of
from administration.imports.plausibility import Consequence, ShareCounter
from administration.imports.services import Book, one_import_at_a_time, register_importer
from certificates.enums import LegalState
from certificates.issuing.numbers import lock_counters
from certificates.plausibility import Limits
from common.tabular.row import Problem
from common.tabular.table import Table

from .codes import legal_state_of
from .columns import COLUMNS
from .matching import NUMBER_TAKEN, match_import
from .rows import STAGED, line_of

KIND = "legacy"
WITHDRAWN_STATES = (LegalState.REVOKED, LegalState.WITHDRAWN, LegalState.SUSPENDED)
LISTED_NEW = 200
LEGACY = "certificates.legacycertificate"
TITLES = {
    "category": "类别",
    "enterprise_name": "企业名称",
    "valid_from": "有效期起",
    "valid_to": "有效期止",
    "source_state": "状态",
}
BATCH = 20_000
"""This many rows make one transaction, which locks the counters of their years for one or two seconds."""

_STAGE = """
    CREATE TEMPORARY TABLE legacy_stage (
        row_number integer, id_number text, id_number_index text, name text, sex text, number text,
        number_year smallint, number_serial integer, category text, enterprise_name text, uscc text, post text,
        first_issued_on date, issued_on date, valid_from date, valid_to date, source_state text,
        quarantine_reason text, fingerprint text, extra jsonb
    )
"""
_COLUMNS = ", ".join(STAGED)
_COPY = f"COPY legacy_stage ({_COLUMNS}) FROM STDIN"

LISTED_EMPLOYERS = 200
_UNKNOWN_EMPLOYERS = """
    WITH bearers AS (
        SELECT name, id FROM enterprises_enterprise UNION SELECT name, enterprise_id FROM enterprises_enterprisename
    )
    SELECT min(row_number), enterprise_name, count(*) FROM legacy_stage s
    WHERE enterprise_name <> '' AND NOT EXISTS (SELECT FROM enterprises_enterprise e WHERE e.uscc = s.uscc)
        AND NOT EXISTS (SELECT FROM enterprises_formercode f WHERE f.code = s.uscc)
        AND enterprise_name NOT IN (SELECT name FROM bearers GROUP BY name HAVING count(DISTINCT id) = 1)
    GROUP BY enterprise_name ORDER BY 1
"""

SAME_NUMBER_IN_FILE = "同一文件中有编号相同而内容不同的行，无法判断哪一行正确。"
SAME_PERSON_IN_FILE = "同一文件中同一身份证号对应不同姓名，无法判断是谁的证书。"
SAME_NUMBER_KNOWN = "已有编号相同而内容不同的历史数据，请核对哪一条正确。"
SAME_PERSON_KNOWN = "已有同一身份证号而姓名不同的历史数据，请核对是谁的证书。"

_AMBIGUOUS = """
    UPDATE legacy_stage SET quarantine_reason = %s WHERE quarantine_reason = '' AND {column} IN
        (SELECT {column} FROM legacy_stage GROUP BY {column} HAVING min({differing}) <> max({differing}))
"""
_YEARS = """
    SELECT DISTINCT number_year FROM legacy_stage WHERE row_number BETWEEN %s AND %s AND number_year IS NOT NULL
"""
_INSERT = f"""
    WITH judged AS (
        SELECT {", ".join(name for name in STAGED if name != "quarantine_reason")}, CASE
            WHEN quarantine_reason <> '' THEN quarantine_reason
            WHEN EXISTS (SELECT FROM certificates_certificate c WHERE c.number = s.number
                AND c.taken_back_at IS NULL) THEN %(certificate)s
            WHEN EXISTS (SELECT FROM certificates_legacycertificate l WHERE l.number = s.number
                AND l.state <> 'discarded' AND l.fingerprint <> s.fingerprint) THEN %(number)s
            WHEN EXISTS (SELECT FROM certificates_legacycertificate l WHERE l.id_number_index = s.id_number_index
                AND l.state = 'unmatched' AND l.name <> s.name) THEN %(person)s
            ELSE '' END AS quarantine_reason
        FROM legacy_stage s WHERE row_number BETWEEN %(first)s AND %(last)s
    ), inserted AS (
        INSERT INTO certificates_legacycertificate ({_COLUMNS}, state, import_run_id)
        SELECT {_COLUMNS}, CASE quarantine_reason WHEN '' THEN 'unmatched' ELSE 'quarantined' END, %(run)s
        FROM judged ORDER BY row_number
        ON CONFLICT (fingerprint) DO NOTHING
        RETURNING row_number, number, state, quarantine_reason
    )
    SELECT row_number, number, quarantine_reason, 0 FROM inserted WHERE state = 'quarantined'
    UNION ALL SELECT NULL, '', coalesce(md5(string_agg(row_number::text, ',' ORDER BY row_number)), ''), count(*)
        FROM inserted WHERE state = 'unmatched'
"""  # noqa: S608  the text is ours, values are parameters


_SAID_AGAIN = """
    SELECT l.id FROM legacy_stage s JOIN certificates_legacycertificate l USING (fingerprint)
    WHERE s.row_number BETWEEN %s AND %s AND l.import_run_id <> %s
"""
_FIRST_NEW = """
    SELECT s.row_number, l.id, s.name, s.number, s.category, s.enterprise_name, s.valid_from, s.valid_to, s.source_state
    FROM legacy_stage s JOIN certificates_legacycertificate l USING (fingerprint, row_number)
    WHERE s.row_number BETWEEN %s AND %s AND l.state = 'unmatched' AND l.import_run_id = %s
    ORDER BY s.row_number LIMIT %s
"""
_REGISTERED = """
    SELECT count(*) FROM legacy_stage s JOIN accounts_person p USING (id_number_index)
    WHERE p.registered_at IS NOT NULL AND s.quarantine_reason = ''
        AND NOT EXISTS (SELECT FROM certificates_certificate c WHERE c.number = s.number AND c.taken_back_at IS NULL)
"""


def import_legacy(table: Table, book: Book) -> None:
    """Known rows change nothing; rows that contradict others are kept for a clerk, never merged."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS legacy_stage")
        cursor.execute(_STAGE)
    try:
        edges = _stage(table, book)
        book.stop_at_bad_rows()
        _find_contradictions()
        book.notes += _unknown_employers()
        if book.dry_run:
            _note_registered(table, book)
        for first, last in edges:
            _insert(table, book, first, last)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS legacy_stage")
    if not book.dry_run:
        match_import(book.run.pk)


def _stage(table: Table, book: Book) -> list[tuple[int, int]]:
    """Answers the first and last row number of each batch."""
    edges: list[tuple[int, int]] = []
    rows = table.rows()
    unknown = frozenset(table.unknown_columns)
    limits = Limits.load(localdate())
    counter = ShareCounter(CONSEQUENCES)
    read = undivided = 0
    while batch := list(islice(rows, BATCH)):
        lines = []
        for row in batch:
            line = line_of(row, unknown, limits)
            if line.problems:
                book.refuse(row, *line.problems)
            else:
                lines.append(line.text)
                counter.count(row.values)
                undivided += line.is_undivided
                book.notes += line.notes
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.write("".join(lines))
        edges.append((batch[0].number, batch[-1].number))
        read += len(batch)
        book.report_progress(read)
    if undivided:
        sentence = f"{undivided} 行是未分类的C证，匹配时按政策参数归入具体类别。"
        book.notes.append(Problem(table.header_row, "类别", "", sentence))
    book.ask_about(counter.unlikely())
    return edges


def _find_contradictions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(PRESENT_NUMBERS_IN_STAGE.format(table="legacy_stage"))
        cursor.execute("ANALYZE legacy_stage (number, id_number_index, fingerprint, name)")
        cursor.execute(_AMBIGUOUS.format(column="number", differing="fingerprint"), [SAME_NUMBER_IN_FILE])
        cursor.execute(_AMBIGUOUS.format(column="id_number_index", differing="name"), [SAME_PERSON_IN_FILE])


def _unknown_employers() -> list[Problem]:
    """Names each employer that is no registered enterprise, with its first row: its certificates will have none."""
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN_EMPLOYERS)
        found = cursor.fetchall()
    notes = [
        Problem(
            row_number,
            "企业名称",
            name,
            f"没有登记这个名称的企业，或有几家同名：{count} 行旧证书照样导入，但对应不到企业。",
        )
        for row_number, name, count in found[:LISTED_EMPLOYERS]
    ]
    if rest := found[LISTED_EMPLOYERS:]:
        rows = sum(count for *_, count in rest)
        notes.append(Problem(0, "企业名称", "", f"还有 {len(rest)} 个企业名称（{rows} 行）对应不到登记的企业。"))
    return notes


@transaction.atomic
def _insert(table: Table, book: Book, first: int, last: int) -> None:
    one_import_at_a_time(KIND)
    with connection.cursor() as cursor:
        if not book.dry_run:
            cursor.execute(_YEARS, [first, last])
            # This is the last lock: others that draw a number wait and see ours, and we see every number drawn.
            # A dry run leaves it out, because it would hold the lock until its end.
            lock_counters(year for (year,) in cursor.fetchall())
        cursor.execute("SELECT count(*) FROM legacy_stage WHERE row_number BETWEEN %s AND %s", [first, last])
        staged = cursor.fetchone()[0]
        cursor.execute(
            _INSERT,
            {
                "first": first,
                "last": last,
                "run": book.run.pk or 0,
                "certificate": NUMBER_TAKEN,
                "number": SAME_NUMBER_KNOWN,
                "person": SAME_PERSON_KNOWN,
            },
        )
        rows = cursor.fetchall()
    _plan(table, book, first, last)
    unmatched = sum(count for *_, count in rows)
    book.plan.note(first, *(digest for number, _, digest, _ in rows if number is None))
    refused = [row for row in rows if row[0] is not None]
    book.new += unmatched
    book.quarantined += len(refused)
    known = staged - unmatched - len(refused)
    book.known += known
    if known and not book.dry_run:
        _keep_repetitions(book, first, last)
    book.problems += [
        Problem(row_number, "证书编号", number, f"{reason}本行已保存，待人工核实。")
        for row_number, number, reason, _ in refused
    ]


def _keep_repetitions(book: Book, first: int, last: int) -> None:
    """They are written with their batch, since an import may be taken back as soon as the batch is committed."""
    with connection.cursor() as cursor:
        cursor.execute(_SAID_AGAIN, [first, last, book.run.pk])
        book.repetitions.add(LEGACY, [pk for (pk,) in cursor.fetchall()])
    book.repetitions.write(book.run)


def _note_registered(table: Table, book: Book) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REGISTERED)
        registered = cursor.fetchone()[0]
    if registered:
        sentence = f"{registered} 行的持证人已实名登记：导入后立即与本人匹配，姓名一致、没有疑问的马上成为证书。"
        book.notes.append(Problem(table.header_row, "姓名", "", sentence))


def _plan(table: Table, book: Book, first: int, last: int) -> None:
    """Shows the first new rows of a file. Every record knows its import and its row, so no other list is kept."""
    wanted = LISTED_NEW - len(book.plan.lines)
    if wanted <= 0 or not book.dry_run:
        return
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_NEW, [first, last, book.run.pk or 0, wanted])
        for number, pk, name, certificate, *values in cursor.fetchall():
            changes = changes_of(TITLES, None, dict(zip(TITLES, values, strict=True)))
            place = table.place_of(number)
            book.plan.add(Line(number, place, RowOutcome.NEW, f"{name}，{certificate}", changes, "", LEGACY, pk))


@lru_cache(maxsize=1024)
def _state_said(word: str) -> LegalState | None:
    """Answers the state that a word names; None for a blank or an unknown one."""
    return legal_state_of(word, ends_on=date.max, today=date.min) if word else None


WITHDRAWALS = Consequence(
    "撤销、吊销、暂扣",
    lambda values: _state_said(str(values["source_state"] or "")) in WITHDRAWN_STATES,
    "这些人的证书不再有效，并影响以后的申请",
    most_percent=20,
    at_least=5,
)
CANCELLATIONS = Consequence(
    "注销",
    lambda values: _state_said(str(values["source_state"] or "")) == LegalState.CANCELLED,
    "这些人的证书不再有效",
    most_percent=50,
    at_least=5,
)
CONSEQUENCES = (WITHDRAWALS, CANCELLATIONS)
register_importer(
    KIND,
    "历史证书数据",
    import_legacy,
    columns=COLUMNS,
    keeps_unknown_columns=True,
    consequences=CONSEQUENCES,
    in_batches=True,
)

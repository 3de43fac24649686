"""Draws the numbers of the yearly sequence.

The row of its counter is the last lock of a transaction: numbers are drawn when hardly anything else can fail.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection

IDENTIFIER_FALLBACK = 9_000_000
"""Identifier serials begin here where a legacy certificate of another category has the number's serial."""

TAKEN = """
    SELECT serial FROM certificates_certificate WHERE year = %(year)s AND serial > %(last)s
    UNION SELECT identifier_serial FROM certificates_certificate
        WHERE year = %(year)s AND identifier_serial > %(last)s AND identifier_serial < %(fallback)s
    UNION SELECT identifier_serial FROM certificates_formernumber
        WHERE year = %(year)s AND identifier_serial > %(last)s AND identifier_serial < %(fallback)s
    UNION SELECT number_serial FROM certificates_legacycertificate WHERE number_year = %(year)s AND number_serial > %(last)s
"""


def lock_counters(years: Iterable[int]) -> dict[int, int]:
    """Locks the rows of the years, in order, and answers the last serial of each."""
    wanted = sorted(set(years))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO certificates_numbercounter (year, last) SELECT unnest(%s::smallint[]), 0 ON CONFLICT DO NOTHING",
            [wanted],
        )
        cursor.execute(
            "SELECT year, last FROM certificates_numbercounter WHERE year = ANY(%s) ORDER BY year FOR UPDATE", [wanted]
        )
        return dict(cursor.fetchall())


def allocate_serials(year: int, count: int) -> list[int]:
    """Answers the next `count` serials of the year; it skips only numbers that old records already hold."""
    if count < 1:
        return []
    last = lock_counters([year])[year]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH taken AS ({TAKEN})
            SELECT serial FROM generate_series(%(last)s + 1, %(last)s + %(count)s + (SELECT count(*) FROM taken)) AS serial
            WHERE serial NOT IN (SELECT serial FROM taken) ORDER BY serial LIMIT %(count)s
            """,  # noqa: S608  the text is ours, values are parameters
            {"year": year, "last": last, "count": count, "fallback": IDENTIFIER_FALLBACK},
        )
        serials = [row[0] for row in cursor.fetchall()]
        cursor.execute("UPDATE certificates_numbercounter SET last = %s WHERE year = %s", [serials[-1], year])
    return serials


def identifier_serials(year: int, wanted: Collection[int]) -> dict[int, list[int]]:
    """Maps the serial of an existing number to free identifier serials, one for each time it is wanted.

    The number's own serial is taken where free, else the next from 9,000,000. The caller has locked the year's counter.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT identifier_serial FROM certificates_certificate
            WHERE year = %(year)s AND (identifier_serial = ANY(%(wanted)s) OR identifier_serial >= %(fallback)s)
            UNION SELECT identifier_serial FROM certificates_formernumber
            WHERE year = %(year)s AND (identifier_serial = ANY(%(wanted)s) OR identifier_serial >= %(fallback)s)
            """,
            {"year": year, "wanted": list(set(wanted)), "fallback": IDENTIFIER_FALLBACK},
        )
        taken = {row[0] for row in cursor.fetchall()}
    answer: dict[int, list[int]] = {}
    following = max((serial for serial in taken if serial >= IDENTIFIER_FALLBACK), default=IDENTIFIER_FALLBACK - 1)
    for serial in wanted:
        if serial in taken:
            following += 1
            chosen = following
        else:
            chosen = serial
        taken.add(chosen)
        answer.setdefault(serial, []).append(chosen)
    return answer

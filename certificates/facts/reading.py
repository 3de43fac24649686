"""Reads all rows that the facts about people's certificates need, by one statement (`holdings.load_holdings`).

It is written by hand because lookup, QR page, home pages and every check of a rule ask it: composing the same nine query
sets anew cost more than the database did.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection

from accounts.models import Person
from certificates.enums import Category
from certificates.models import Certificate, OutOfProvinceCertificate
from common.database.json_rows import instances, moment
from employment.models import Employment
from enterprises.enums import EnterpriseStatus, Post, QualificationKind
from enterprises.models import Enterprise, Qualification
from workflow.business import businesses
from workflow.enums import Status
from workflow.models import Application

from .printed_identity import PrintedIdentity

Row = Mapping[str, Any]

# `others` are certificates of other people as legal representatives, at the enterprises concerned (rule A-2).
# A declaration of another province's certificate is found by the present ID number.
STATEMENT = """
WITH {found} own AS MATERIALIZED (
    SELECT * FROM certificates_certificate WHERE person_id = ANY({people})
), places AS MATERIALIZED (
    SELECT enterprise_id FROM own WHERE category = %(a)s AND post = %(legal)s AND enterprise_id IS NOT NULL
    UNION SELECT unnest(%(enterprises)s::bigint[])
), others AS MATERIALIZED (
    SELECT certificate.* FROM certificates_certificate AS certificate
    WHERE enterprise_id IN (SELECT enterprise_id FROM places) AND category = %(a)s AND post = %(legal)s
        AND NOT person_id = ANY({people})
), everyone AS MATERIALIZED (
    SELECT id, ends_on FROM own UNION ALL SELECT id, ends_on FROM others
), people AS MATERIALIZED (
    SELECT * FROM accounts_person WHERE id = ANY({people})
), jobs AS MATERIALIZED (
    SELECT * FROM employment_employment WHERE person_id = ANY({people}) AND ended_at IS NULL
), items AS MATERIALIZED (
    SELECT certificate_id, application_id FROM certificates_certificateitem
    WHERE is_open AND certificate_id IN (SELECT id FROM everyone)
), constructors AS MATERIALIZED (
    SELECT * FROM enterprises_qualification
    WHERE id_number_index IN (
            SELECT id_number_index FROM people WHERE id IN (SELECT person_id FROM own WHERE category = %(b)s)
        ) AND kind = %(constructor)s AND is_in_force AND (valid_to IS NULL OR valid_to >= %(on)s)
)
SELECT json_build_object(
    {shown} 'own', (SELECT json_agg(own ORDER BY id) FROM own),
    'others', (SELECT json_agg(others ORDER BY id) FROM others),
    'people', (SELECT json_agg(people) FROM people),
    'jobs', (SELECT json_agg(jobs) FROM jobs),
    'items', (SELECT json_agg(items) FROM items),
    'applications', (SELECT json_agg(application) FROM workflow_application AS application
        WHERE id IN (SELECT application_id FROM items)),
    'constructors', (SELECT json_agg(constructors ORDER BY number, id) FROM constructors),
    'enterprises', (SELECT json_agg(enterprise) FROM enterprises_enterprise AS enterprise WHERE id IN (
        SELECT enterprise_id FROM own UNION SELECT enterprise_id FROM jobs UNION SELECT enterprise_id FROM constructors
    )),
    'represented', (SELECT json_agg(json_build_array(people.id, enterprise.id))
        FROM people JOIN enterprises_enterprise AS enterprise
            ON enterprise.legal_representative_index = people.id_number_index
        WHERE enterprise.legal_representative_index <> '' AND enterprise.status = %(existing)s),
    'elsewhere', (SELECT json_agg(json_build_array(people.id, elsewhere) ORDER BY elsewhere.id)
        FROM people JOIN certificates_outofprovincecertificate AS elsewhere USING (id_number_index)),
    'printed', (SELECT json_agg(json_build_array(own.id, version.name, version.sex, version.birth_date))
        FROM own JOIN certificates_certificateversion AS version
            ON version.certificate_id = own.id AND version.version = own.latest_version),
    'decided', (SELECT json_agg(
            json_build_array(item.certificate_id, application.first_submitted_at, application.closed_at)
            ORDER BY application.closed_at, item.id)
        FROM everyone JOIN certificates_certificateitem AS item ON item.certificate_id = everyone.id
        JOIN workflow_application AS application ON application.id = item.application_id
        WHERE everyone.ends_on < %(on)s AND application.status = %(approved)s
            AND application.kind = ANY(%(holding_kinds)s::text[]) AND application.first_submitted_at IS NOT NULL
            AND application.closed_at IS NOT NULL)
)::text
"""
# The driver keeps the parsed form of a statement only if it has less than 4,096 characters.
_COMPACT = " ".join(STATEMENT.split())
_OF_PEOPLE = _COMPACT.format(found="", shown="", people="%(people)s::bigint[]")


@dataclass(frozen=True)
class Finder:
    """Finds within the same statement whose certificates are read: `sql` answers one row at most, with a column `person_id`.

    Its values may not be called as those of the statement itself are.
    """

    sql: str

    @cached_property
    def statement(self) -> str:
        return _COMPACT.format(
            found=f"found AS MATERIALIZED ({' '.join(self.sql.split())}),",
            shown="'found', (SELECT json_agg(found) FROM found),",
            people="ARRAY(SELECT person_id FROM found)",
        )


@dataclass(frozen=True)
class Decided:
    """An application was approved that had held the expiry of a certificate open, which is now past its end."""

    certificate_id: int
    submitted_at: datetime
    closed_at: datetime


@dataclass(frozen=True)
class Read:
    """Certificates in `own` have their person and enterprise with them, jobs and constructors their enterprise."""

    own: dict[int, Certificate]
    others: list[Certificate]
    open_applications: dict[int, Application]
    jobs: dict[int, Employment]
    represented: dict[int, set[int]]
    constructors: dict[str, list[Qualification]]
    elsewhere: list[tuple[int, OutOfProvinceCertificate]]
    printed: dict[int, PrintedIdentity]
    decided: list[Decided]


def read(person_ids: Collection[int], enterprise_ids: Collection[int], on: date) -> Read:
    return _known(_rows(_OF_PEOPLE, {"people": list(person_ids), "enterprises": list(enterprise_ids)}, on))


def find_and_read(finder: Finder, values: Mapping[str, Any], on: date) -> tuple[Row | None, Read]:
    """Answers the row that the finder has found, and what is known of its person."""
    rows = _rows(finder.statement, {"enterprises": [], **values}, on)
    return next(iter(rows["found"]), None), _known(rows)


def _known(rows: Mapping[str, list[Any]]) -> Read:
    people = {one.pk: one for one in instances(Person, rows["people"])}
    enterprises = {one.pk: one for one in instances(Enterprise, rows["enterprises"])}
    applications = {one.pk: one for one in instances(Application, rows["applications"])}
    own = instances(Certificate, rows["own"])
    for certificate in own:
        certificate.person = people[certificate.person_id]
        certificate.enterprise = enterprises.get(certificate.enterprise_id or 0)
    return Read(
        own={one.pk: one for one in own},
        others=instances(Certificate, rows["others"]),
        open_applications={row["certificate_id"]: applications[row["application_id"]] for row in rows["items"]},
        jobs=_jobs(rows["jobs"], enterprises),
        represented=_represented(rows["represented"]),
        constructors=_constructors(rows["constructors"], enterprises),
        elsewhere=_elsewhere(rows["elsewhere"]),
        printed={pk: PrintedIdentity(name, sex, date.fromisoformat(born)) for pk, name, sex, born in rows["printed"]},
        decided=[Decided(pk, moment(submitted), moment(closed)) for pk, submitted, closed in rows["decided"]],
    )


def _rows(statement: str, given: Mapping[str, Any], on: date) -> dict[str, list[Any]]:
    values: dict[str, Any] = {
        **given,
        "on": on,
        "a": Category.A.value,
        "b": Category.B.value,
        "legal": Post.LEGAL_REPRESENTATIVE.value,
        "constructor": QualificationKind.CONSTRUCTOR.value,
        "existing": EnterpriseStatus.EXISTING.value,
        "approved": Status.APPROVED.value,
        "holding_kinds": [business.kind for business in businesses() if business.holds_expiry],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        (text,) = cursor.fetchone()
    return {name: rows or [] for name, rows in json.loads(text).items()}


def _jobs(rows: list[Row], enterprises: Mapping[int, Enterprise]) -> dict[int, Employment]:
    jobs = instances(Employment, rows)
    for job in jobs:
        job.enterprise = enterprises[job.enterprise_id]
    return {job.person_id: job for job in jobs}


def _represented(rows: list[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for person_id, enterprise_id in rows:
        found[person_id].add(enterprise_id)
    return dict(found)


def _constructors(rows: list[Row], enterprises: Mapping[int, Enterprise]) -> dict[str, list[Qualification]]:
    found: dict[str, list[Qualification]] = defaultdict(list)
    for one in instances(Qualification, rows):
        one.enterprise = enterprises.get(one.enterprise_id or 0)
        found[one.id_number_index].append(one)
    return dict(found)


def _elsewhere(rows: list[tuple[int, Row]]) -> list[tuple[int, OutOfProvinceCertificate]]:
    known = instances(OutOfProvinceCertificate, [row for _, row in rows])
    return [(person_id, one) for (person_id, _), one in zip(rows, known, strict=True)]

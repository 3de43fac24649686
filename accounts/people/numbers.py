"""Finds the present number behind a number that was corrected, so that what comes under the old one reaches the person."""

from __future__ import annotations

from accounts.models import FormerIdNumber, Person
from common.findings import Cure, Finding

from .identity import id_number_index

FORMER_NUMBER = "card.former_number"


def present_index(id_number: str) -> str:
    """Answers the blind index under which records about the holder of this normalised number are kept, in one query."""
    index = id_number_index(id_number)
    former = FormerIdNumber.objects.filter(id_number_index=index).values_list("person__id_number_index", flat=True)
    return former.first() or index


class PresentNumbers:
    """Answers the same for many numbers, by one query at the beginning; imports make one for each chunk of a table."""

    def __init__(self) -> None:
        rows = FormerIdNumber.objects.values_list("id_number_index", "person__id_number_index")
        self._present = dict(rows)

    def index_of(self, id_number: str) -> str:
        index = id_number_index(id_number)
        return self._present.get(index, index)


PRESENT_NUMBERS_IN_STAGE = """
    UPDATE {table} SET id_number_index = p.id_number_index
    FROM accounts_formeridnumber f JOIN accounts_person p ON p.id = f.person_id
    WHERE {table}.id_number_index = f.id_number_index AND p.id_number_index <> f.id_number_index
"""
"""Does the same for a table of the database."""


def former_number(person: Person) -> Finding:
    """Says that this is a number which the person had before; machines and clerks show it."""
    return Finding(
        FORMER_NUMBER,
        "这个身份证号码已更正，不能再登记",
        "号码的持有人早已登记，现在用更正后的号码。请用更正后的身份证办理；手里只有旧证的，请先到公安机关换领新证。",
        turn="本人",
        cure=Cure("打开此人的登记", "accounts:counter_person", kwargs={"pk": person.pk}),
    )

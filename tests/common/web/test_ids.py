"""Ids in requests: what cannot be one is answered like one that nothing has, and never with an error."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.findings import Refused
from common.web.ids import AT_MOST, LARGEST, id_of, ids_of
from tests.guards.test_source import ROOT, sources

ABSURD = [
    "",
    "0",
    "-1",
    "+1",
    "01",
    "1.0",
    "1e3",
    "1 ",
    " 1",
    "1_0",
    "４２",
    "٣",
    "²",
    "1 OR 1=1",
    "1\0",
    "9" * 5000,
    "x",
]


@pytest.mark.parametrize("text", [*ABSURD, str(LARGEST + 1), None, 1, ["1"]])
def test_what_cannot_be_an_id_is_none(text: object) -> None:
    assert id_of(text) is None


@pytest.mark.parametrize("text", ["1", "42", str(LARGEST)])
def test_an_id_is_read(text: str) -> None:
    assert id_of(text) == int(text)


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    found = id_of(text)
    assert found is None or (1 <= found <= LARGEST and str(found) == text)


def test_many_are_read_once_each_in_their_order() -> None:
    assert ids_of(["7", "3", "7", *ABSURD, "5"]) == [7, 3, 5]
    assert ids_of([]) == []


def test_too_many_are_refused_with_the_numbers_in_words() -> None:
    assert len(ids_of(map(str, range(1, AT_MOST + 1)))) == AT_MOST
    with pytest.raises(Refused) as refused:
        ids_of(map(str, range(1, AT_MOST + 2)))
    (finding,) = refused.value.findings
    assert (finding.message, "201 条" in finding.detail) == ("一次最多办理 200 条", True)


# Digits that are no id: sizes, times, dates, phone numbers, serial numbers of anchors, values of parameters, codes of peoples
# and posts, codes by which a telephone number is confirmed, and error codes of providers.
OTHER_NUMBERS = {
    "accounts/verification/http.py",
    "administration/audit/chain.py",
    "administration/outbox/receipts.py",
    "administration/outbox/sms_http.py",
    "portal/contacts/forms.py",
    "administration/parameters/declaration.py",
    "certificates/filing/commitment.py",
    "common/web/bounded.py",
    "enterprises/register/importing.py",
    "common/tabular/cells.py",
    "common/tabular/problem_file.py",
    "common/text/ethnicity.py",
    "jxcloud/settings/required.py",
    "clients/kiosk/api.py",
    "clients/verification/api.py",
    "employment/proposing/by_list/post_names.py",
    "portal/statistics/charts.py",
}


def test_nothing_else_tells_by_itself_whether_a_text_is_a_number() -> None:
    asks = re.compile(r"\.is(digit|decimal|numeric)\(")
    found = {
        str(path.relative_to(ROOT))
        for path in sources()
        if asks.search(path.read_text(encoding="utf-8")) and "demo" not in path.name
    }
    assert found == OTHER_NUMBERS


def test_no_view_turns_a_value_of_a_request_into_a_number_by_itself() -> None:
    """`int(request.POST[…])` and the like: `id_of` and `ids_of` do that, and forms."""
    found = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "int":
                words = ast.unparse(node)
                if re.search(r"\b(POST|GET|query)\b", words):
                    found.append(f"{Path(path).relative_to(ROOT)}:{node.lineno}")
    assert found == []

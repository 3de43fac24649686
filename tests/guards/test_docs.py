"""docs/businesses.md is written by the declarations, and so are the public guides."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from administration.parameters.declared import DECLARED
from devtools import documentation
from devtools.management.commands import generate_docs
from workflow.business import businesses
from workflow.enums import Party

REGENERATE = "run manage.py generate_docs and commit docs/businesses.md"


def test_the_committed_document_is_the_generated_one() -> None:
    assert documentation.BUSINESSES.read_text(encoding="utf-8") == documentation.businesses_document(), REGENERATE


def test_the_command_writes_the_document_and_tells_a_stale_one(
    tmp_path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    copy = tmp_path / "businesses.md"
    monkeypatch.setattr(generate_docs, "DOCUMENTS", {copy: documentation.businesses_document})
    with pytest.raises(CommandError, match="stale"):
        call_command("generate_docs", "--check")
    call_command("generate_docs")
    assert copy.read_text(encoding="utf-8") == documentation.businesses_document()
    call_command("generate_docs", "--check")
    copy.write_text("old", encoding="utf-8")
    with pytest.raises(CommandError, match="stale"):
        call_command("generate_docs", "--check")
    assert "written" in capsys.readouterr().out


def test_every_parameter_is_documented() -> None:
    text = documentation.businesses_document()
    assert [key for key in DECLARED if f"| `{key}` |" not in text] == []


@pytest.mark.parametrize("business", businesses(), ids=lambda one: one.kind)
def test_every_business_says_what_people_need_to_know(business) -> None:
    assert business.summary
    assert business.legal_basis
    assert business.steps
    assert [step.desk for step in business.steps if (step.applies or step.skip) and not step.when] == []
    assert [step.desk for step in business.steps if step.when and not (step.applies or step.skip)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [one.kind for one in businesses()])
def test_every_guide_says_who_conditions_materials_steps_days_and_basis(client: Client, kind: str) -> None:
    business = next(one for one in businesses() if one.kind == kind)
    page = client.get(f"/guides/{kind}/").content.decode()
    for heading in ("谁可以办", "办理条件", "材料", "办理流程", "依据"):
        assert heading in page, heading
    assert all(Party(party).label in page for party in business.filed_by)
    assert all(text in page for text in (*business.legal_basis, *business.materials))
    assert all(kind.title in page for kind in business.attachments)
    for step in business.steps:
        assert str(DECLARED[step.clock].seed) + (" 天内" if step.calendar_days else " 个工作日内") in page
    assert "{" not in page.partition("办理条件")[2].partition("</ul>")[0]
    assert page.count("<tr>") == len(business.steps) + 3

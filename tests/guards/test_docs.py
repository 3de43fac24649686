"""docs/businesses.md is written by the declarations, and so are the public guides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from administration.parameters.declared import DECLARED
from certificates.businesses.base import CertificateBusiness, CommitmentForm
from common.findings import Finding
from devtools import documentation
from devtools.management.commands import generate_docs
from tests.worlds.base import NOW, CertificateWorld
from workflow.actors import Actor
from workflow.business import businesses, register, unregister
from workflow.checks import Case, Facts, condition
from workflow.enums import Action, Desk, Party, Status
from workflow.models import Application, Event
from workflow.services.acting import act
from workflow.steps import AttachmentKind, Lapse, Step

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


# --- a new kind of application costs one class and no migration ---


@condition("培训记录在 {supplement_days} 天内上传")
def always_right(case: Case, facts: Facts) -> None:
    assert facts.parameters.integer("supplement_days", case.on) == 30


class Replacement(CertificateBusiness):
    """One class, no migration, no line elsewhere."""

    kind, title = "replacement", "证书遗失补领"
    summary = "纸质证书遗失的，补领电子证书。"
    form_class = CommitmentForm
    steps = (
        Step(Desk.EMPLOYER, when_overdue=Lapse("employer_days")),
        Step(
            Desk.MUNICIPAL,
            days="acceptance_days",
            accepts=True,
            applies=lambda application: application.payload["note"] != "直接办理",
            when="没有写明直接办理的申请",
        ),
        Step(Desk.PROVINCIAL, days="decision_days_other"),
    )
    checks = (always_right,)
    attachments = (AttachmentKind("statement", "遗失声明"),)
    materials = ("遗失声明原件",)
    legal_basis = ("演示规定第一条",)

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        return {}


class ReplacementWorld(CertificateWorld):
    kind = "replacement"


@pytest.fixture
def replacement(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReplacementWorld]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    register(Replacement)
    yield ReplacementWorld()
    unregister(Replacement.kind)


def test_a_new_class_passes_all_its_desks_and_is_decided(replacement: ReplacementWorld) -> None:
    application = replacement.file()
    passed = []
    while application.is_open:
        passed.append(application.desk)
        act(application.pk, action=Action.APPROVE, actor=replacement.holder(application), now=NOW)
        application.refresh_from_db()
    assert passed == [Desk.EMPLOYER, Desk.MUNICIPAL, Desk.PROVINCIAL]
    assert application.status == Status.APPROVED
    used = Event.objects.filter(application=application, action=Action.SUBMIT).get().parameters
    assert set(used) == {"supplement_days", "employer_days"}


def test_a_new_class_brings_its_pages_guide_and_documentation(replacement: ReplacementWorld, client: Client) -> None:
    page = client.get("/guides/replacement/").content.decode()
    for text in (
        "纸质证书遗失的，补领电子证书。",
        "培训记录在 30 天内上传",
        "遗失声明原件",
        "只有没有写明直接办理的申请经过这个环节",
        "15 个工作日内",
        "受理后 20 个工作日内",
        "演示规定第一条",
    ):
        assert text in page, text
    assert "证书遗失补领" in client.get("/guides/").content.decode()
    assert "[地市受理] → 省厅审核" in documentation.businesses_document()
    client.force_login(replacement.person_user, backend="django.contrib.auth.backends.ModelBackend")
    assert "证书遗失补领" in client.get("/applications/new/").content.decode()
    start = f"/applications/new/replacement/?certificate={replacement.certificate.pk}"
    assert client.post(start).status_code == 302
    assert Application.objects.get().kind == "replacement"

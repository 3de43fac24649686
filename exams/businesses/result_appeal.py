"""Declares 成绩复核, the business by which a person asks the organiser to look at a result again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.http import Http404

from accounts.models import User
from certificates.models import CertificateItem
from common.findings import Finding
from common.web.ids import id_of
from exams.appeals.cases import (
    CORRECTION,
    appeal_facts,
    appeal_lines,
    appealable,
    case_of,
    compared_result,
    entry_named,
    own_entry,
    recorder_of,
)
from exams.appeals.forms import AppealForm
from exams.appeals.rules import corrected_first, not_decided_yet, result_known, within_days
from workflow.actors import Actor
from workflow.business import Business, register
from workflow.checks import Case, Check, Facts
from workflow.enums import Desk, Party
from workflow.models import Application
from workflow.rules import real_name_registered
from workflow.steps import AttachmentKind, Comparison, Proof, Step


def has_organiser(application: Application) -> bool:
    return bool(application.payload.get("organiser"))


def has_none(application: Application) -> bool:
    return not has_organiser(application)


@register
class ResultAppeal(Business):
    """The office that records the results of the batch decides: its organiser, or without one the province."""

    kind, title = "result_appeal", "成绩复核"
    order = 15
    summary = (
        "对考试成绩、缺考或违纪的登记有异议的，在期限内申请复核；考试机构核实有误的，更正成绩，限制和发证随之调整。"
    )
    filed_by = frozenset({Party.PERSON})
    form_class = AppealForm
    steps = (
        Step(Desk.ORGANISER, days="exam_appeal_answer_days", applies=has_organiser, when="由考试机构登记成绩的批次"),
        Step(Desk.PROVINCIAL, days="exam_appeal_answer_days", applies=has_none, when="由省厅登记成绩的批次"),
    )
    checks: ClassVar[tuple[Check, ...]] = (
        real_name_registered,
        result_known,
        within_days,
        not_decided_yet,
        corrected_first,
    )
    changes: ClassVar[dict[str, Proof]] = {"result": CORRECTION}
    attachments = (
        AttachmentKind("evidence", "证明材料", "例如病历、行程证明、考场记录；没有的不用上传。", required=False),
    )
    item_model = CertificateItem
    section = "考试和继续教育"
    content_template = "exams/appeal.html"
    outcome = "更正成绩，或者书面说明维持的理由"
    materials = ("无需提交纸质材料；有证明的拍照上传",)
    legal_basis = ("《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》第七条至第九条",)

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        entry = own_entry(actor.person_id, id_of(query.get("entry")))
        if entry is None:
            raise Http404("没有这次考试")
        return case_of(self, entry, today=today)

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        return [
            (f"{one.category}证，{one.batch.name}，{one.get_state_display()}", {"entry": str(one.pk)})
            for one in appealable(actor.person_id)
        ]

    def office_at(self, application: Application, desk: str) -> int | None:
        return int(application.payload["organiser"]) if desk == Desk.ORGANISER else None

    def disputed_users(self, case: Case) -> Collection[User]:
        """Whoever recorded the result decides nothing on the appeal against it."""
        recorder = recorder_of(case)
        return () if recorder is None else (recorder,)

    def form_kwargs(self, case: Case) -> dict[str, Any]:
        return {"entry": entry_named(case)}

    def about(self, case: Case) -> list[str]:
        return appeal_lines(case)

    def compare(self, case: Case, facts: Facts) -> list[Comparison]:
        return compared_result(case, facts)

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        return appeal_facts(applications)

    def content(self, application: Application) -> dict[str, Any]:
        return {"entry": application.payload.get("entry")}

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        """Writes nothing, because the result was corrected before (`corrected_first`)."""
        return {}

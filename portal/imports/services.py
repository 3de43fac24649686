"""Confirms imports and takes them back for whoever may, which `administration` cannot judge, since it does not know people."""

from __future__ import annotations

from django.db import transaction

from accounts.access import audit
from accounts.models import User
from administration.imports.reversing import begin_reversal
from administration.imports.uploads import answer_questions, confirm_import, doubtful_rows
from administration.models import ImportReversal, ImportRun
from common.findings import Finding, Refused

from .permissions import why_not_confirm, why_not_reverse


@transaction.atomic
def take_next_step(
    *, run_id: int, plan: str, by: User, good_rows_only: bool, answer: str, has_looked: bool = False
) -> ImportRun:
    """Confirms a preview, or keeps the reason for which a second person is asked to. Raises Refused with all reasons."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("office").get(pk=run_id)
    if sentence := why_not_confirm(by, run):
        raise Refused(Finding("import.not_yours", sentence))
    looked = {"good_rows_only": good_rows_only, "has_looked": has_looked}
    if run.questions and run.answered_at is None:
        done = answer_questions(run_id=run_id, plan=plan, by=by.name, answer=answer, **looked)
        action = "import.answered"
    else:
        done = confirm_import(run_id=run_id, plan=plan, by=by.name, **looked)
        action = "import.confirmed"
    detail: dict[str, object] = {"kind": done.kind, "good_rows_only": done.is_good_rows_only}
    if has_looked:
        detail["looked_at"] = doubtful_rows(done).count()
    if done.answered_at is not None:
        detail |= {"questions": done.questions, "reason": done.answer, "answered_by": done.answered_by, "plan": plan}
    audit.record(action, by=by, about=done, detail=detail)
    return done


@transaction.atomic
def take_import_back(*, run_id: int, plan: str, reason: str, by: User) -> ImportReversal:
    """Raises Refused with all reasons. The rows follow in the background."""
    run = ImportRun.objects.select_related("office").get(pk=run_id)
    if sentence := why_not_reverse(by, run):
        raise Refused(Finding("reversal.not_yours", "您不能撤回这次导入", sentence))
    reversal = begin_reversal(run_id=run_id, plan=plan, reason=reason, by=by.name, user_id=by.pk)
    detail: dict[str, object] = {"kind": run.kind, "reversal": reversal.pk, "reason": reason, "plan": plan}
    audit.record("import.reversed", by=by, about=run, detail=detail)
    return reversal

"""Makes drafts and submits them, also again after a return."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.parameters.book import ParameterBook
from common.database.constraints import refused_by_constraints
from common.files.uploads import CheckedUpload, keep_upload
from common.findings import Finding, Refused, blocking
from workflow.business import Business, business_of, digest
from workflow.checks import Case, Facts, evaluate
from workflow.permissions import DISPUTED, may_file, what_waits, why_not

from ..actors import SYSTEM, Actor
from ..enums import Action, Desk, Party, Status
from ..models import Application, Attachment
from ..originals import SCAN
from .locking import lock_applications, lock_parties
from .transitions import Transitions, content_digests, desk_to_compare_again, employer_step_before

BUSY = Finding("workflow.in_progress", "同一事项已有在办业务", "办结或撤回后才能再次申请，请在“我的办件”中查看。")


def next_number(region_id: str, year: int) -> str:
    """Answers `{year}-{city4}-{6 digits}` from a sequence, so gaps are allowed here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('workflow_application_serial')")
        (serial,) = cursor.fetchone()
    return f"{year}-{region_id[:4]}-{serial:06d}"


@transaction.atomic
def create_draft(*, case: Case, actor: Actor, now: datetime | None = None) -> Application:
    """A draft ties up nothing. The same filer's draft about the same things is continued instead of doubled."""
    business = case.business
    now = now or utc_now()
    if not may_file(actor, business):
        raise Refused(Finding("workflow.wrong_filer", f"“{business.title}”不能由您的身份发起"))
    if actor.party == Party.ENTERPRISE and (findings := what_waits(actor, business)):
        raise Refused(*findings)
    lock_parties(person_ids=[case.person_id], enterprise_ids=[case.enterprise_id if case.person_id is None else None])
    for draft in _drafts(business, case, actor):
        known = business.rebuild([draft], today=localdate(now))[0]
        if set(known.subjects) == set(case.subjects) and set(known.claims) == set(case.claims):
            return draft
    application = Application.objects.create(
        number=next_number(case.region_id, localdate(now).year),
        kind=business.kind,
        filed_by=actor.party,
        filer_id=actor.user_id,
        person_id=case.person_id,
        enterprise_id=case.enterprise_id,
        former_enterprise_id=case.former_enterprise_id,
        region_id=case.region_id,
        payload=dict(case.payload),
    )
    _write_items(application, case)
    return application


def _drafts(business: Business, case: Case, actor: Actor) -> list[Application]:
    drafts = Application.objects.filter(kind=business.kind, status=Status.DRAFT, filed_by=actor.party)
    if actor.party == Party.PERSON:
        return list(drafts.filter(person_id=actor.person_id or 0))
    return list(drafts.filter(enterprise=actor.enterprise_id, person=case.person_id))


def _write_items(application: Application, case: Case) -> None:
    business = case.business
    model = business.item_model
    model._default_manager.filter(application=application).delete()
    rows = (
        [model(application=application, **{f"{business.subject_field}_id": subject}) for subject in case.subjects]
        if business.subject_field
        else []
    )
    rows += [model(application=application, claim_key=claim) for claim in case.claims]
    model._default_manager.bulk_create(rows)


def _locked_own(application_id: int, actor: Actor) -> Application:
    (application,) = lock_applications([application_id])
    editable = application.status in (Status.DRAFT, Status.RETURNED)
    own = (
        application.person_id == actor.person_id
        if application.filed_by == Party.PERSON and actor.party == Party.PERSON
        else actor.party == Party.ENTERPRISE
        and application.filed_by == Party.ENTERPRISE
        and application.enterprise_id == actor.enterprise_id
    )
    if not (editable and own):
        raise Refused(
            Finding(
                "workflow.not_editable",
                "申请已提交，内容不能再修改",
                "需要修改时，请先撤回申请，或等待退回补正。",
                turn=Desk(application.desk).label if application.desk else "",
            )
        )
    return application


DRAFT_CHANGED = Finding(
    "workflow.draft_changed",
    "这份申请刚才在另一个窗口保存过，内容不同，这一次没有覆盖它",
    "您填写的内容还在下面；另一个窗口保存的内容列在旁边。改好后再按一次，以下面的内容为准。",
    turn="本人",
)


def draft_state(application: Application) -> str:
    """Answers a keyed digest of the words that a page has shown."""
    return digest(application.payload, [])


@transaction.atomic
def save_draft(application_id: int, *, payload: dict[str, Any], actor: Actor, seen: str = "") -> None:
    """Keeps what was typed, complete or not.

    `seen` is the `draft_state` of the page. Raises `Refused` where another window has saved other words since.
    """
    application = _locked_own(application_id, actor)
    if seen and seen != draft_state(application) and payload != application.payload:
        raise Refused(DRAFT_CHANGED)
    application.payload = payload
    application.save(update_fields=["payload"])


@transaction.atomic
def discard_draft(application_id: int, *, actor: Actor) -> None:
    """Deletes a draft and its attachments, which nobody but the filer has seen. Raises `Refused` for what was
    submitted.
    """
    application = _locked_own(application_id, actor)
    if application.status != Status.DRAFT or application.first_submitted_at is not None:
        raise Refused(
            Finding(
                "workflow.not_a_draft", "申请已经提交过，不能删除", "不再办理的，请撤回申请，记录会保留。", turn="本人"
            )
        )
    attachments = list(Attachment.objects.filter(application=application).order_by("pk"))
    for attachment in attachments:
        # The files are deleted after the commit, because a rolled-back deletion must find them.
        transaction.on_commit(partial(attachment.file.delete, save=False))
    Attachment.objects.filter(application=application).delete()
    business_of(application.kind).item_model._default_manager.filter(application=application).delete()
    application.delete()


@transaction.atomic
def attach(application_id: int, *, kind: str, upload: CheckedUpload, actor: Actor) -> Attachment:
    return keep_file(_locked_own(application_id, actor), kind=kind, upload=upload, actor=actor)


def keep_file(application: Application, *, kind: str, upload: CheckedUpload, actor: Actor) -> Attachment:
    """Keeps the same content once. The caller holds the application and has judged the actor."""
    known = Attachment.objects.filter(
        application=application, kind=kind, sha256=upload.sha256, removed_at__isnull=True
    ).first()
    if known is not None:
        return known
    if actor.user_id is None:
        raise ValueError("attachments are uploaded by somebody")
    attachment = Attachment(application=application, kind=kind, uploaded_by_id=actor.user_id)
    keep_upload(attachment, upload)
    return attachment


@transaction.atomic
def remove_attachment(attachment_id: int, *, actor: Actor, now: datetime | None = None) -> None:
    attachment = Attachment.objects.exclude(kind__startswith=SCAN).get(pk=attachment_id)
    _locked_own(attachment.application_id, actor)
    attachment.removed_at = now or utc_now()
    attachment.save(update_fields=["removed_at"])


def submit(application_id: int, *, actor: Actor, now: datetime | None = None) -> None:
    """Submits it for the first time. Raises `Refused` with all reasons; the draft stays as it is."""
    _submit(application_id, Action.SUBMIT, actor, now or utc_now())


def resubmit(application_id: int, *, actor: Actor, comment: str = "", now: datetime | None = None) -> None:
    """Sends it back to the desk that returned it, or by way of the employer when the content changed."""
    _submit(application_id, Action.RESUBMIT, actor, now or utc_now(), comment)


def file_application(*, case: Case, actor: Actor, now: datetime | None = None) -> Application:
    """Makes a draft and submits it at once, for businesses whose start page is their form."""
    with transaction.atomic():
        application = create_draft(case=case, actor=actor, now=now)
        if application.payload != dict(case.payload):
            save_draft(application.pk, payload=dict(case.payload), actor=actor)
        submit(application.pk, actor=actor, now=now)
    application.refresh_from_db()
    return application


def _submit(application_id: int, action: Action, actor: Actor, now: datetime, comment: str = "") -> None:
    with refused_by_constraints(BUSY.code, BUSY.detail):
        _submit_locked(application_id, action, actor, now, comment)


def _submit_locked(application_id: int, action: Action, actor: Actor, now: datetime, comment: str) -> None:
    read = Application.objects.get(pk=application_id)
    business = business_of(read.kind)
    today = localdate(now)
    case = business.refresh(business.rebuild([read], today=today)[0])
    (application,) = lock_applications(
        [application_id], extra_enterprises=[case.enterprise_id, case.former_enterprise_id]
    )
    sentence = why_not(actor, action, application, today=today)
    if sentence is not None:
        raise Refused(Finding("workflow.not_now", sentence))
    parameters = ParameterBook.load()
    facts = Facts([case], parameters)
    findings = evaluate([case], facts)[case] + _missing_attachments(business, application)
    blockers = blocking(findings) + what_waits(actor, business)
    if blockers:
        raise Refused(*blockers)
    _take_parties(application, case)
    transitions = Transitions(actor, now, parameters)
    with transitions.recording(application, action, desk=Desk.FILER, comment=comment, findings=findings):
        if action == Action.SUBMIT:
            application.first_submitted_at = now
            application.approvers = sorted({*application.approvers, *_disputed_marks(case)})
            transitions.opened_or_closed.append(application.pk)
            if not transitions.enter_next(application, after=Desk.FILER):
                raise ValueError(f"{business.kind} has no desk")
        else:
            _back_to_desk(application, transitions)
    transitions.write([application])


def _disputed_marks(case: Case) -> Iterator[str]:
    for user in case.business.disputed_users(case):
        yield from (f"{DISPUTED}:{token}" for token in (str(user.pk), user.identity_index) if token)


def _take_parties(application: Application, case: Case) -> None:
    if application.enterprise_id != case.enterprise_id or application.former_enterprise_id != case.former_enterprise_id:
        application.enterprise_id = case.enterprise_id
        application.former_enterprise_id = case.former_enterprise_id
    application.region_id = case.region_id
    known = case.business.rebuild([application], today=case.on)[0]
    if set(known.subjects) != set(case.subjects) or set(known.claims) != set(case.claims):
        _write_items(application, case)


def _back_to_desk(application: Application, transitions: Transitions) -> None:
    content = content_digests([application])[application.pk]
    returned_from, days_left = application.returned_from, application.days_left
    business = business_of(application.kind)
    employer = employer_step_before(application, returned_from)
    # An employer that never confirmed anything (it did not answer, or there was nobody to ask) is not asked now either.
    if employer is not None and application.payload_digest and content != application.payload_digest:
        reason = employer.reason_to_skip(application)
        if not reason:
            transitions.enter(application, employer)
            return
        application.desk = employer.desk
        transitions.record(application, Action.SKIP, desk=employer.desk, comment=reason, by=SYSTEM)
    if compared := desk_to_compare_again(application, returned_from, content):
        transitions.enter(application, compared)
        return
    step = business.step_at(returned_from)
    if step is None:
        raise ValueError(f"{application.number} was returned from a desk that its business does not have")
    transitions.enter(application, step, days=days_left)


def _missing_attachments(business: Business, application: Application) -> list[Finding]:
    needed = business.required_attachments(application.payload)
    have = set(
        Attachment.objects.filter(application=application, removed_at__isnull=True).values_list("kind", flat=True)
    )
    return [
        Finding(f"attachment.{kind.key}", f"缺少材料：{kind.title}", kind.hint, turn="本人")
        for kind in business.attachments
        if kind.key in needed and kind.key not in have
    ]

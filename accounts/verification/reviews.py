"""Lets a clerk compare a picture with the portrait. The picture is encrypted, and deleted with the decision."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from accounts.access import audit
from accounts.enums import ReviewState
from accounts.models import FaceCheck, FaceReview, Person, User
from accounts.people.natural_persons import refuse_own_record
from administration.messages.services import OutgoingMessage, send
from common.findings import Finding, Refused

from .available_methods import approval_lasts

KEPT_FOR = timedelta(days=3)


def open_review(check: FaceCheck, *, frame: bytes | None, now: datetime) -> FaceReview:
    """Runs in the transaction of the check."""
    office = check.person.registered_at_office
    review = FaceReview(
        check_record=check,
        person=check.person,
        city=office.region.city_code if office is not None else "",
        created_at=now,
    )
    if frame is not None:
        review.frame.save("frame.jpg", ContentFile(frame), save=False)
    review.save()
    return review


@transaction.atomic
def decide_review(review: FaceReview, *, approves: bool, reason: str, by: User, now: datetime) -> FaceReview:
    locked = FaceReview.objects.select_for_update(of=("self",), no_key=True).get(pk=review.pk)
    refuse_own_record(by, locked.person.id_number_index, task="核对人脸照片", instead="另一名窗口工作人员")
    findings = []
    if locked.state != ReviewState.WAITING:
        findings.append(Finding("face_review.decided", f"这件核对已由其他人办理：{locked.get_state_display()}"))
    if not approves and not reason.strip():
        findings.append(Finding("face_review.reason", "请填写不通过的理由：本人会看到，并据此重拍。"))
    if findings:
        raise Refused(*findings)
    _close(locked, ReviewState.APPROVED if approves else ReviewState.REFUSED, reason=reason.strip(), by=by, now=now)
    audit.record("decide_face_review", by=by, about=locked, detail={"state": locked.state, "reason": locked.reason})
    if approves:
        _tell(locked.person, "人脸核对已通过", "请回到手机端继续办理，无需再次拍照。")
    else:
        _tell(locked.person, "人脸核对未通过", f"{locked.reason}。请重新拍照，或携带身份证到窗口当面核验。")
    return locked


def use_approval(person: Person, *, now: datetime) -> bool:
    """The clerk's approval stands for one verification and expires."""
    found = (
        FaceReview.objects.filter(
            person=person,
            state=ReviewState.APPROVED,
            used_at__isnull=True,
            decided_at__gte=now - approval_lasts(now),
        )
        .order_by("-id")
        .first()
    )
    # One statement decides, so that two pages of the same person cannot both use it.
    return found is not None and bool(FaceReview.objects.filter(pk=found.pk, used_at__isnull=True).update(used_at=now))


@transaction.atomic
def lapse_reviews(*, now: datetime) -> int:
    old = FaceReview.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(
        state=ReviewState.WAITING, created_at__lt=now - KEPT_FOR
    )
    lapsed = list(old.order_by("pk"))
    for review in lapsed:
        _close(review, ReviewState.LAPSED, reason="", by=None, now=now)
        _tell(review.person, "人脸核对未能及时办理", "照片已删除。请重新识别，或携带身份证到窗口当面核验。")
    return len(lapsed)


def _close(review: FaceReview, state: ReviewState, *, reason: str, by: User | None, now: datetime) -> None:
    storage, name = review.frame.storage, review.frame.name
    review.state, review.reason, review.decided_by, review.decided_at = state, reason[:200], by, now
    review.frame.name = ""
    review.save()
    if name:
        # The picture is deleted after the commit, because a decision that is rolled back still needs it.
        transaction.on_commit(lambda: storage.delete(name))


def _tell(person: Person, title: str, body: str) -> None:
    send([OutgoingMessage(person.mailbox_id, title, body, reverse("accounts:mobile_verify"), event="account")])

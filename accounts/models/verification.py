"""Stores the second verification: consent, challenges, results, cases for a clerk and codes from the counter."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import FaceCapture, FacePurpose, FaceResult, ReviewState
from administration.models import Office
from common.database.fields import EncryptedFileSystemStorage, EncryptedTextField


def review_frame_path(review: FaceReview, filename: str) -> str:
    return f"face-reviews/{filename}"


class FaceConsent(models.Model):
    """Each consent is a row; a withdrawn one stays as evidence."""

    # PROTECT: evidence of what a person agreed to.
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="face_consents")
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "人脸识别同意书"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_standing_face_consent",
                violation_error_message="此人已同意人脸识别。",
            )
        ]


class FaceChallenge(models.Model):
    """Says what a person has to do before the camera. It belongs to a browser session, serves once and is deleted
    daily.
    """

    nonce = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10, choices=FacePurpose)
    # CASCADE: a challenge is nothing by itself. There is no person at a login, where nobody is known yet.
    person = models.ForeignKey("accounts.Person", models.CASCADE, null=True, related_name="+")
    steps = ArrayField(models.CharField(max_length=20), default=list)
    colours = ArrayField(models.CharField(max_length=10), default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "人脸识别口令"
        ordering = ["-id"]
        indexes = [models.Index(fields=["expires_at"], name="face_challenge_expiry")]


class FaceCheck(models.Model):
    """Stores the result of a verification; rows are append-only, also by trigger. The frames themselves are not kept.

    `problems` have the form `step:what`; their sentences are in `verification.messages`. `models_used` maps a name to
    its SHA-256, or holds what a provider says about itself.
    """

    # PROTECT: evidence of who acted.
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="face_checks", db_index=False)
    purpose = models.CharField("用途", max_length=10, choices=FacePurpose)
    capture = models.CharField("采集方式", max_length=10, choices=FaceCapture)
    result = models.CharField("结果", max_length=12, choices=FaceResult)
    score = models.FloatField("相似度", null=True, blank=True)
    problems = models.JSONField(default=list)
    provider = models.CharField("核验服务", max_length=40)
    models_used = models.JSONField(default=dict)
    frame_hashes = models.JSONField(default=list)
    """The hashes are SHA-256 of each frame as it came."""
    thresholds = models.JSONField(default=dict)
    nonce = models.CharField(max_length=64, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "人脸核验记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["person", "-id"], name="face_check_person")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(result=FaceResult.ACCEPTED) | Q(score__isnull=False), name="accepted_faces_have_a_score"
            )
        ]


class FaceSigns(models.Model):
    """Recognises the frames of an accepted attempt when they are sent once more; rows are deleted after a time."""

    # CASCADE: of no use without the person.
    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+", db_index=False)
    signs = EncryptedTextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "人脸画面特征"
        ordering = ["-id"]
        indexes = [models.Index(fields=["person", "-id"], name="face_signs_person")]


class FaceReview(models.Model):
    """A clerk compares the picture with the portrait; the picture is deleted with the decision.

    The counters of `city`, where the person registered, review it; if it is empty, any counter.
    """

    check_record = models.OneToOneField(FaceCheck, models.PROTECT, related_name="review")  # PROTECT: part of it
    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="face_reviews"
    )  # PROTECT: evidence of who acted
    city = models.CharField(max_length=6, blank=True)
    frame = models.FileField(upload_to=review_frame_path, storage=EncryptedFileSystemStorage(), blank=True)
    state = models.CharField("状态", max_length=10, choices=ReviewState, default=ReviewState.WAITING)
    reason = models.CharField("理由", max_length=200, blank=True)
    # PROTECT: who decided is evidence.
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField("提交时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "人脸核对"
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], name="face_review_waiting", condition=Q(state="waiting"))]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="waiting"),
                name="one_waiting_face_review",
                violation_error_message="已有一张照片在等工作人员核对。",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True) | (~Q(state="waiting") & Q(frame="")),
                name="decided_face_reviews_keep_no_picture",
            ),
        ]


class CounterCode(models.Model):
    """A clerk has seen card and face; the code serves once as the person's second verification.

    Only a keyed hash is stored; the code itself is on paper.
    """

    # PROTECT: evidence of who acted.
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="counter_codes", db_index=False)
    code_index = models.CharField(max_length=64)
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")  # PROTECT: evidence of who acted
    # PROTECT: offices are deactivated, never deleted.
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True)
    issued_at = models.DateTimeField("出具时间", default=timezone.now)
    expires_at = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "窗口核验码"
        ordering = ["-id"]
        indexes = [models.Index(fields=["person", "-id"], name="counter_code_person")]

"""Stores the audit, its chain of hashes and the checks of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class AuditEntry(models.Model):
    """Rows are append-only, also by trigger. Ids stand in place of foreign keys, because an entry outlives its
    object.
    """

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100, blank=True)
    sphere = models.CharField(max_length=20, blank=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["-at", "-id"]
        # Each filter of the search page has one, all in its order, so that a page is one range of one of them.
        indexes = [
            models.Index(fields=["at", "id"], name="audit_at"),
            models.Index(fields=["actor_id", "at", "id"], name="audit_actor"),
            models.Index(fields=["action", "at", "id"], name="audit_action"),
            models.Index(fields=["object_type", "object_id", "at", "id"], name="audit_object"),
            models.Index(fields=["address", "at", "id"], name="audit_address"),
            models.Index(fields=["request_id"], name="audit_request"),
            models.Index(fields=["actor_name", "at", "id"], name="audit_actor_name"),
        ]


class AuditLink(models.Model):
    """Stores one link of the chain over the audit entries; the worker writes it, append-only by trigger.

    Links lie beside the entries, so that a writer need not wait for the one before it and an entry is never touched
    again.

    Positions are 1, 2, 3 … without gaps, in the order of linking. `digest` is SHA-256 over the digest before and the
    entry (`administration.audit.chain`).
    """

    position = models.BigIntegerField(primary_key=True)
    # PROTECT: a link without its entry proves nothing.
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="link")
    digest = models.CharField(max_length=64)
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "审计链"
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(position__gte=1), name="audit_positions_begin_at_one"),
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="audit_digest_is_a_hash"),
        ]


class AuditCheck(models.Model):
    """Stores one verification of the chain, from one position to another; append-only by trigger."""

    at = models.DateTimeField(default=timezone.now)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    head = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计链核验"
        ordering = ["-id"]

"""Stores counts of requests."""

from __future__ import annotations

from django.db import models


class RequestCount(models.Model):
    """Counts requests of one address in one window of time (`administration.throttle`). The table is unlogged, so a
    crash empties it.

    `source` is a keyed hash of the address, which itself is not stored.
    """

    scope = models.CharField(max_length=30)
    source = models.CharField(max_length=64)
    since = models.DateTimeField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "访问次数"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["scope", "source", "since"], name="one_count_per_window")]
        indexes = [models.Index(fields=["since"], name="request_count_since")]

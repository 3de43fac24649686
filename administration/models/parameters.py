"""Stores dated values of policy parameters."""

from __future__ import annotations

from django.db import models


class Parameter(models.Model):
    """Stores a value of a policy parameter from a day on. Past values are kept, because a decision stores the version
    it used.
    """

    key = models.CharField("参数", max_length=60)
    value = models.JSONField("取值")
    effective_from = models.DateField("施行日期")
    document_number = models.CharField("文号", max_length=100)
    note = models.CharField("说明", max_length=200, blank=True)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "政策参数"
        ordering = ["key", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "effective_from"],
                name="one_parameter_value_per_day",
                violation_error_message="该参数在这一天已有取值。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}（{self.effective_from} 起）"

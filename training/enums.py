"""Lists the ways in which hours of continuing education are taken."""

from __future__ import annotations

from django.db.models import TextChoices


class Source(TextChoices):
    """Names who taught a course, because provinces limit the hours of some."""

    INSTITUTION = "institution", "培训机构"
    ENTERPRISE = "enterprise", "企业组织"
    ONLINE = "online", "网络学习"

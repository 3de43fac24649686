"""What the tests of 意见反馈 share."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from administration.models import Feedback
from portal.home.feedback.services import keep_feedback

TYPED = {"kind": "fault", "text": "照片上传以后一直转圈。", "page": "/person/photo/"}


def said(**fields: Any) -> Feedback:
    values: dict[str, Any] = {"contact": "", "by": None, "mailbox_id": None, "now": timezone.now(), **TYPED}
    return keep_feedback(**{**values, **fields})

"""Checks the settings and tells the operator at `manage.py check`, every other command and every start of a process."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning, register

from .health import NO_TIME_STAMPS, lacks_time_stamps

logger = logging.getLogger(__name__)


@register()
def check_time_stamps(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if not lacks_time_stamps():
        return []
    hint = "Name the authority of time-stamps (RFC 3161) in ECERT_TSA_URL."
    return [Warning(NO_TIME_STAMPS, hint=hint, id="jxcloud.W001")]


def log_warnings() -> None:
    """Web processes run no checks by themselves."""
    for message in check_time_stamps(None):
        logger.warning("%s %s", message.id, message.msg)

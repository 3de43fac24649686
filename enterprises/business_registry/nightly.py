"""Asks the business registry every night about enterprises that wait, are gone, or were asked about longest ago."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping

from django.utils.timezone import now

from administration.models import JobRun
from administration.nightly import nightly, save_progress
from enterprises.enums import RegistryOutcome

from .checks import due_codes, note
from .client import RegistryBusy, RegistryError, RegistryNotSet, RegistrySilent, RegistryUnknown
from .taking_over import sync_code

log = logging.getLogger(__name__)

MOST = 2000
"""The unit is enterprises in one night."""
LONGEST = 2 * 60 * 60
"""The unit is seconds for one night."""
SILENT_IN_A_ROW = 3
"""After so many questions without an answer the registry is away, and the rest waits for the next night."""
LABELS = {
    "same": "与工商登记一致",
    "differs": "有差异，等待企业或登记人员确认",
    "exists_again": "恢复为存续",
    "opened": "按申请新登记",
    "waiting": "等待登记人员登记",
    "unknown": "工商登记中查不到",
    "another": "返回另一个号码",
    "silent": "没有应答",
    "failed": "没有办成",
    "left": "留待下次",
}


@nightly("registry_sync", "工商信息同步", at=(3, 20), labels=LABELS)
def run_registry_sync(run: JobRun) -> Mapping[str, int]:
    """Each code stands on its own; when it was asked about is kept at once, so that a run that was killed goes on."""
    codes = due_codes(now=now(), most=MOST)
    counts, silent, ends_at = Counter[str](), 0, time.monotonic() + LONGEST
    for place, code in enumerate(codes):
        outcome = _sync(code)
        if outcome == "not_set":
            return {}
        counts[outcome] += 1
        silent = silent + 1 if outcome == "silent" else 0
        save_progress(run, counts, after=place)
        if silent == SILENT_IN_A_ROW or time.monotonic() > ends_at:
            counts["left"] = len(codes) - place - 1
            break
    return counts


def _sync(code: str) -> str:
    try:
        return sync_code(code, now=now())
    except RegistryNotSet:
        return "not_set"
    except RegistryUnknown:
        return "unknown"
    except (RegistryBusy, RegistrySilent):
        return "silent"
    except RegistryError as error:
        log.warning("business registry about one code: %s", error)
    except Exception:  # one enterprise never stops the others
        log.exception("an answer of the business registry could not be taken over")
        note(code, RegistryOutcome.UNCLEAR, now=now())
    return "failed"

"""Every write of exams, but for the certificates that follow (`exams.issuing`)."""

from .batches import announce_batch, call_off_batch, change_batch, create_batch
from .entering import SignUpResult, not_of_the_enterprise, sign_up, withdraw_entry
from .results import Recorded, Result, judge, record_results
from .reviewing import UNKNOWN, Reviewed, approve_entries, refuse_entries

__all__ = [
    "UNKNOWN",
    "Recorded",
    "Result",
    "Reviewed",
    "SignUpResult",
    "announce_batch",
    "approve_entries",
    "call_off_batch",
    "change_batch",
    "create_batch",
    "judge",
    "not_of_the_enterprise",
    "record_results",
    "refuse_entries",
    "sign_up",
    "withdraw_entry",
]

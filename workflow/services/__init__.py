"""Every write of the workflow. `act(id)` is `act_many([id])`; one writer per state."""

from .acting import ActResult, act, act_many, close_overtaken
from .deadlines import run_silence
from .filing import (
    attach,
    create_draft,
    discard_draft,
    file_application,
    remove_attachment,
    resubmit,
    save_draft,
    submit,
)
from .opening import open_many
from .scans import attach_scan, remove_scan

__all__ = [
    "ActResult",
    "act",
    "act_many",
    "attach",
    "attach_scan",
    "close_overtaken",
    "create_draft",
    "discard_draft",
    "file_application",
    "open_many",
    "remove_attachment",
    "remove_scan",
    "resubmit",
    "run_silence",
    "save_draft",
    "submit",
]

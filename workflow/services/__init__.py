"""Every write of the workflow. `act(id)` is `act_many([id])`; one writer per state."""

from .acting import ActResult, act, act_many, close_overtaken
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
from .silence import run_silence

__all__ = [
    "ActResult",
    "act",
    "act_many",
    "attach",
    "close_overtaken",
    "create_draft",
    "discard_draft",
    "file_application",
    "open_many",
    "remove_attachment",
    "resubmit",
    "run_silence",
    "save_draft",
    "submit",
]

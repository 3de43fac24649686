"""Works on bytes from strangers in children with limits of time and memory (docs/adr/0016).

A web thread never waits for a slot: where none is free, `run` raises Busy at once, which middleware turns into a page.
"""

from .client import Exceeded, Failed, Kind, prestart, run
from .scope import request_scope
from .slots import Busy, Slots

__all__ = ["Busy", "Exceeded", "Failed", "Kind", "Slots", "prestart", "request_scope", "run"]

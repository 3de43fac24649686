"""Every write of certificates."""

from .announcing import announce, withdraw_announcements
from .creating import NewCertificate, create_certificates, settle_legacy
from .documents import make_document
from .first_issue import FirstIssue, FirstIssued, issue_first
from .issuing import Correct, Extension, Move, Reissue, correct, extend, issue_electronic, move, reissue
from .numbers import allocate_serials
from .snapshots import refresh_for_people
from .states import StateChange, change_states
from .transfers import order_transfer_proofs, settle_exchanged

__all__ = [
    "Correct",
    "Extension",
    "FirstIssue",
    "FirstIssued",
    "Move",
    "NewCertificate",
    "Reissue",
    "StateChange",
    "allocate_serials",
    "announce",
    "change_states",
    "correct",
    "create_certificates",
    "extend",
    "issue_electronic",
    "issue_first",
    "make_document",
    "move",
    "order_transfer_proofs",
    "refresh_for_people",
    "reissue",
    "settle_exchanged",
    "settle_legacy",
    "withdraw_announcements",
]

"""Collects the models of exams, one module for each capability."""

from .batches import BatchChange, ExamBatch
from .candidate_lists import CandidateList
from .checkins import CheckInLink, ExamCheckIn
from .entries import ExamEntry
from .evidence import Evidence
from .excuses import Excuse
from .papers import PaperOrder
from .result_changes import ResultChange
from .reviews import EntryReview
from .seats import ExamSeat
from .sites import ExamRoom, ExamSession, ExamSite, SessionRoom

__all__ = [
    "BatchChange",
    "CandidateList",
    "CheckInLink",
    "EntryReview",
    "Evidence",
    "ExamBatch",
    "ExamCheckIn",
    "ExamEntry",
    "ExamRoom",
    "ExamSeat",
    "ExamSession",
    "ExamSite",
    "Excuse",
    "PaperOrder",
    "ResultChange",
    "SessionRoom",
]

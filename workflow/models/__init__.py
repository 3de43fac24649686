"""Collects the models of the workflow: cases, and the work of a desk."""

from .answers import HelpAnswer
from .cases import NEVER, Application, ApplicationItem, ArchiveNumber, Attachment, Bar, Event, attachment_path
from .desk import Absence, BulkAct, CaseUse, HeldDecision, QueueView
from .exports import ExportRequest
from .figures import DeskFigure, DeskTime, LateWeek
from .letters import Letter, LetterCounter
from .notes import CaseNote
from .reasons import DecisionReason
from .second_looks import SecondLook

__all__ = [
    "NEVER",
    "Absence",
    "Application",
    "ApplicationItem",
    "ArchiveNumber",
    "Attachment",
    "Bar",
    "BulkAct",
    "CaseNote",
    "CaseUse",
    "DecisionReason",
    "DeskFigure",
    "DeskTime",
    "Event",
    "ExportRequest",
    "HeldDecision",
    "HelpAnswer",
    "LateWeek",
    "Letter",
    "LetterCounter",
    "QueueView",
    "SecondLook",
    "attachment_path",
]

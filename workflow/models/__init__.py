"""Collects the models of the workflow: cases, and the work of a desk."""

from .cases import NEVER, Application, ApplicationItem, ArchiveNumber, Attachment, Bar, Event, attachment_path
from .desk import Absence, BulkAct, CaseUse, QueueView
from .reasons import DecisionReason

__all__ = [
    "NEVER",
    "Absence",
    "Application",
    "ApplicationItem",
    "ArchiveNumber",
    "Attachment",
    "Bar",
    "BulkAct",
    "CaseUse",
    "DecisionReason",
    "Event",
    "QueueView",
    "attachment_path",
]

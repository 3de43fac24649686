"""Collects the models of the administration, one module for each capability."""

from .audit import AuditCheck, AuditEntry, AuditLink
from .calendar import CalendarDay
from .feedback import Feedback
from .imports import ImportProblem, ImportRepetition, ImportReversal, ImportRow, ImportRun
from .jobs import JobRun, SentReminder
from .lookups import LookupAlarm, LookupCount
from .messages import Mailbox, Message
from .notices import Notice, NoticeAttachment, NoticeLine, NoticeQuerySet
from .offices import Office, OfficeRoute, Region, RegionAlias
from .outbox import Contact, Delivery, MessageChoice
from .parameters import Parameter
from .statistics import Figure
from .throttle import RequestCount

__all__ = [
    "AuditCheck",
    "AuditEntry",
    "AuditLink",
    "CalendarDay",
    "Contact",
    "Delivery",
    "Feedback",
    "Figure",
    "ImportProblem",
    "ImportRepetition",
    "ImportReversal",
    "ImportRow",
    "ImportRun",
    "JobRun",
    "LookupAlarm",
    "LookupCount",
    "Mailbox",
    "Message",
    "MessageChoice",
    "Notice",
    "NoticeAttachment",
    "NoticeLine",
    "NoticeQuerySet",
    "Office",
    "OfficeRoute",
    "Parameter",
    "Region",
    "RegionAlias",
    "RequestCount",
    "SentReminder",
]

"""Reads shaped for pages: lists and queues, the content of one application, its progress, counts for menus."""

from .content import attachments_of, checks_now, files_of, form_rows, private_rows
from .counts import confirmation_count, desk_counts, inbox_count, latest_job_runs, office_count, overdue_count
from .lists import QUEUE_ORDER, Row, done_by, inbox, mine, once_here, overdue, queue, rows_of
from .progress import Progress, progress_of

__all__ = [
    "QUEUE_ORDER",
    "Progress",
    "Row",
    "attachments_of",
    "checks_now",
    "confirmation_count",
    "desk_counts",
    "done_by",
    "files_of",
    "form_rows",
    "inbox",
    "inbox_count",
    "latest_job_runs",
    "mine",
    "office_count",
    "once_here",
    "overdue",
    "overdue_count",
    "private_rows",
    "progress_of",
    "queue",
    "rows_of",
]

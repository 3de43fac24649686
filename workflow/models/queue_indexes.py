"""Declares the indexes of queues: every queue is one filter on one of them, in the order in which cases are due.

What a count asks beside its filter is included, so that it reads the index and no case.
"""

from __future__ import annotations

from django.db.models import Index, Q

_AT_OFFICE = Q(is_open=True, holder_office__isnull=False)
_AT_ENTERPRISE = Q(is_open=True, holder_enterprise__isnull=False)
_AT_PERSON = Q(is_open=True, holder_person__isnull=False)

QUEUE_INDEXES = (
    Index(fields=["assignee", "due_sort", "id"], name="queue_assignee", condition=Q(is_open=True)),
    Index(
        fields=["holder_office", "desk", "due_sort", "id"],
        include=["number", "person", "assignee", "approvers"],
        name="queue_desk",
        condition=_AT_OFFICE,
    ),
    Index(
        fields=["holder_office", "desk", "kind", "due_sort", "id"],
        include=["person", "assignee", "approvers"],
        name="queue_kind",
        condition=_AT_OFFICE,
    ),
    Index(fields=["holder_office", "desk", "region", "due_sort", "id"], name="queue_region", condition=_AT_OFFICE),
    Index(fields=["holder_office", "desk", "category", "due_sort", "id"], name="queue_category", condition=_AT_OFFICE),
    Index(
        fields=["holder_office", "desk", "enterprise_sort", "due_sort", "id"], name="queue_firm", condition=_AT_OFFICE
    ),
    Index(
        fields=["holder_office", "desk", "applicant_sort", "due_sort", "id"],
        name="queue_applicant",
        condition=_AT_OFFICE,
    ),
    Index(
        fields=["holder_office", "desk", "firm_sort", "due_sort", "id"], name="queue_firm_name", condition=_AT_OFFICE
    ),
    Index(fields=["holder_office", "desk", "mark_sort", "due_sort", "id"], name="queue_marks", condition=_AT_OFFICE),
    Index(fields=["holder_office", "desk", "desk_entered_at", "id"], name="queue_entered", condition=_AT_OFFICE),
    Index(
        fields=["holder_office", "desk", "due_sort", "id"],
        name="queue_returned",
        condition=_AT_OFFICE & Q(was_returned=True),
    ),
    Index(
        fields=["holder_office", "desk", "due_sort", "id"],
        name="queue_deemed",
        condition=_AT_OFFICE & Q(deemed_accepted=True),
    ),
    Index(
        fields=["holder_office", "desk", "due_sort", "id"], name="queue_flagged", condition=_AT_OFFICE & ~Q(flags=[])
    ),
    Index(fields=["holder_enterprise", "desk", "due_sort", "id"], name="queue_confirmations", condition=_AT_ENTERPRISE),
    Index(fields=["holder_enterprise", "due_sort", "id"], name="queue_enterprise", condition=_AT_ENTERPRISE),
    Index(fields=["holder_person", "due_sort", "id"], name="queue_person", condition=_AT_PERSON),
)

"""The signal by which the workflow tells the packages to its right."""

from django.dispatch import Signal

applications_opened_or_closed = Signal()
"""Applications were opened or closed (`application_ids`, `now`): sent once a batch, in its transaction, under its locks."""

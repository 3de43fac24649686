"""Declares the signal by which apps above learn that the calendar of working days has changed."""

from django.dispatch import Signal

calendar_changed = Signal()
"""It is sent in the transaction of the change. A receiver answers how many clocks move, and moves them by a job."""

"""Declares the signal by which the workflow tells the packages to its right."""

from django.dispatch import Signal

applications_opened_or_closed = Signal()
"""The arguments are `application_ids` and `now`. It is sent once for each batch, in its transaction and under its
locks.
"""

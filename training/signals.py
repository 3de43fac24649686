"""Signals to which apps to the right listen; training knows none of them."""

from django.dispatch import Signal

training_changed = Signal()
"""id_number_indexes. Sent in the transaction that added or withdrew records of these people."""

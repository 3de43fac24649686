"""Defines the signals of this app; apps that depend on it listen to them."""

from django.dispatch import Signal

training_changed = Signal()
"""Carries `id_number_indexes` and is sent in the transaction that added or withdrew records of these people."""

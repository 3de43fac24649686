"""Signals to which apps to the right listen; enterprises knows none of them."""

from django.dispatch import Signal

enterprises_changed = Signal()
"""enterprise_ids. Sent in the transaction that changed a name, a legal representative or the registry's status."""

qualifications_changed = Signal()
"""id_number_indexes. Sent in the transaction that changed registered constructors or other qualifications."""

"""Defines the signals of this app; apps that depend on it listen to them."""

from django.dispatch import Signal

enterprises_changed = Signal()
"""Carries `enterprise_ids` and is sent in the transaction that changed a name, a legal representative or the registry's
status.
"""

qualifications_changed = Signal()
"""Carries `id_number_indexes` and is sent in the transaction that changed registered constructors or other
qualifications.
"""

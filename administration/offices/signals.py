"""Declares the signal by which apps with open work learn that another office answers for it."""

from django.dispatch import Signal

routing_changed = Signal()
"""The arguments are `change` (a `RoutingChange`) and `now`. It is sent in the transaction of the change; receivers move
what is open and answer a list of `Moved`.
"""

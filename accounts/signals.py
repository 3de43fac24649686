"""What apps to the right listen to: accounts knows none of them."""

from django.dispatch import Signal

person_registered = Signal()
"""person, is_new. Sent inside the transaction of the registration."""

person_logged_in = Signal()
"""person. Sent after each successful login of a person, outside a transaction."""

id_photo_changed = Signal()
"""person. Sent inside the transaction that stored the new photo."""

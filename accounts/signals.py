"""Declares the signals to which apps to the right listen, since accounts must not import them."""

from django.dispatch import Signal

person_registered = Signal()
"""The arguments are person and is_new. It is sent inside the transaction of the registration."""

person_logged_in = Signal()
"""The argument is person. It is sent after each successful login of a person, outside a transaction."""

id_photo_changed = Signal()
"""The argument is person. It is sent inside the transaction that stored the new photo."""

id_number_corrected = Signal()
"""The arguments are person, former (the blind index before) and now. It is sent inside the transaction of the correction."""

records_merged = Signal()
"""The arguments are source and target (persons: the record that lost rows, the one that has them now), moved (ids by the
key of the part) and now. It is sent inside the transaction that merged two records, or took a merge back.
"""

identity_changed = Signal()
"""The argument is person. It is sent inside the transaction that changed a registered name, sex or birth date."""

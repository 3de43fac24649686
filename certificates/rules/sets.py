"""Names the conditions that several businesses ask together, in the order in which readers see them."""

from __future__ import annotations

from workflow.checks import Check, at_filing
from workflow.rules import enterprise_exists, has_id_photo, real_name_registered

from .constructors import constructor_registered
from .cool_down import cool_down_over
from .employer import (
    employer_exists,
    employment_needed,
    new_employer_differs,
    old_enterprise_known,
    works_for_certificate_enterprise,
)
from .entering import may_be_entered
from .filing import certificates_valid, not_expired, nothing_in_progress
from .holding_rules import holding_rules
from .out_of_province import none_valid_out_of_province
from .paper_certificate import days_plausible, not_over
from .posts import post_is_registered

IDENTIFIED: tuple[Check, ...] = (real_name_registered, has_id_photo)
EMPLOYED: tuple[Check, ...] = (employment_needed, employer_exists)
FREE: tuple[Check, ...] = (nothing_in_progress, certificates_valid)
IN_USE: tuple[Check, ...] = (*FREE, not_expired)
IN_USE_WHEN_FILED: tuple[Check, ...] = (*FREE, at_filing(not_expired))
"""Filed before the end, it is decided by that day, however late."""
NEWLY_EMPLOYED: tuple[Check, ...] = (new_employer_differs, employer_exists)
AT_ITS_ENTERPRISE: tuple[Check, ...] = (enterprise_exists, works_for_certificate_enterprise)
MOVABLE: tuple[Check, ...] = (old_enterprise_known, at_filing(cool_down_over))
WRITTEN_ON_PAPER: tuple[Check, ...] = (not_over, days_plausible, may_be_entered)
LAWFUL: tuple[Check, ...] = (none_valid_out_of_province, holding_rules)
TO_ANOTHER_ENTERPRISE: tuple[Check, ...] = (
    *NEWLY_EMPLOYED,
    *IN_USE_WHEN_FILED,
    *MOVABLE,
    post_is_registered,
    constructor_registered,
)
"""They are asked of a certificate in use whose person works elsewhere now."""

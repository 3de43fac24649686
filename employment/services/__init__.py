"""Every write of employment."""

from .employments import (
    NewEmployment,
    dissolve_enterprises,
    employment_changed,
    end_by_enterprise,
    start_employments,
)
from .ending import RequestedEnd, end_by_office, end_requested
from .expiry import end_expired_contracts, remind_of_contracts

__all__ = [
    "NewEmployment",
    "RequestedEnd",
    "dissolve_enterprises",
    "employment_changed",
    "end_by_enterprise",
    "end_by_office",
    "end_expired_contracts",
    "end_requested",
    "remind_of_contracts",
    "start_employments",
]

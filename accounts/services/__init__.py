"""Every write of this app."""

from accounts.rules import CardData

from .passwords import change_password, initial_password, reset_password, reset_staff_password
from .photos import set_id_photo
from .profile import update_profile
from .registration import Registration, confirm_name, register_person, update_card
from .staff import create_administrator, create_staff

__all__ = [
    "CardData",
    "Registration",
    "change_password",
    "confirm_name",
    "create_administrator",
    "create_staff",
    "initial_password",
    "register_person",
    "reset_password",
    "reset_staff_password",
    "set_id_photo",
    "update_card",
    "update_profile",
]

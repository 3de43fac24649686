"""Every write of this app."""

from accounts.rules import CardData

from .counter_codes import issue_counter_code, use_counter_code
from .face_challenges import issue_challenge, take_challenge
from .face_consent import give_consent, withdraw_consent
from .face_reviews import decide_review, use_approval
from .faces import check_face, check_login, check_page, check_photo
from .passwords import change_password, initial_password, reset_password, reset_password_by_face, reset_staff_password
from .photos import set_id_photo
from .profile import update_profile
from .registration import Registration, confirm_name, register_person, update_card
from .staff import assign_duties, create_administrator, create_staff, unlock_staff

__all__ = [
    "CardData",
    "Registration",
    "assign_duties",
    "change_password",
    "check_face",
    "check_login",
    "check_page",
    "check_photo",
    "confirm_name",
    "create_administrator",
    "create_staff",
    "decide_review",
    "give_consent",
    "initial_password",
    "issue_challenge",
    "issue_counter_code",
    "register_person",
    "reset_password",
    "reset_password_by_face",
    "reset_staff_password",
    "set_id_photo",
    "take_challenge",
    "unlock_staff",
    "update_card",
    "update_profile",
    "use_approval",
    "use_counter_code",
    "withdraw_consent",
]

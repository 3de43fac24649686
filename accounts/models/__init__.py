"""Collects the tables of people, logins, verification, photos and kiosks."""

from .corrections import FormerIdNumber, RegisterCorrection
from .kiosk import KioskDevice, KioskNonce, KioskRequest, Outcome
from .logins import FormerPassword, LoginFailures, LoginSession, Passkey, PhoneLogin, RecoveryCode, SecondFactor
from .people import HeldCard, Person, PersonQuerySet, User, UserManager
from .photo import PhotoCheck
from .verification import CounterCode, FaceChallenge, FaceCheck, FaceConsent, FaceReview, FaceSigns

__all__ = [
    "CounterCode",
    "FaceChallenge",
    "FaceCheck",
    "FaceConsent",
    "FaceReview",
    "FaceSigns",
    "FormerIdNumber",
    "FormerPassword",
    "HeldCard",
    "KioskDevice",
    "KioskNonce",
    "KioskRequest",
    "LoginFailures",
    "LoginSession",
    "Outcome",
    "Passkey",
    "Person",
    "PersonQuerySet",
    "PhoneLogin",
    "PhotoCheck",
    "RecoveryCode",
    "RegisterCorrection",
    "SecondFactor",
    "User",
    "UserManager",
]

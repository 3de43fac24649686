"""Collects the tables of enterprises, their registers and their operators."""

from .keys import CaKey, FormerCaKey, OperatorDelegation
from .register import (
    CodeChange,
    CodeChangeRequest,
    Enterprise,
    EnterpriseName,
    FormerCode,
    ProjectInProgress,
    Qualification,
    RegistryCheck,
    RegistrySync,
)

__all__ = [
    "CaKey",
    "CodeChange",
    "CodeChangeRequest",
    "Enterprise",
    "EnterpriseName",
    "FormerCaKey",
    "FormerCode",
    "OperatorDelegation",
    "ProjectInProgress",
    "Qualification",
    "RegistryCheck",
    "RegistrySync",
]

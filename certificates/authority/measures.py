"""Declares the measures that the authority may take without an applicant (F30): each entry says all that one differs in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from administration.enums import NoticeKind
from certificates.enums import AuthorityAction, Ground, LegalState, Operation
from workflow.enums import BarScope


@dataclass(frozen=True)
class Measure:
    from_states: frozenset[LegalState]
    """A certificate in one of these legal states may be decided on."""
    operation: Operation
    state: LegalState | None = None
    """The measure sets this state; with None it is computed from the trail."""
    grounds: tuple[Ground, ...] = ()
    """The measure needs one of them; without any it needs a reason only."""
    bars: Mapping[Ground, tuple[BarScope, str]] = field(default_factory=dict)
    """Maps a ground to what the holder is barred from, and to the policy parameter with the months."""
    notice: tuple[NoticeKind, str] | None = None
    """The public notice has this kind and title; the title takes {count}."""
    is_adverse: bool = False
    """It burdens the holder: a new event can overturn it."""
    is_grave: bool = False
    """Its button warns."""
    may_end: bool = False
    """It may be taken until a day. It then says nothing about a certificate that is past its end."""
    voids_transfer: bool = False
    """It undoes the transfer to another province that is in force, with its proof and its line in the notice."""
    button: str = ""
    """Its button says this where that differs from the name."""


HELD = frozenset({LegalState.VALID, LegalState.SUSPENDED, LegalState.TRANSFERRING})

MEASURES = {
    AuthorityAction.SUSPEND: Measure(
        frozenset({LegalState.VALID}),
        Operation.SUSPENSION,
        LegalState.SUSPENDED,
        is_adverse=True,
        is_grave=True,
        may_end=True,
    ),
    AuthorityAction.RESTORE: Measure(frozenset({LegalState.SUSPENDED}), Operation.RESTORATION, button="发还"),
    AuthorityAction.REVOKE: Measure(
        # A certificate obtained wrongly is revoked even after it has expired, because bars follow from it.
        HELD | {LegalState.EXPIRED},
        Operation.OTHER,
        LegalState.REVOKED,
        grounds=(Ground.FALSE_MATERIAL, Ground.FRAUD, Ground.OTHER),
        bars={
            Ground.FALSE_MATERIAL: (BarScope.CERTIFICATES, "bar_false_material_months"),
            Ground.FRAUD: (BarScope.CERTIFICATES, "bar_fraud_months"),
        },
        notice=(NoticeKind.REVOCATION, "关于撤销{count}本安全生产考核合格证书的公告"),
        is_adverse=True,
        is_grave=True,
    ),
    AuthorityAction.WITHDRAW: Measure(
        HELD,
        Operation.OTHER,
        LegalState.WITHDRAWN,
        grounds=(Ground.ACCIDENT, Ground.OTHER),
        bars={Ground.ACCIDENT: (BarScope.LEADING_POSTS, "bar_accident_months")},
        notice=(NoticeKind.REVOCATION, "关于吊销{count}本安全生产考核合格证书的公告"),
        is_adverse=True,
        is_grave=True,
    ),
    AuthorityAction.CANCEL: Measure(
        HELD | {LegalState.EXPIRED},
        Operation.CANCELLATION,
        LegalState.CANCELLED,
        grounds=(Ground.DEATH, Ground.NOT_EXTENDED, Ground.OTHER),
        notice=(NoticeKind.CANCELLATION, "关于注销{count}本安全生产考核合格证书的公告"),
        is_adverse=True,
        is_grave=True,
        button="注销（依职权）",
    ),
    AuthorityAction.UNDO_TRANSFER: Measure(
        frozenset({LegalState.TRANSFERRING}), Operation.TRANSFER_UNDONE, voids_transfer=True
    ),
    AuthorityAction.END_TRANSFER: Measure(
        frozenset({LegalState.TRANSFERRING}), Operation.CANCELLATION, LegalState.CANCELLED, is_adverse=True
    ),
}

GRAVE: Collection[str] = frozenset(action for action, measure in MEASURES.items() if measure.is_grave)
ADVERSE: Collection[str] = frozenset(action for action, measure in MEASURES.items() if measure.is_adverse)

"""Says which decisions the authority may take on a certificate in which legal state, and who may take them."""

from __future__ import annotations

from accounts.enums import Duty
from certificates.enums import AuthorityAction, LegalState
from certificates.models import Certificate, CertificateEvent
from workflow.actors import Actor
from workflow.enums import Party

from .measures import ADVERSE, MEASURES

ALLOWED = {action: measure.from_states for action, measure in MEASURES.items()}

NOT_YOURS = "只有具有“省厅审核”职责的工作人员可以作出这项决定。"


def decides(actor: Actor) -> bool:
    return actor.party == Party.OFFICE and Duty.DECIDE in actor.duties


def why_not(actor: Actor, action: AuthorityAction, certificate: Certificate) -> str | None:
    """Answers None when the actor may decide so now, else the sentence to show. Reads nothing from the database."""
    if not decides(actor):
        return NOT_YOURS
    return why_not_in_state(action, certificate)


def why_not_in_state(action: AuthorityAction, certificate: Certificate) -> str | None:
    state = LegalState(certificate.legal_state)
    if state in ALLOWED[action]:
        return None
    wanted = "、".join(str(LegalState(one).label) for one in sorted(ALLOWED[action]))
    return f"证书现在的法定状态是“{state.label}”，只有“{wanted}”的证书可以{AuthorityAction(action).label}。"


def why_not_overturn(actor: Actor, event: CertificateEvent, *, is_undone: bool) -> str | None:
    """`is_undone` says that a later event has undone the decision already."""
    if not decides(actor):
        return NOT_YOURS
    if event.kind not in ADVERSE or event.undoes_id is not None:
        return "只能撤回主管部门依职权作出的暂扣、撤销、吊销、注销和转出办结决定。"
    return "这项决定已经撤回，不能再次撤回。" if is_undone else None

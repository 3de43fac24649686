"""What the tests of the authority's decisions share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.enums import Duty
from certificates.authority import services
from certificates.enums import Ground
from certificates.models import Certificate, CertificateEvent
from common.findings import Refused
from tests.factories import Province, actor, make_certificate, make_employment, make_enterprise, make_person, make_staff
from workflow.actors import Actor

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
TODAY = NOW.date()
DOCUMENT = "赣建安罚〔2026〕12号"
SAID: dict[str, Any] = {"document_number": DOCUMENT, "reason": "未履行安全生产管理职责", "now": NOW}


class Bench:
    """A province, a holder with one certificate, and the one who decides."""

    def __init__(
        self, category: str = "B", *, ends_on: date = date(2028, 4, 30), province: Province | None = None
    ) -> None:
        self.province = province or Province()
        self.decider = self.province.provincial_actor
        self.enterprise = make_enterprise()
        self.person = make_person()
        make_employment(self.person, self.enterprise, "02", "07", "08")
        self.certificate = make_certificate(self.person, self.enterprise, category, ends_on=ends_on)

    def state(self, certificate: Certificate | None = None) -> str:
        return str(
            Certificate.objects.values_list("legal_state", flat=True).get(pk=(certificate or self.certificate).pk)
        )

    def set_state(self, state: str) -> None:
        Certificate.objects.filter(pk=self.certificate.pk).update(legal_state=state)

    def act(self, name: str, certificate: Certificate | None = None, **changed: Any) -> list[CertificateEvent]:
        """Any of the seven decisions with what it needs."""
        needs: dict[str, dict[str, Any]] = {
            "suspend": {"until": date(2027, 5, 22)},
            "revoke": {"ground": Ground.FRAUD},
            "withdraw": {"ground": Ground.ACCIDENT},
            "cancel_by_office": {"ground": Ground.DEATH},
        }
        more = needs.get(name, {})
        pk = (certificate or self.certificate).pk
        written: list[CertificateEvent] = getattr(services, name)([pk], by=self.decider, **(SAID | more | changed))
        return written

    def overturn(self, event: CertificateEvent, **changed: Any) -> list[CertificateEvent]:
        said = SAID | {"document_number": "赣府复决〔2027〕3号", "reason": "行政复议决定撤销原决定"} | changed
        return services.overturn(event.pk, by=self.decider, **said)


def codes(refused: Refused) -> list[str]:
    return [finding.code for finding in refused.findings]


def clerk(province: Province) -> Actor:
    """Staff of the province without the duty to decide."""
    return actor(make_staff(province.provincial, Duty.REVIEW, Duty.REGISTRY, name="周文"))

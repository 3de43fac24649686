"""A world in which a certificate follows its holder to a new employer."""

from __future__ import annotations

from accounts.models import User
from certificates.models import Certificate
from employment.models import Employment
from enterprises.models import Enterprise
from tests.factories import Province, make_constructor, make_employment, make_enterprise, make_operator
from tests.worlds.base import NOW, CertificateWorld


class EmployerChangeWorld(CertificateWorld):
    kind = "employer_change"

    def build(self) -> None:
        super().build()
        Employment.objects.filter(person=self.person).update(ended_at=NOW, end_reason="by_enterprise")
        self.new, self.new_operator = _new_employer(self.province)
        make_employment(self.person, self.new, "07")
        make_constructor(self.person, self.new)

    def operators(self) -> dict[int, User]:
        return {**super().operators(), self.new.pk: self.new_operator}

    def check_effect(self) -> None:
        super().check_effect()
        assert Certificate.objects.get(pk=self.certificate.pk).enterprise == self.new


def _new_employer(province: Province) -> tuple[Enterprise, User]:
    made: tuple[Enterprise, User] | None = getattr(province, "new_employer", None)
    if made is None:
        enterprise = make_enterprise("江西新红谷建设有限公司")
        made = (enterprise, make_operator(enterprise))
        province.new_employer = made  # type: ignore[attr-defined]
    return made

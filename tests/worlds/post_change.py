"""A world in which the post on a certificate A is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from certificates.models import Certificate
from tests.factories import make_certificate, make_employment
from tests.worlds.base import PAYLOAD, TODAY, World
from workflow.business import business_of
from workflow.checks import Case


class PostChangeWorld(World):
    kind = "post_change"

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "02", "03")
        self.certificate = make_certificate(self.person, self.enterprise, "A", ends_on=date(2028, 4, 30))

    def case(self) -> Case:
        prepared = business_of(self.kind).prepare(self.filer, {"certificate": str(self.certificate.pk)}, today=TODAY)
        return replace(prepared, payload=PAYLOAD | {"post": "03"})

    def check_effect(self) -> None:
        certificate = Certificate.objects.get(pk=self.certificate.pk)
        assert (certificate.post, certificate.latest_version) == ("03", 1)

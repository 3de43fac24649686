"""A world in which an enterprise's new name is brought onto its certificates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from certificates.models import Certificate, RenameBatch
from certificates.renaming.services import run_block
from enterprises.register.services import EnterpriseFacts, save_enterprise
from tests.factories import actor
from tests.worlds.base import NOW, PAYLOAD, TODAY, CertificateWorld, World
from workflow.actors import Actor
from workflow.business import business_of
from workflow.checks import Case


class EnterpriseRenameWorld(CertificateWorld):
    """An enterprise whose registry name has changed, with a person's certificate that prints the former one."""

    kind = "enterprise_rename"

    def build(self) -> None:
        super().build()
        self.former_name = self.enterprise.name
        save_enterprise(
            EnterpriseFacts(self.enterprise.uscc, f"{self.former_name}（更名）", self.enterprise.region_id),
            now=NOW - timedelta(days=1),
            synced=True,
        )
        self.enterprise.refresh_from_db()

    def another(self) -> World:
        """An enterprise files one rename at a time."""
        return type(self)(self.province)

    @property
    def filer(self) -> Actor:
        return actor(self.operator)

    def case(self) -> Case:
        return replace(business_of(self.kind).prepare(self.filer, {}, today=TODAY), payload=PAYLOAD)

    def check_effect(self) -> None:
        run_block(RenameBatch.objects.get(enterprise=self.enterprise).application_id, now=NOW)
        super().check_effect()
        certificate = Certificate.objects.get(pk=self.certificate.pk)
        assert (certificate.enterprise_name, certificate.ends_on) == (self.enterprise.name, self.ends_on)

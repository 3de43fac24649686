"""A world in which an exam was passed and its first certificate is due."""

from __future__ import annotations

from datetime import date

from certificates.models import Certificate
from tests.exams.exam_world import make_batch, make_entry
from tests.factories import make_employment
from tests.worlds.base import TODAY, World
from workflow.business import business_of
from workflow.checks import Case


class FirstIssueWorld(World):
    kind = "first_issue"

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "08")
        batch = make_batch(
            exam_from=date(2026, 11, 14),
            exam_to=date(2026, 11, 14),
            sign_up_to=date(2026, 11, 10),
            sign_up_from=date(2026, 11, 1),
        )
        self.entry = make_entry(self.person, self.enterprise, batch, state="passed", office=self.province.municipal)

    def case(self) -> Case:
        return business_of(self.kind).prepare(self.filer, {"entry": str(self.entry.pk)}, today=TODAY)

    def check_effect(self) -> None:
        self.entry.refresh_from_db()
        certificate = Certificate.objects.get(person=self.person)
        assert self.entry.certificate == certificate
        assert (certificate.number, certificate.category) == ("赣建安C2（2026）0000001", "C2")
        assert (certificate.first_issued_on, certificate.ends_on) == (TODAY, date(2029, 11, 22))

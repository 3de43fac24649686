"""Defines what the businesses on a person's own certificates share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from django.http import Http404

from certificates.enums import IN_FORCE_STATES
from certificates.issuing.first_issue_rules import bar_scopes_of
from certificates.models import Certificate, CertificateItem
from common.web.ids import id_of
from employment.models import Employment
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.business import Business
from workflow.checks import Case
from workflow.enums import Party
from workflow.models import Application, ApplicationItem
from workflow.steps import Original

PROVINCE = "360000"


NOBODY = 0
"""No row has this id: an enterprise or an office owns no certificates."""

ID_CARD = Original("id_card", "居民身份证", against="实名登记的身份信息")


OLD_CERTIFICATE = Original("certificate", "安全生产考核合格证书", against="上传的证书扫描件", kept=True)


class CertificateBusiness(Business):
    """The person files about one certificate, or those that move with it; the employer is the present one."""

    filed_by = frozenset({Party.PERSON})
    item_model: ClassVar[type[ApplicationItem]] = CertificateItem
    subject_field = "certificate"

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        certificate = self._own_certificate(actor, query)
        return self.refresh(
            Case(
                business=self,
                filing_day=today,
                on=today,
                person_id=certificate.person_id,
                former_enterprise_id=certificate.enterprise_id,
                subjects=tuple(one.pk for one in self.together(certificate)),
            )
        )

    def _own_certificate(self, actor: Actor, query: Mapping[str, str]) -> Certificate:
        wanted = id_of(query.get("certificate"))
        certificate = Certificate.objects.filter(pk=wanted or NOBODY, person_id=actor.person_id or NOBODY).first()
        if certificate is None:
            raise Http404("没有这本证书")
        return certificate

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        certificates = Certificate.objects.filter(person_id=actor.person_id or NOBODY, legal_state__in=IN_FORCE_STATES)
        return [
            (f"{_named(one)}，{one.enterprise_name}", {"certificate": str(one.pk)})
            for one in certificates.order_by("pk")
        ]

    def about(self, case: Case) -> list[str]:
        return [_named(one) for one in Certificate.objects.filter(pk__in=case.subjects).order_by("pk")]

    def together(self, certificate: Certificate) -> Sequence[Certificate]:
        """Answers the certificates that the same application covers."""
        return [certificate]

    def refresh(self, case: Case) -> Case:
        """Takes the employer and region of the present employment; without one the certificate's own enterprise."""
        return located(case, employer_of(case) or enterprise_of_first(case))

    def form_kwargs(self, case: Case) -> dict[str, Any]:
        return {"certificates": list(Certificate.objects.filter(pk__in=case.subjects).order_by("pk"))}

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        rows: dict[int, list[tuple[str, str]]] = {application.pk: [] for application in applications}
        items = (
            CertificateItem.objects.filter(application__in=rows, certificate__isnull=False)
            .select_related("certificate")
            .order_by("pk")
        )
        for item in items:
            if item.certificate is not None:
                rows[item.application_id].append(("证书", _named(item.certificate)))
        return rows


class NewCertificateBusiness(CertificateBusiness):
    """The person files about a certificate that does not exist here yet, so it claims a number or a category."""

    subject_field = ""

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        if actor.person_id is None:
            raise Http404("只能由本人申请")
        return self.refresh(Case(business=self, filing_day=today, on=today, person_id=actor.person_id))

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        return []

    def refresh(self, case: Case) -> Case:
        """The claim follows the form."""
        return replace(located(case, employer_of(case)), claims=self.claims_of(case))

    def claims_of(self, case: Case) -> tuple[str, ...]:
        return ()

    def bar_scopes(self, case: Case) -> Collection[str]:
        return bar_scopes_of(case.payload.get("category", ""))


def employer_of(case: Case) -> Enterprise | None:
    employment = (
        Employment.objects.active().filter(person_id=case.person_id or NOBODY).select_related("enterprise").first()
    )
    return employment.enterprise if employment else None


def enterprise_of_first(case: Case) -> Enterprise | None:
    first = Certificate.objects.filter(pk__in=case.subjects).select_related("enterprise").order_by("pk").first()
    return first.enterprise if first else None


def employer_gone(application: Application) -> str:
    """Says why a dissolved employer is not asked; blank when there is one that can answer."""
    employer = application.enterprise
    return f"{employer.name}已{employer.get_status_display()}，不需要其确认。" if employer and employer.is_gone else ""


def located(case: Case, enterprise: Enterprise | None) -> Case:
    """Answers the case at this enterprise and its region."""
    return replace(
        case,
        enterprise_id=enterprise.pk if enterprise else None,
        region_id=enterprise.region_id if enterprise else PROVINCE,
    )


def _named(certificate: Certificate) -> str:
    return f"{certificate.number}（{certificate.get_category_display()}）"

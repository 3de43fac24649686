"""For each kind of business a small world in which it can be filed: who files, who holds which desk, what it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from certificates.models import CertificateVersion
from common.files.uploads import CheckedUpload, check_upload
from enterprises.models import Enterprise
from tests.factories import (
    Province,
    actor,
    make_certificate,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_training,
    photo_jpeg,
)
from workflow.actors import Actor
from workflow.business import business_of
from workflow.checks import Case
from workflow.enums import Desk, OriginalResult
from workflow.models import Application
from workflow.originals import Seen, detail_of, step_of
from workflow.services.filing import attach, create_draft, save_draft, submit

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
TODAY = NOW.date()
PAYLOAD: dict[str, Any] = {"phone": "13800000000", "note": "", "commitment": True}


class World:
    """A person with a certificate at an enterprise, and everybody who may have a say."""

    kind = ""

    def __init__(self, province: Province | None = None, enterprise: tuple[Enterprise, User] | None = None) -> None:
        self.province = province or Province()
        if enterprise is None:
            made = make_enterprise()
            enterprise = (made, make_operator(made))
        self.enterprise, self.operator = enterprise
        self.person = make_person()
        self.build()

    def build(self) -> None:
        raise NotImplementedError

    def another(self) -> World:
        """One more person of the same enterprise and province, for batches."""
        return type(self)(self.province, (self.enterprise, self.operator))

    @property
    def filer(self) -> Actor:
        return actor(self.person_user)

    @property
    def person_user(self) -> User:
        if self.person.user is None:
            raise ValueError("the person has no login")
        return self.person.user

    @staticmethod
    def originals(application: Application) -> dict[str, Any]:
        """Every original that the present desk looks at, in order and archived."""
        return originals_seen(application)

    def operators(self) -> dict[int, User]:
        return {self.enterprise.pk: self.operator}

    def holder(self, application: Application) -> Actor:
        if application.desk in (Desk.EMPLOYER, Desk.FORMER_EMPLOYER):
            return actor(self.operators()[application.holder_enterprise_id or 0])
        if application.desk == Desk.PERSON:
            return actor(self.person_user, is_verified=True)
        if application.desk == Desk.PROVINCIAL:
            return self.province.provincial_actor
        return self.province.municipal_actor

    def everybody(self) -> list[Actor]:
        """Everyone concerned, and a stranger of each sort."""
        stranger = make_person("路人甲")
        elsewhere = make_operator(make_enterprise())
        users = [self.person_user, *self.operators().values(), self.province.reviewer, self.province.decider]
        assert stranger.user is not None
        return [actor(user) for user in (*users, stranger.user, elsewhere)] + [actor(self.province.stranger)]

    def case(self) -> Case:
        raise NotImplementedError

    def file(self, now: datetime = NOW) -> Application:
        """Draft, attachments, submission, as the pages do it."""
        case = self.case()
        application = create_draft(case=case, actor=self.filer, now=now)
        save_draft(application.pk, payload=dict(case.payload), actor=self.filer)
        for kind in sorted(case.business.required_attachments(case.payload)):
            attach(application.pk, kind=kind, upload=scan(), actor=self.filer)
        submit(application.pk, actor=self.filer, now=now)
        application.refresh_from_db()
        return application

    def check_effect(self) -> None:
        raise NotImplementedError


def originals_seen(application: Application, **results: str) -> dict[str, Any]:
    """`results`: key → anything but "agrees"."""
    step = step_of(application)
    seen = [
        Seen(
            one.key,
            one.title,
            results.get(one.key, OriginalResult.AGREES),
            "" if one.key not in results else "缺第二页",
            f"档{application.number}" if one.kept else "",
        )
        for one in (step.originals if step is not None else ())
    ]
    return detail_of(seen)


@cache
def scan() -> CheckedUpload:
    return check_upload(SimpleUploadedFile("证书.jpg", photo_jpeg(), content_type="image/jpeg"))


class CertificateWorld(World):
    ends_on = date(2028, 4, 30)

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "07")
        self.certificate = make_certificate(self.person, self.enterprise, "B", ends_on=self.ends_on)
        make_training(self.person, ends_on=date(2026, 6, 1))

    def case(self) -> Case:
        prepared = business_of(self.kind).prepare(self.filer, {"certificate": str(self.certificate.pk)}, today=TODAY)
        return replace(prepared, payload=PAYLOAD)

    def check_effect(self) -> None:
        assert CertificateVersion.objects.filter(certificate=self.certificate).count() == 1

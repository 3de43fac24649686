"""A person who works for an enterprise, and asks for the end of it."""

from __future__ import annotations

from datetime import datetime

from administration.models import Message
from employment.models import Employment
from tests.factories import Province, actor, make_employment, make_enterprise, make_operator, make_person
from workflow.business import business_of
from workflow.models import Application
from workflow.services.filing import create_draft, save_draft, submit

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
TODAY = NOW.date()
PAYLOAD = {"reason": "resigned", "left_on": "2026-11-20", "note": "", "commitment": True}


class Story:
    def __init__(self) -> None:
        self.province = Province()
        self.enterprise = make_enterprise()
        self.operator = make_operator(self.enterprise)
        self.person = make_person()
        self.employment = make_employment(self.person, self.enterprise, "08")
        self.me = actor(self.person.user)

    def filed(self, now: datetime = NOW) -> Application:
        case = business_of("employment_end").prepare(self.me, {}, today=now.date())
        application = create_draft(case=case, actor=self.me, now=now)
        save_draft(application.pk, payload=PAYLOAD, actor=self.me)
        submit(application.pk, actor=self.me, now=now)
        application.refresh_from_db()
        return application

    def ended(self) -> Employment:
        return Employment.objects.get(pk=self.employment.pk)


def messages_of(box: object) -> list[str]:
    return list(Message.objects.filter(mailbox=box).order_by("pk").values_list("title", flat=True))

"""Lists which logins a visitor of the demonstration can use, and what waits for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from accounts.enums import Duty
from accounts.models import Person, User
from accounts.verification.counter_codes import issue_counter_code
from certificates.models import Certificate
from employment.models import Employment
from enterprises.models import Enterprise
from exams.enums import EntryState
from exams.models import ExamEntry
from workflow.enums import Desk
from workflow.models import Application

from .builders import demo_builder
from .context import DemoContext


def record_people(context: DemoContext, newcomers: Iterable[Person], strangers: Iterable[str]) -> None:
    """Chooses people by what can be done with them, not by position."""
    ready = _extendable(context)
    if ready is not None:
        note_person(context, ready.person, f"证书{ready.number}可以办理延续")
    for certificate in Certificate.objects.filter(
        display_codes__contains=["employment.differs"], items__isnull=True, legal_state="01", person__id_photo__gt=""
    ).select_related("person")[:1]:
        note_person(context, certificate.person, f"证书{certificate.number}仍在原单位，可以办理执业企业变更")
    for application in Application.objects.filter(desk=Desk.PERSON).select_related("person", "enterprise")[:1]:
        if application.person and application.enterprise:
            note_person(
                context, application.person, f"{application.enterprise.name}发起的聘用待确认（在手机端 /m/ 处理）"
            )
    for person in Person.objects.filter(id_photo="", certificates__isnull=False).order_by("pk")[:1]:
        note_person(context, person, "还没有上传证件照")
    for person in list(newcomers)[:2]:
        note_person(context, person, "第一次登录：系统自动匹配历史证书")
    for number in list(strangers)[:1]:
        context.record(
            "尚未登记的人员", "/office/counter/", number, note="历史数据中有证书；由登记员在登记页面办理实名制登记"
        )


def _extendable(context: DemoContext) -> Certificate | None:
    return (
        Certificate.objects.filter(
            legal_state="01",
            display_status="normal",
            ends_on__range=(context.today, context.today + timedelta(days=80)),
            items__isnull=True,
            person__id_photo__gt="",
        )
        .select_related("person")
        .order_by("pk")
        .first()
    )


def note_person(context: DemoContext, person: Person, note: str) -> None:
    code = _counter_code(person)
    context.record(
        f"个人（{person.name}）", "/login/", str(person.id_number), context.password, note, counter_code=code
    )


def _counter_code(person: Person) -> str:
    """A code is needed on the phone, because the drawn portraits show no face that a camera could recognise."""
    clerk = User.objects.filter(duties__contains=[Duty.REGISTER]).order_by("pk")[0]
    return issue_counter_code(person, by=clerk, now=timezone.now(), lasts=timedelta(days=30))


def record_enterprises(context: DemoContext, enterprises: list[Enterprise], key_files: dict[int, Path]) -> None:
    """Lists the key file of each enterprise; those with something to mend or to confirm come first."""
    waiting: dict[int, int] = {}
    for pk in Application.objects.filter(is_open=True, holder_enterprise__isnull=False).values_list(
        "holder_enterprise", flat=True
    ):
        waiting[pk] = waiting.get(pk, 0) + 1
    employed: dict[int, int] = {}
    for pk in Employment.objects.active().values_list("enterprise_id", flat=True):
        employed[pk] = employed.get(pk, 0) + 1
    returned = Counter(ExamEntry.objects.filter(state=EntryState.RETURNED).values_list("enterprise", flat=True))
    for enterprise in sorted(enterprises, key=lambda one: (-returned[one.pk], -waiting.get(one.pk, 0), one.pk)):
        state = "" if not enterprise.is_gone else f"企业已{enterprise.get_status_display()}，登录应被拒绝；"
        note = f"{state}{waiting.get(enterprise.pk, 0)} 件待确认，在聘 {employed.get(enterprise.pk, 0)} 人"
        if returned[enterprise.pk]:
            note += f"，{returned[enterprise.pk]} 条考试报名被退回补正"
        context.record(
            f"企业（{enterprise.name}）",
            "/enterprise/login/",
            note=note,
            key_file=str(key_files[enterprise.pk]),
            pin=context.pin,
        )


ROLE_DESKS = {
    "省厅审核": Desk.PROVINCIAL,
    "地市审核": Desk.MUNICIPAL,
    "地市窗口": Desk.COUNTER,
    "县区窗口": Desk.COUNTER,
    "考试机构": Desk.ORGANISER,
    "考试机构复核": Desk.ORGANISER,
}


@demo_builder("queues", order=105)
def note_queues(context: DemoContext) -> None:
    """Adds what waits for each member of staff to the entries that the accounts app recorded."""
    waiting = Counter(
        Application.objects.filter(is_open=True, holder_office__isnull=False).values_list("holder_office__name", "desk")
    )
    for entry in context.logins:
        desk = ROLE_DESKS.get(entry["role"])
        if desk is not None:
            entry["waiting"] = f"{entry['waiting']}，{waiting[entry['waiting'], desk]} 件待办"


@demo_builder("logins", order=120)
def record_logins(context: DemoContext) -> None:
    record_people(context, context.newcomers, context.strangers)
    record_enterprises(context, context.enterprises, context.key_files)

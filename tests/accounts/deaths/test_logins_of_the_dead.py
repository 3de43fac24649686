"""With a death the other logins of the natural person close too, and come back where the death was an error."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.corrections.services import Grounds
from accounts.deaths.selectors import state_of
from accounts.deaths.services import ask_to_take_back, decide_death
from accounts.deaths.steps import what_ends
from accounts.enums import Duty, SessionEnd
from accounts.models import LoginSession, User
from administration.models import AuditEntry, Message
from enterprises.models import CaKey
from tests.factories import make_office, make_staff

from .test_death import LATER, World, grounds

pytestmark = pytest.mark.django_db


def staff_of(world: World, name: str = "工作人员") -> User:
    user = make_staff(make_office("青山湖区住建局"), Duty.REVIEW, name=name)
    User.objects.filter(pk=user.pk).update(identity_index=world.person.id_number_index)
    user.refresh_from_db()
    return user


def test_the_staff_login_of_a_dead_person_closes_and_comes_back() -> None:
    world = World()
    staff = staff_of(world)
    namesake = make_staff(make_office("西湖区住建局"), Duty.REVIEW, name=world.person.name)
    session = LoginSession.objects.create(user=staff, session_key="b" * 32)
    shown = "\n".join(what_ends(world.person))
    assert f"青山湖区住建局的工作账号{staff.login}停用" in shown
    assert f"西湖区住建局的工作账号{namesake.login}同名，开立时没有登记身份证号：不会自动停用" in shown
    done = world.recorded()
    staff.refresh_from_db()
    namesake.refresh_from_db()
    session.refresh_from_db()
    assert (staff.is_active, namesake.is_active) == (False, True)
    assert session.ended_why == SessionEnd.DISABLED
    assert done.record["ended"]["logins"] == [staff.pk]
    assert AuditEntry.objects.get(action="change_user").detail["is_active"] is False
    client = Client()
    client.force_login(staff)
    assert client.get("/office/").status_code == 302
    case = ask_to_take_back(done, grounds=alive(), by=world.clerk, now=LATER)
    decide_death(case, state=state_of(world.fresh()), by=world.decider, now=LATER)
    staff.refresh_from_db()
    assert staff.is_active
    assert AuditEntry.objects.filter(action="change_user").count() == 2


def alive() -> Grounds:
    return Grounds("派出所《情况说明》", "本人在场", grounds().evidence)


def test_a_login_that_serves_another_by_now_stays_closed() -> None:
    world = World()
    staff = staff_of(world)
    done = world.recorded()
    User.objects.filter(pk=staff.pk).update(identity_index="")
    case = ask_to_take_back(done, grounds=alive(), by=world.clerk, now=LATER)
    left = decide_death(case, state=state_of(world.fresh()), by=world.decider, now=LATER).record["left"]
    assert any(staff.login in line for line in left)
    staff.refresh_from_db()
    assert not staff.is_active


def test_an_operator_of_the_same_name_is_named_to_the_province_and_to_the_enterprise() -> None:
    world = World()
    key = CaKey.objects.get(user=world.world.operator)
    assert "同名的 CA 锁操作员" not in "\n".join(what_ends(world.person))
    CaKey.objects.filter(pk=key.pk).update(operator_name=world.person.name)
    assert "有同名的 CA 锁操作员：不会自动停用" in "\n".join(what_ends(world.person))
    world.recorded()
    told = Message.objects.filter(mailbox=world.world.enterprise.mailbox, title__contains="已登记死亡").latest("pk")
    assert "“CA 锁与操作员”中停用" in told.body
    key.user.refresh_from_db()
    assert key.user.is_active

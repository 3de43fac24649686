"""Offers the home page of a person and the boxes of the pages 个人信息 and of the counter, to which other apps add in their `home_boxes.py`."""

from __future__ import annotations

from accounts.models import Person
from common.findings import Cure, Finding, Level
from common.home_page import Box, HomePage

from .findings import NOT_REGISTERED, POINTS

PERSON_HOME: HomePage[Person] = HomePage("person")
PROFILE: HomePage[Person] = HomePage("profile")
COUNTER: HomePage[Person] = HomePage("person at a counter")
"""Apps show the clerk what the person who stands there has to do with."""

__all__ = ["COUNTER", "PERSON_HOME", "PROFILE", "Box"]


@PERSON_HOME.task()
def _identity(person: Person) -> Finding | None:
    if not person.is_registered:
        return NOT_REGISTERED
    if person.quarantined_reason:
        return Finding(
            "person.quarantined",
            "身份信息待核实",
            f"{person.quarantined_reason}。请携带身份证和户口簿，到登记点核实。",
            turn="本人和实名制登记点",
            cure=POINTS,
        )
    return None


@PERSON_HOME.task()
def _id_photo(person: Person) -> Finding | None:
    if person.has_id_photo:
        return None
    return Finding(
        "person.no_id_photo",
        "未上传个人证件照",
        "没有证件照无法签发电子证书，多数业务也不能提交。约 2 分钟。",
        turn="本人",
        cure=Cure("上传证件照", "accounts:photo"),
    )


@PERSON_HOME.task()
def _profile(person: Person) -> Finding | None:
    missing = [name for name, value in (("手机号码", person.phone), ("学历", person.education)) if not value]
    if not missing:
        return None
    return Finding(
        "person.profile",
        f"请补充{'、'.join(missing)}",
        "手机号码用来接收办理通知，学历用于考试报名核对。",
        Level.ADVISORY,
        turn="本人",
        cure=Cure("完善个人信息", "accounts:profile"),
    )

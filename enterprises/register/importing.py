"""Imports files of other authorities: enterprises, projects in progress, registered constructors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from accounts.people.columns import ID_NUMBER, NAME, parse_id_number, parse_name
from accounts.people.numbers import PresentNumbers
from administration.imports.plausibility import Consequence, good_values
from administration.imports.services import Book, Seen, good_chunks, one_import_at_a_time, register_importer
from administration.models import Region, RegionAlias
from administration.offices.selectors import PROVINCE
from common.tabular.cells import as_text, day, number_up_to, words_up_to
from common.tabular.column import Column
from common.tabular.row import Problem, Row
from common.tabular.table import Table
from common.tabular.yes_no import yes_no
from common.text.chinese import half_width, without_blanks
from common.text.organisations import parse_organisation_name
from enterprises.enums import EnterpriseStatus, QualificationKind
from enterprises.models import Enterprise, ProjectInProgress, Qualification

from . import dissolution
from .codes import ids_by_code, present_codes
from .old_codes import known_code
from .outcomes import CONSTRUCTOR_TITLES, PROJECT_TITLES, note_enterprises, note_rows
from .services import EnterpriseFacts, Saved, save_enterprises, save_projects, save_qualifications

_STATUS_WORDS = {
    EnterpriseStatus.EXISTING: ("存续", "在业", "在营", "开业", "正常", "存续（在营、开业、在册）"),
    EnterpriseStatus.DISSOLVED: ("注销", "吊销，已注销", "撤销"),
    EnterpriseStatus.REVOKED: ("吊销", "吊销，未注销", "吊销未注销"),
}
_STATUS_OF = {word: status for status, words in _STATUS_WORDS.items() for word in words}
_IN_FORCE_WORDS = {
    True: ("有效", "正常", "在用", "已注册"),
    False: ("无效", "失效", "过期", "注销", "吊销", "撤销", "暂停", "暂停执业"),
}
_IN_FORCE_OF = {word: is_in_force for is_in_force, words in _IN_FORCE_WORDS.items() for word in words}


def _plain(word: str) -> str:
    return without_blanks(word).replace("(", "（").replace(")", "）").replace(",", "，").removeprefix("已")


def parse_status(word: str) -> EnterpriseStatus:
    if _plain(word) not in _STATUS_OF:
        raise ValidationError(f"无法识别的状态：{word[:20]}，应为存续、注销或吊销。")
    return _STATUS_OF[_plain(word)]


def parse_in_force(word: str) -> bool:
    plain = without_blanks(word)
    found = _IN_FORCE_OF.get(plain, _IN_FORCE_OF.get(plain.removeprefix("已")))
    if found is None:
        raise ValidationError(f"无法识别的状态：{word[:20]}，应为有效、注销、失效等。")
    return found


_USCC = Column("uscc", "统一社会信用代码", ("信用代码",), required=True, parse=as_text(known_code))

ENTERPRISE_COLUMNS = (
    Column("name", "企业名称", ("单位名称",), required=True, parse=as_text(parse_organisation_name)),
    _USCC,
    Column("region", "注册地", ("注册地区划", "所属区划", "行政区划"), parse=as_text(without_blanks)),
    Column("legal_representative", "法定代表人", ("法人代表", "法人"), parse=parse_name),
    Column(
        "legal_representative_id",
        "法定代表人身份证号",
        ("法定代表人身份证号码",),
        parse=parse_id_number,
        sensitive=True,
    ),
    Column("address", "住所", ("企业地址", "注册地址"), parse=words_up_to(200)),
    Column("phone", "联系电话", ("电话",), parse=words_up_to(50)),
    Column("status", "状态", ("登记状态", "经营状态"), parse=as_text(parse_status)),
    Column("dissolved_on", "注销日期", ("吊销日期", "注销、吊销日期"), parse=day),
    Column("may_rename", "变更名称", ("名称变更", "是否更名"), parse=yes_no),
    Column("former_name", "曾用名", ("原名称", "原企业名称", "变更前名称"), parse=as_text(parse_organisation_name)),
)
PROJECT_COLUMNS = (
    Column("name", "项目名称", ("工程名称",), required=True, parse=words_up_to(200)),
    Column("number", "项目编号", ("项目代码",), required=True, parse=number_up_to(60)),
    _USCC,
    ID_NUMBER,
    Column("post", "岗位", ("职务",), parse=words_up_to(60)),
    Column("started_on", "开工日期", parse=day),
    Column("finished_on", "竣工日期", parse=day),
)
CONSTRUCTOR_COLUMNS = (
    NAME,
    ID_NUMBER,
    Column("number", "注册编号", ("注册号", "证书编号"), required=True, parse=number_up_to(60)),
    Column("specialty", "专业", ("注册专业",), parse=words_up_to(100)),
    Column("uscc", "统一社会信用代码", ("信用代码",), parse=as_text(known_code)),
    Column("valid_to", "有效期止", ("有效期至", "截止日期", "有效期结束"), parse=day),
    Column("is_in_force", "状态", parse=as_text(parse_in_force)),
)


_FORMER_NAMES = {"上饶县": "361104", "九江县": "360404", "庐山区": "360402", "星子县": "360483", "湾里区": "360112"}
"""These counties bear another name today; most others have only become a city or a district (广丰县, 南康市, 红谷滩新区)."""


def _stem(place: str) -> str:
    """Leaves out the word at the end that says what kind of region it is."""
    return re.sub("(?:新区|[县市区])$", "", place)


class Regions:
    """Finds the region that a text names: by a code, also an abolished one, or by a name with the regions around it."""

    def __init__(self) -> None:
        regions = list(Region.objects.all())
        self._successors = dict(RegionAlias.objects.values_list("code", "region_id"))
        self._codes = {region.code for region in regions}
        self._names: dict[str, set[str]] = {}
        self._stems: dict[str, set[str]] = {}
        cities = {region.code: region.name for region in regions if region.is_city}
        for region in regions:
            if region.code != PROVINCE:
                city = cities.get(region.city_code, "")
                for name in {region.name, city + region.name, city.removesuffix("市") + region.name}:
                    self._names.setdefault(name, set()).add(region.code)
                    if not region.is_city:
                        self._stems.setdefault(_stem(name), set()).add(region.code)

    def code_of(self, text: str) -> str | None:
        """Answers None for a place that is unknown, or that may be several regions."""
        plain = half_width(text)
        if plain.isdigit():
            return self._by_code(plain[:6])
        place = re.sub("[/、,.·>-]", "", plain.removeprefix("江西省").removeprefix("江西"))
        named = self._names.get(place)
        if named is None:
            former = next((code for name, code in _FORMER_NAMES.items() if place.endswith(name)), "")
            named = {former} & self._codes or self._stems.get(place) or self._stems.get(_stem(place), set())
        return next(iter(named)) if len(named) == 1 else None

    def of_uscc(self, uscc: str) -> str | None:
        """An old registration number begins with the region; an organisation code says none."""
        return self._by_code(uscc[:6] if len(uscc) == 15 else uscc[2:8])

    def _by_code(self, code: str) -> str | None:
        code = self._successors.get(code, code)
        return code if code in self._codes else None


def import_enterprises(table: Table, book: Book) -> None:
    regions, seen, today = Regions(), Seen(book), localdate()
    for chunk in good_chunks(table, book):
        facts: dict[str, tuple[Row, EnterpriseFacts]] = {}
        numbers, present = PresentNumbers(), present_codes({str(row.values["uscc"]) for row in chunk})
        gone: dict[str, tuple[EnterpriseStatus, date]] = {}
        for row in chunk:
            one = _facts(row, regions, numbers, book, present)
            if one is None or not seen.is_new(row, one.uscc, (one, row.values["status"], row.values["dissolved_on"])):
                continue
            facts[one.uscc] = row, one
            if not one.is_existing:
                gone[one.uscc] = (row.values["status"], row.values["dissolved_on"] or today)  # type: ignore[assignment]
        with book.writing():
            one_import_at_a_time("enterprises")
            saved = save_enterprises([one for _, one in facts.values()])
            ended = _ended(saved, gone)
            dissolution.dissolve_later(ended)
            note_enterprises(facts, saved, ended, book)
        book.notes += [_other_name(facts[uscc][0], known) for uscc, known in saved.other_names.items()]
        book.notes += [_exists_again(row) for row, one in facts.values() if _was_gone(saved, one.uscc)]


def lock_enterprises(table: Table, book: Book) -> None:
    one_import_at_a_time("enterprises")
    codes = {str(values["uscc"]) for values in good_values(table)}
    ids = set(ids_by_code(codes).values())
    list(Enterprise.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _facts(
    row: Row, regions: Regions, numbers: PresentNumbers, book: Book, present: dict[str, str]
) -> EnterpriseFacts | None:
    values: dict[str, Any] = row.values
    known = present.get(str(values["uscc"]))
    if known is not None and not _may_use_former_code(row, known, book):
        return None
    place = values["region"] or ""
    code = regions.code_of(place) if place else regions.of_uscc(values["uscc"])
    if code is None:
        hint = "请写区划代码，或带设区市的全称，如“南昌市东湖区”。"
        said = f"不认识的注册地：{place[:30]}。" if place else "未填写注册地，且信用代码中的区划不在江西省。"
        book.refuse_because(row, "注册地", said + hint, place[:40])
        return None
    index = numbers.index_of(values["legal_representative_id"]) if values["legal_representative_id"] else ""
    return EnterpriseFacts(
        uscc=known or values["uscc"],
        name=values["name"],
        region_code=code,
        legal_representative=values["legal_representative"] or "",
        legal_representative_index=index,
        address=values["address"] or "",
        phone=values["phone"] or "",
        is_existing=values["status"] in (None, EnterpriseStatus.EXISTING),
        may_rename=bool(values["may_rename"]),
        former_name=values["former_name"] or "",
    )


def _may_use_former_code(row: Row, present: str, book: Book) -> bool:
    """The end of a former entry in the business registry is not the end of the enterprise, which goes on by another code."""
    sentence, former = f"这是曾用号码，企业现用号码{present}。", str(row.values["uscc"])
    if row.values["status"] in (None, EnterpriseStatus.EXISTING):
        book.notes.append(Problem(row.number, "统一社会信用代码", former, f"{sentence}本行按现用号码导入。"))
        return True
    book.refuse_because(row, "状态", f"{sentence}企业确已注销、吊销的，请按现用号码导入。", former)
    return False


def _was_gone(saved: Saved, uscc: str) -> bool:
    return "status" in saved.before.get(saved.ids.get(uscc, 0), {})


def _exists_again(row: Row) -> Problem:
    sentence = "企业恢复为存续。当时因注销、吊销解除的聘用关系没有自动恢复，请登记人员在“恢复聘用关系”中核对后恢复。"
    return Problem(row.number, "企业名称", str(row.values["name"]), sentence)


def _other_name(row: Row, known: str) -> Problem:
    """A file of another office may misspell a name, and a name decides what is printed on certificates."""
    sentence = (
        f"与登记的名称“{known}”不同：登记的名称没有改动，本行其他内容已导入。确实更名的，在“变更名称”列填“是”，"
        "或在“曾用名”列填原来的名称后再导入，或由企业办理工商信息数据同步。"
    )
    return Problem(row.number, "企业名称", str(row.values["name"]), sentence)


def _ended(saved: Saved, gone: dict[str, tuple[EnterpriseStatus, date]]) -> dict[int, tuple[EnterpriseStatus, date]]:
    """Answers the enterprises whose status changes."""
    status = dict(Enterprise.objects.filter(uscc__in=gone).values_list("uscc", "status"))
    return {saved.ids[uscc]: one for uscc, one in gone.items() if status[uscc] != one[0]}


def import_projects(table: Table, book: Book) -> None:
    seen = Seen(book)
    for chunk in good_chunks(table, book):
        employers, numbers = _enterprises(chunk), PresentNumbers()
        projects: list[tuple[Row, ProjectInProgress]] = []
        for row in chunk:
            values: dict[str, Any] = row.values
            if values["started_on"] and values["finished_on"] and values["started_on"] > values["finished_on"]:
                book.refuse_because(row, "竣工日期", "竣工日期早于开工日期，请核对。", str(values["finished_on"]))
            elif values["uscc"] not in employers:
                book.refuse_because(row, "统一社会信用代码", "该企业还没有登记，请先导入企业。", values["uscc"])
            else:
                project = ProjectInProgress(
                    number=values["number"],
                    name=values["name"],
                    enterprise_id=employers[values["uscc"]],
                    id_number_index=numbers.index_of(values["id_number"]),
                    post=values["post"] or "",
                    started_on=values["started_on"],
                    finished_on=values["finished_on"],
                )
                key = (project.number, project.id_number_index, project.post)
                content = (project.name, project.enterprise_id, project.started_on, project.finished_on)
                if seen.is_new(row, key, content):
                    projects.append((row, project))
        with book.writing():
            one_import_at_a_time("projects")
            saved = save_projects([project for _, project in projects])
            note_rows(book, [row for row, _ in projects], saved, PROJECT_TITLES)


def import_constructors(table: Table, book: Book) -> None:
    seen = Seen(book)
    for chunk in good_chunks(table, book):
        employers, numbers = _enterprises(chunk), PresentNumbers()
        qualifications: list[tuple[Row, Qualification]] = []
        for row in chunk:
            values: dict[str, Any] = row.values
            if values["uscc"] and values["uscc"] not in employers:
                book.refuse_because(row, "统一社会信用代码", "该企业还没有登记，请先导入企业。", values["uscc"])
                continue
            one = Qualification(
                kind=QualificationKind.CONSTRUCTOR,
                number=values["number"],
                name=values["name"],
                id_number_index=numbers.index_of(values["id_number"]),
                specialty=values["specialty"] or "",
                enterprise_id=employers.get(values["uscc"]),
                valid_to=values["valid_to"],
                is_in_force=values["is_in_force"] is not False,
            )
            content = (one.name, one.id_number_index, one.enterprise_id, one.valid_to, one.is_in_force)
            if seen.is_new(row, (one.number, one.specialty), content):
                qualifications.append((row, one))
        with book.writing():
            one_import_at_a_time("constructors")
            saved = save_qualifications([one for _, one in qualifications])
            note_rows(book, [row for row, _ in qualifications], saved, CONSTRUCTOR_TITLES)


def _enterprises(rows: Iterable[Row]) -> dict[str, int]:
    return ids_by_code(str(row.values["uscc"]) for row in rows if row.values["uscc"])


DISSOLUTIONS = Consequence(
    "注销、吊销",
    lambda values: values["status"] in (EnterpriseStatus.DISSOLVED, EnterpriseStatus.REVOKED),
    "这些企业的聘用关系和证书都会受影响",
    most_percent=30,
    at_least=5,
)
LAPSES = Consequence(
    "无效、注销等",
    lambda values: values["is_in_force"] is False,
    "这些人的注册不再算数，项目负责人证书会受影响",
    most_percent=50,
    at_least=5,
)
register_importer(
    "enterprises",
    "企业",
    import_enterprises,
    columns=ENTERPRISE_COLUMNS,
    consequences=(DISSOLUTIONS,),
    locks=lock_enterprises,
)
register_importer("projects", "在建项目", import_projects, columns=PROJECT_COLUMNS)
register_importer(
    "constructors", "注册建造师", import_constructors, columns=CONSTRUCTOR_COLUMNS, consequences=(LAPSES,)
)

"""Checks who may enter for an exam. Every check answers a finding; all are asked, so all reasons come at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from accounts.enums import Education, ProfessionalTitle
from accounts.models import Person
from administration.parameters.declared import DECLARED
from certificates.enums import C_CATEGORIES, Category
from certificates.facts.holdings import holdings
from certificates.issuing.first_issue_rules import category_of, post_of
from certificates.rules.posts import A_POSTS
from common.dates import add_months, chinese_date
from common.findings import Cure, Finding, satisfied
from employment.selectors import WorksFor
from enterprises.enums import Post
from exams.enums import BatchStatus, EntryState
from exams.models import ExamBatch, ExamEntry
from exams.selectors import batches, constructors, entries_in_the_way, regions_above
from workflow.checks import Case, Facts, condition
from workflow.facts import enterprises, persons

POSTS_OF = {Category.A: A_POSTS, Category.B: (Post.PROJECT_MANAGER,)} | dict.fromkeys(
    C_CATEGORIES, (Post.SAFETY_OFFICER,)
)
"""B requires post 07, C post 08; A allows the other posts."""


def batch_of(case: Case, facts: Facts) -> ExamBatch:
    return facts(batches)[int(case.payload["batch"])]


@condition("批次已公布，没有取消")
def batch_stands(case: Case, facts: Facts) -> Finding:
    batch = batch_of(case, facts)
    if batch.status == BatchStatus.CALLED_OFF:
        return Finding("exam.called_off", "该批次已取消", batch.called_off_reason)
    if batch.status != BatchStatus.ANNOUNCED:
        return Finding("exam.not_announced", "该批次还没有公布", "公布后才能报名。", turn="省厅")
    return satisfied("exam.called_off", "批次已公布", batch.name)


@condition("在报名时间内")
def within_sign_up(case: Case, facts: Facts) -> Finding | None:
    """This is checked at sign-up only, because the review may come later."""
    if not case.is_filing:
        return None
    batch = batch_of(case, facts)
    span = f"{chinese_date(batch.sign_up_from)}至{chinese_date(batch.sign_up_to)}"
    if case.on < batch.sign_up_from:
        return Finding("exam.window", "报名还没有开始", f"报名时间是{span}。", turn="企业")
    if case.on > batch.sign_up_to:
        return Finding("exam.window", "报名已经截止", f"报名时间是{span}，请选择其他批次。", turn="企业", cure=OTHERS)
    return satisfied("exam.window", "在报名时间内", span)


OTHERS = Cure("查看其他批次", url_name="exams:enterprise")


@condition("批次还有名额")
def places_left(case: Case, facts: Facts) -> Finding | None:
    """The list shows these places; the last ones are given out under the batch's lock."""
    batch = batch_of(case, facts)
    if not case.is_filing:
        return None
    return (
        no_place(batch)
        if batch.places_left < 1
        else satisfied("exam.full", "批次还有名额", f"剩余 {batch.places_left} 个")
    )


def no_place(batch: ExamBatch) -> Finding:
    detail = f"{batch.name}共 {batch.quota} 个名额，已全部报满。请选择其他批次；有人取消报名后，名额会重新开放。"
    return Finding("exam.full", "该批次名额已满", detail, turn="企业", cure=OTHERS)


@condition("批次在企业注册地，并开考所报的类别")
def offered_here(case: Case, facts: Facts) -> Iterator[Finding]:
    batch = batch_of(case, facts)
    enterprise = facts(enterprises).get(case.enterprise_id or 0)
    if enterprise is not None and batch.region_id not in regions_above(enterprise.region_id):
        detail = f"该批次面向{batch.region.name}注册的企业。请选择本企业注册地的批次。"
        yield Finding("exam.region", "批次不在企业注册地", detail, turn="企业", cure=OTHERS)
    if category_of(case) not in batch.categories:
        detail = f"该批次开考{batch.category_labels}。"
        yield Finding("exam.category", f"该批次不考{category_of(case)}证", detail, turn="企业", cure=OTHERS)


@condition("与报名企业登记了聘用关系，职务与所报类别相符")
def works_here(case: Case, facts: Facts) -> Finding:
    works_for, person_id, post = facts(holdings).works_for, case.person_id or 0, post_of(case)
    enterprise = facts(enterprises).get(case.enterprise_id or 0)
    name = enterprise.name if enterprise else ""
    if not works_for(person_id, case.enterprise_id, post):
        employer = works_for.employer(person_id)
        if employer is not None and employer.pk != case.enterprise_id:
            detail = f"现在登记的受聘企业是{employer.name}。解除后由本企业发起聘用，本人在手机端确认。"
        else:
            detail = "请先发起聘用，本人在手机端确认后即可报名。"
        cure = Cure("发起聘用", url_name="employment:propose")
        return Finding("employment.none", "没有与本企业登记聘用关系", detail, turn="企业和本人", cure=cure)
    return _post_fits(category_of(case), post, posts_at(works_for, person_id, case.enterprise_id), name)


def posts_at(works_for: WorksFor, person_id: int, enterprise_id: int | None) -> set[str]:
    """Answers the registered posts at the enterprise, where its registered legal representative needs no employment."""
    employment = works_for.employment.get(person_id)
    here = employment is not None and employment.enterprise_id == enterprise_id
    posts = set(employment.posts) if employment is not None and here else set()
    represents = enterprise_id in works_for.represented.get(person_id, set())
    return posts | {str(Post.LEGAL_REPRESENTATIVE)} if represents else posts


def _post_fits(category: str, post: str, registered: set[str], enterprise: str) -> Finding:
    allowed = POSTS_OF[Category(category)]
    if post not in allowed:
        words = "、".join(Post(one).label for one in allowed)
        detail = f"{category}证的职务应是{words}。"
        return Finding("exam.post", f"所选职务不能报考{category}证", detail, turn="企业")
    if post not in registered:
        known = "、".join(Post(one).label for one in sorted(registered))
        detail = f"登记的职务是{known}。职务有变化的，请解除后按劳动合同重新登记聘用关系。"
        cure = Cure("人员聘用管理", url_name="employment:enterprise")
        return Finding("exam.post", f"聘用关系中没有登记“{Post(post).label}”", detail, turn="企业", cure=cure)
    return satisfied("employment.none", "已登记聘用关系", f"{enterprise}，{Post(post).label}")


@condition("年满 {exam_least_age} 周岁；C证未满 {exam_age_limit} 周岁")
def of_age(case: Case, facts: Facts) -> Finding | None:
    """Age counts from the day after the birthday: on the birthday itself one is still a year younger."""
    person = facts(persons).get(case.person_id or 0)
    if person is None:
        return None
    least = facts.parameters.integer("exam_least_age", case.on)
    limit = facts.parameters.integer("exam_age_limit", case.on)
    if case.on <= _birthday(person.birth_date, least):
        free = chinese_date(_birthday(person.birth_date, least) + timedelta(days=1))
        return Finding("exam.too_young", f"未满 {least} 周岁", f"{free}起可以报名。", turn="本人")
    if category_of(case) in C_CATEGORIES and case.on > _birthday(person.birth_date, limit):
        detail = f"专职安全生产管理人员应未满 {limit} 周岁。"
        return Finding("exam.too_old", f"已满 {limit} 周岁", detail, turn="企业")
    return satisfied("exam.age", "年龄符合要求")


def _birthday(birth: date, years: int) -> date:
    return add_months(birth, 12 * years)


PROFILE = Cure("完善个人信息", url_name="accounts:profile")


@condition("学历、职称符合所报类别的要求（A证法定代表人除外）")
def educated(case: Case, facts: Facts) -> Iterator[Finding]:
    person = facts(persons).get(case.person_id or 0)
    if person is None:
        return
    if category_of(case) == Category.A:
        yield from _educated_a(case, person, facts)
    elif category_of(case) in C_CATEGORIES:
        yield _educated_c(case, person, facts)


def _educated_a(case: Case, person: Person, facts: Facts) -> Iterator[Finding]:
    """Education and title are both needed, but the legal representative is exempt."""
    if post_of(case) == Post.LEGAL_REPRESENTATIVE:
        yield satisfied("exam.education", "法定代表人不要求学历和职称")
        return
    education, title = _least("exam_education_a", case, facts), _least("exam_title_a", case, facts)
    if not _reaches(Education, person.education, education):
        yield _below("exam.education", "学历", person.get_education_display(), "exam_education_a", education)
    if not _reaches(ProfessionalTitle, person.professional_title, title):
        yield _below("exam.title", "职称", person.get_professional_title_display(), "exam_title_a", title)


def _educated_c(case: Case, person: Person, facts: Facts) -> Finding:
    """Education or title suffices."""
    education, title = _least("exam_education_c", case, facts), _least("exam_title_c", case, facts)
    if _reaches(Education, person.education, education) or _reaches(
        ProfessionalTitle, person.professional_title, title
    ):
        return satisfied("exam.education", "学历或职称符合要求")
    wanted = f"{_words('exam_education_c', education)}，或{_words('exam_title_c', title)}职称"
    known = f"填写的学历是{person.get_education_display()}" if person.education else "还没有填写学历和职称"
    detail = f"C证要求{wanted}；{known}。情况有变化的，由本人在个人信息中更新。"
    return Finding("exam.education", "学历和职称都不符合要求", detail, turn="本人", cure=PROFILE)


def _least(key: str, case: Case, facts: Facts) -> str:
    return facts.parameters.text(key, case.on)


def _words(key: str, value: str) -> str:
    return DECLARED[key].in_words(value)


def _reaches(levels: type[Education] | type[ProfessionalTitle], level: str, least: str) -> bool:
    """Levels are declared in ascending order."""
    if least == "none":
        return True
    order = list(levels.values)
    return level in order and order.index(level) >= order.index(least)


def _below(code: str, what: str, known: str, key: str, least: str) -> Finding:
    said = f"填写的是{known}" if known else "还没有填写"
    detail = f"A证要求{what}在{_words(key, least)}（法定代表人除外），{said}。情况有变化的，由本人在个人信息中更新。"
    return Finding(code, f"{what}不符合要求", detail, turn="本人", cure=PROFILE)


@condition("报考B证的，在报名企业有有效的建造师注册")
def registered_constructor(case: Case, facts: Facts) -> Finding | None:
    if category_of(case) != Category.B:
        return None
    registered = facts(constructors).get(case.person_id or 0, [])
    if any(one.enterprise_id == case.enterprise_id for one in registered):
        return satisfied("qualification.constructor", "已有有效的建造师注册")
    where = "请本人在住房和城乡建设部建造师注册系统办理注册或变更注册，数据更新后再报名。"
    if not registered:
        return Finding("qualification.constructor", "没有有效的建造师注册", where, turn="本人")
    places = "、".join(dict.fromkeys(one.enterprise.name if one.enterprise else "其他单位" for one in registered))
    return Finding("qualification.constructor", "建造师注册不在本企业", f"注册在{places}。{where}", turn="本人")


@condition("没有持有同类别的有效证书")
def not_held_yet(case: Case, facts: Facts) -> Finding:
    """A person may hold A once per enterprise, B once, and C as follows: C3 stands for all, C1 with C2 may be merged."""
    known, category = facts(holdings), category_of(case)
    for one in known.held:
        if one.person_id == case.person_id and one.in_force and _stands_for(one.category, one.enterprise_id, case):
            detail = f"{one.number}在有效期内，不需要再考核。"
            return Finding("exam.held", f"已持有{one.category}证", detail)
    return satisfied("exam.held", f"没有有效的{category}证")


def _stands_for(held: str, at: int | None, case: Case) -> bool:
    category = category_of(case)
    if category == Category.A:
        return held == Category.A and at == case.enterprise_id
    if category == Category.C3:
        return held in C_CATEGORIES
    return held == category or (held == Category.C3 and category in C_CATEGORIES)


def _without_result(entry: ExamEntry, days: int) -> Finding:
    free = chinese_date(entry.batch.exam_to + timedelta(days=days + 1))
    detail = f"{entry.batch.name}已考完，成绩还没有登记。登记后即可按成绩办理；到{free}还没有成绩的，可以重新报名。"
    return Finding("exam.without_result", f"{entry.category}证考试的成绩还没有登记", detail, turn="考试机构")


@condition("没有报名同一类别的其他考试（考完 {exam_result_days} 日没有成绩的除外）")
def not_entered_yet(case: Case, facts: Facts) -> Finding:
    for entry in facts(entries_in_the_way).get(case.person_id or 0, []):
        if entry.category != category_of(case) or entry.pk == case.payload.get("entry"):
            continue
        if entry.state == EntryState.APPROVED and case.on > entry.batch.exam_to:
            return _without_result(entry, facts.parameters.integer("exam_result_days", entry.batch.exam_to))
        own = entry.enterprise_id == case.enterprise_id
        cure = Cure("查看报名情况", url_name="exams:entries") if own else None
        if entry.state == EntryState.PASSED:
            detail = f"{entry.batch.name}已合格，等待首次发证。"
            return Finding("exam.passed", f"{entry.category}证考试已合格", detail, turn="省厅", cure=cure)
        how = (
            "要换批次的，先取消原来的报名。"
            if own
            else "原来的报名取消后才能重新报名：报名截止前由该企业取消；已离开该企业的，本人可以在“我的考试”中、审核部门可以在考试批次中取消。"
        )
        detail = f"由{entry.enterprise.name}报名，{entry.batch.name}，{entry.get_state_display()}。{how}"
        turn = "企业" if own else f"{entry.enterprise.name}、本人或审核部门"
        return Finding(
            "exam.entered", f"{entry.enterprise.name}已报名{entry.category}证考试", detail, turn=turn, cure=cure
        )
    return satisfied("exam.entered", "没有报名同一类别的其他考试")

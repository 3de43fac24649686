"""Checks of the businesses on certificates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from accounts.models import Person
from certificates.enums import Category, LegalState
from certificates.facts.grace_period import AFTER_DECISION
from certificates.facts.holdings import Holdings, holdings
from certificates.holding import SENTENCES, Held, Violation, newly_caused
from certificates.models import Certificate
from common.dates import add_months, chinese_date, months_before
from common.findings import Cure, Finding, Level, satisfied
from enterprises.enums import Post
from training.models import TrainingRecord
from training.selectors import records_of
from workflow.checks import Case, Facts, condition
from workflow.facts import enterprises

from .out_of_province import ended_in_words, may_have_ended, valid_elsewhere


def subject_certificates(case: Case, facts: Facts) -> list[Certificate]:
    known = facts(holdings).certificates
    return [known[pk] for pk in case.subjects if pk in known]


@condition("证书没有被暂扣、注销、撤销或吊销")
def certificates_valid(case: Case, facts: Facts) -> Iterator[Finding]:
    """Neither suspended nor ended; the end date is the business of `within_window`."""
    for certificate in subject_certificates(case, facts):
        if certificate.legal_state == LegalState.SUSPENDED:
            yield Finding(
                "certificate.suspended",
                f"{certificate.number}被暂扣",
                "暂扣期间不能办理，期满发还后再申请。",
                turn="暂扣机关",
            )
        elif certificate.legal_state != LegalState.VALID:
            yield Finding(
                "certificate.ended",
                f"{certificate.number}已{LegalState(certificate.legal_state).label}",
                "已终止的证书不能再办理业务。",
            )


@condition("证书在有效期内")
def not_expired(case: Case, facts: Facts) -> Iterator[Finding]:
    """For businesses other than the extension: past its end the certificate can only be obtained anew."""
    for certificate in subject_certificates(case, facts):
        if certificate.ends_on >= case.on:
            continue
        over = facts(holdings).in_grace.get(certificate.pk)
        if over is None:
            yield Finding(
                "certificate.expired",
                f"{certificate.number}已过有效期",
                f"有效期至{chinese_date(certificate.ends_on)}，需要重新参加考核。",
                turn="本人",
            )
        elif over.decided_on is not None and over.application is None and case.is_filing:
            yield Finding(
                "certificate.extension_first",
                f"{certificate.number}有效期已届满，现在只能申请延续",
                f"{chinese_date(over.last_day)}前申请延续的继续有效；延续办结后再办理其他业务。",
                turn="本人",
                cure=Cure("办理延续", business="extension", query={"certificate": certificate.pk}),
            )


@condition("同一证书没有在办业务")
def nothing_in_progress(case: Case, facts: Facts) -> Iterator[Finding]:
    found = False
    for certificate in subject_certificates(case, facts):
        other = facts(holdings).open_applications.get(certificate.pk)
        if other is not None and other.pk != case.application_id:
            found = True
            yield Finding(
                "workflow.in_progress",
                f"{certificate.number}有在办业务",
                f"办件{other.number}办结或撤回后才能再次申请。",
                turn="本人",
                # An enterprise's application about all its certificates is not the holder's to open.
                cure=Cure("查看办件", url_name="workflow:detail", kwargs={"number": other.number})
                if other.person_id == case.person_id
                else None,
            )
    if not found:
        yield satisfied("workflow.in_progress", "没有在办业务")


@condition("聘用单位与证书所在单位一致")
def works_for_certificate_enterprise(case: Case, facts: Facts) -> Iterator[Finding]:
    known = facts(holdings)
    for certificate in subject_certificates(case, facts):
        if known.works_for(certificate.person_id, certificate.enterprise_id, certificate.post):
            yield satisfied("employment.differs", "聘用单位与证书所在单位一致", certificate.enterprise_name)
            continue
        employer = known.works_for.employer(certificate.person_id)
        if employer is None:
            cure = Cure("查看聘用关系", url_name="employment:mine")
            yield Finding(
                "employment.none",
                "未登记聘用关系",
                "请由受聘企业发起聘用，您在手机端确认后即建立。",
                turn="受聘企业",
                cure=cure,
            )
        else:
            cure = Cure("办理执业企业变更", business="employer_change", query={"certificate": certificate.pk})
            detail = f"您现受聘于{employer.name}，证书仍在{certificate.enterprise_name}名下。请先办理执业企业变更。"
            yield Finding("employment.differs", "聘用单位与证书所在单位不一致", detail, turn="本人", cure=cure)


@condition("已登记聘用关系")
def employment_needed(case: Case, facts: Facts) -> Finding:
    """An active employment, wherever the certificate is."""
    employment = facts(holdings).works_for.employment.get(case.person_id or 0)
    if employment is None:
        cure = Cure("查看聘用关系", url_name="employment:mine")
        detail = "请由受聘企业在企业服务平台发起聘用，您在手机端确认后即建立。"
        return Finding("employment.none", "未登记聘用关系", detail, turn="受聘企业", cure=cure)
    since = chinese_date(employment.started_at.date())
    return satisfied("employment.none", "已登记聘用关系", f"{employment.enterprise.name}，{since}起")


@condition(
    "在有效期届满前 {extension_window_months} 个月内提出，届满日为节假日的顺延到下一个工作日；"
    "届满前申请、届满后办结变更的，在办结后 {extension_after_decision_days} 个工作日内提出"
)
def within_window(case: Case, facts: Facts) -> Iterator[Finding]:
    """Judged at filing: from three months before the end to the end, or the next working day after a holiday.

    A change that was filed in time held the certificate: from its decision on there are some more working days.
    """
    months = facts.parameters.integer("extension_window_months", case.on)
    for certificate in subject_certificates(case, facts):
        opens = months_before(certificate.ends_on, months)
        last = facts(holdings).last_day_to_extend(certificate)
        over = facts(holdings).overtime.get(certificate.pk)
        if over is not None and over.decided_on is not None:
            facts.parameters.row(AFTER_DECISION, over.decided_on)  # noted for the record of the decision
        span = f"{chinese_date(opens)}至{chinese_date(last)}"
        if case.on < opens:
            yield Finding("extension.too_early", "还没有到办理时间", f"可在{span}期间申请延续。", turn="本人")
        elif case.on > last:
            detail = f"应在{span}期间申请。已逾期的证书不能延续，需要重新参加考核。"
            yield Finding("extension.too_late", "已过办理时间", detail, turn="本人")
        else:
            yield satisfied("extension.too_early", "在办理时间内", span)


def training_facts(cases: Sequence[Case]) -> dict[int, list[TrainingRecord]]:
    """person → their training records; two queries."""
    people = dict(Person.objects.filter(pk__in={case.person_id for case in cases}).values_list("pk", "id_number_index"))
    records = records_of(set(people.values()))
    return {person_id: records.get(index, []) for person_id, index in people.items()}


def hours_in_term(certificate: Certificate, records: Sequence[TrainingRecord], *, term_years: int) -> float:
    """Hours since the present term began; an employer change does not restart the count."""
    starts = add_months(certificate.ends_on + timedelta(days=1), -12 * term_years)
    return float(
        sum(
            record.hours
            for record in records
            if record.ends_on >= starts and record.category in ("", certificate.category)
        )
    )


@condition("每个有效期（{term_years} 年）内参加继续教育不少于 {training_hours_per_term} 学时，由培训机构上传记录")
def enough_training_hours(case: Case, facts: Facts) -> Iterator[Finding]:
    needed = facts.parameters.integer("training_hours_per_term", case.on)
    years = facts.parameters.integer("term_years", case.on)
    records = facts(training_facts).get(case.person_id or 0, [])
    for certificate in subject_certificates(case, facts):
        hours = hours_in_term(certificate, records, term_years=years)
        if hours < needed:
            yield Finding(
                "training.missing",
                "继续教育学时不足",
                f"本有效期内需要 {needed} 学时，已记录 {hours:g} 学时。由培训机构上传合格记录后即可申请。",
                turn="培训机构",
                cure=Cure("查看继续教育记录", url_name="training:mine"),
            )
        else:
            yield satisfied("training.missing", "继续教育学时已满足", f"{hours:g} / {needed} 学时")


@condition("距上次变更单位已满 {employer_change_cool_down_months} 个月（原单位注销、吊销的不受限）")
def cool_down_over(case: Case, facts: Facts) -> Iterator[Finding]:
    """Six months after the last change, per certificate, the latest counts. A dissolved old enterprise exempts."""
    former = facts(enterprises).get(case.former_enterprise_id or 0)
    if former is not None and former.is_gone:
        yield satisfied("change.cool_down", "原单位已注销或吊销，不受变更间隔限制")
        return
    months = facts.parameters.integer("employer_change_cool_down_months", case.on)
    blocked = False
    for certificate in subject_certificates(case, facts):
        if certificate.last_change_on is None:
            continue
        free = add_months(certificate.last_change_on, months)
        if case.on < free <= certificate.ends_on:
            blocked = True
            yield Finding(
                "change.cool_down",
                f"距上次变更不满 {months} 个月",
                f"{certificate.number}上次变更于{chinese_date(certificate.last_change_on)}，{chinese_date(free)}起可再次申请。原单位注销、吊销的不受此限。",
                turn="本人",
            )
    if not blocked:
        yield satisfied("change.cool_down", f"距上次变更已满 {months} 个月")


@condition("已与新单位登记聘用关系")
def new_employer_differs(case: Case, facts: Facts) -> Iterator[Finding]:
    known = facts(holdings)
    employment = known.works_for.employment.get(case.person_id or 0)
    if employment is None:
        yield Finding(
            "employment.none",
            "未与新单位登记聘用关系",
            "请由新单位在企业服务平台发起聘用，您在手机端确认后即建立。",
            turn="新单位",
            cure=Cure("查看聘用关系", url_name="employment:mine"),
        )
        return
    same = [one for one in subject_certificates(case, facts) if one.enterprise_id == employment.enterprise_id]
    if same:
        yield Finding(
            "change.same_enterprise",
            "证书已在现聘用单位名下",
            f"{'、'.join(one.number for one in same)}的单位就是{employment.enterprise.name}，不需要变更。",
            cure=Cure("返回我的证书", url_name="certificates:mine"),
        )
    else:
        since = chinese_date(employment.started_at.date())
        yield satisfied("employment.none", "已与新单位登记聘用关系", f"{employment.enterprise.name}，{since}起")


@condition("证书所在单位在企业登记信息中（没有的请办理证书纠错）")
def old_enterprise_known(case: Case, facts: Facts) -> Finding | None:
    """The old enterprise that no registry knows cannot confirm: the manual's way is the correction of the enterprise."""
    unknown = [one for one in subject_certificates(case, facts) if one.enterprise_id is None]
    if not unknown:
        return None
    return Finding(
        "change.enterprise_unknown",
        "证书所在单位无法确认申请",
        f"登记信息中没有{unknown[0].enterprise_name}。请办理证书纠错，选择企业信息纠错并上传证明材料。",
        turn="本人",
        cure=Cure("办理证书纠错", business="correction", query={"certificate": unknown[0].pk}),
    )


@condition("办理后符合证书持有规则")
def holding_rules(case: Case, facts: Facts) -> Iterator[Finding]:
    """Refuses only what the decision newly causes; what was there before stays lawful and is shown by the status."""
    held = facts(holdings).concerned(case.person_id or 0)
    yield from holding_findings(case, facts, held, project(case, held))


def holding_findings(
    case: Case,
    facts: Facts,
    before: Sequence[Held],
    after: Sequence[Held],
    *,
    tolerated: Callable[[Violation, Sequence[Held]], bool] = lambda violation, held: False,
) -> list[Finding]:
    """What `after` breaks of this case's person that `before` did not. `tolerated`: what may be broken for a while."""
    known = facts(holdings)
    caused = [
        one
        for one in newly_caused(known.violations(before), known.violations(after))
        if _concerns(one.certificate_ids, case, known.certificates) and not tolerated(one, after)
    ]
    return [_broken(violation, known) for violation in caused] or [satisfied("holding", "符合证书持有规则")]


def _broken(violation: Violation, known: Holdings) -> Finding:
    numbers = "、".join(
        known.certificates[pk].number for pk in sorted(violation.certificate_ids) if pk in known.certificates
    )
    return Finding(
        f"holding.{violation.code}",
        SENTENCES[violation.code],
        f"涉及：{numbers}" if numbers else "",
        turn="本人",
        facts={"rule": violation.code},
    )


@condition("没有其他省份的有效证书（有的先申报，并办理进赣换证或在外省注销）")
def none_valid_elsewhere(case: Case, facts: Facts) -> Iterator[Finding]:
    """Rule X-1; a standing rule."""
    known = facts(holdings)
    others = known.elsewhere.get(case.person_id or 0, [])
    for other in others:
        yield valid_elsewhere(other)
        if other.declared_by_id is not None:
            yield may_have_ended(other)
    if not others:
        said = ended_in_words(known.all_elsewhere.get(case.person_id or 0, []))
        detail = said or "持有其他省份证书而没有登记的，请先在“我的证书 - 外省证书申报”中申报。"
        yield satisfied("holding.X-1", "没有登记或申报的外省有效证书", detail)


@condition("A证的职务与聘用登记的职务一致")
def post_is_registered(case: Case, facts: Facts) -> Finding | None:
    """The post chosen for an A certificate is one of the employment's."""
    post = case.payload.get("post")
    if not post:
        return None
    employment = facts(holdings).works_for.employment.get(case.person_id or 0)
    if employment is not None and post not in employment.posts:
        return Finding(
            "change.post_differs",
            f"聘用关系中没有登记“{Post(post).label}”",
            f"登记的职务是{employment.post_labels}。请选择一致的职务，或由新单位重新登记聘用关系。",
            turn="新单位",
        )
    return None


def project(case: Case, held: Sequence[Held]) -> list[Held]:
    """Holdings as they would be after the decision. A business that changes them says how in `project`."""
    changed = getattr(case.business, "project", None)
    return list(held) if changed is None else changed(case, held)


def moved(case: Case, held: Sequence[Held], posts: dict[str, str]) -> list[Held]:
    """The case's certificates at its enterprise; `posts`: certificate category → post there."""
    return [
        replace(one, enterprise_id=case.enterprise_id, post=posts.get(one.category, one.post))
        if one.certificate_id in case.subjects
        else one
        for one in held
    ]


def _concerns(certificate_ids: frozenset[int], case: Case, certificates: dict[int, Certificate]) -> bool:
    """Others must not be blamed on this case. A negative id is the certificate that it would add."""
    return any(
        pk < 0 or (pk in certificates and certificates[pk].person_id == case.person_id) for pk in certificate_ids
    )


def earliest_end(certificates: Sequence[Certificate]) -> date | None:
    return min((certificate.ends_on for certificate in certificates), default=None)


def advise_extension(case: Case, facts: Facts) -> Finding | None:
    """A change near the end does not extend: said beforehand."""
    ends = earliest_end(subject_certificates(case, facts))
    if ends is None or (ends - case.on).days > 92:
        return None
    return Finding(
        "certificate.ends_soon",
        "证书即将到期",
        f"有效期至{chinese_date(ends)}，变更不改变有效期，办结后请及时办理延续。",
        Level.ADVISORY,
        turn="本人",
    )


A_POSTS = ("01", "02", "03", "04", "05", "06")


def needs_a_post(certificates: Sequence[Certificate]) -> bool:
    return any(certificate.category == Category.A for certificate in certificates)

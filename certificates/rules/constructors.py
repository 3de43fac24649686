"""Checks rule B-1, second half: the holder of a B certificate is a registered constructor of the same enterprise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from certificates.enums import Category
from certificates.facts.holdings import Holdings, holdings
from certificates.models import Certificate
from common.findings import Finding, satisfied
from enterprises.models import Qualification
from workflow.checks import Case, Facts, condition
from workflow.facts import enterprises

CODE = "qualification.constructor"
WHERE = "请本人在住房和城乡建设部建造师注册系统办理注册或变更注册，数据更新后自动恢复。"


def constructor_problem(
    certificate: Certificate, facts: Holdings, enterprise_id: int | None, enterprise_name: str
) -> Finding | None:
    """`enterprise_id` is the certificate's own enterprise, or the one that it shall move to."""
    if certificate.category != Category.B:
        return None
    registered = facts.constructors.get(certificate.person.id_number_index, [])
    return registration_problem(registered, enterprise_id, enterprise_name)


def registration_problem(
    registered: Sequence[Qualification], enterprise_id: int | None, enterprise_name: str
) -> Finding | None:
    """It concerns a holder of B, or a person who is to become one, at this enterprise."""
    if any(one.enterprise_id == enterprise_id for one in registered):
        return None
    if not registered:
        return Finding(
            CODE,
            "没有有效的建造师注册",
            f"B证持证人应是{enterprise_name}的注册建造师。{WHERE}",
            turn="本人",
            facts={"rule": "B-1"},
        )
    places = "、".join(dict.fromkeys(one.enterprise.name if one.enterprise else "其他单位" for one in registered))
    return Finding(
        CODE,
        "建造师注册单位与证书单位不一致",
        f"建造师注册在{places}，B证持证人应是{enterprise_name}的注册建造师。{WHERE}",
        turn="本人",
        facts={"rule": "B-1"},
    )


@condition("B证持证人在同一企业有有效的建造师注册")
def constructor_registered(case: Case, facts: Facts) -> Iterator[Finding]:
    """The enterprise is `case.enterprise_id`, the present employer: the certificate is there, or moves there."""
    known = facts(holdings)
    enterprise = facts(enterprises).get(case.enterprise_id or 0)
    for pk in case.subjects:
        certificate = known.certificates.get(pk)
        if certificate is None or certificate.category != Category.B or enterprise is None:
            continue
        problem = constructor_problem(certificate, known, enterprise.pk, enterprise.name)
        yield problem or satisfied(CODE, "已有有效的建造师注册", enterprise.name)

"""Logs in by CA key (F05): signature, certificate, enterprise and key are checked, and all failed checks are told at
once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.timezone import localdate

from administration.audit.services import record_audit
from administration.models import AuditEntry
from administration.parameters.book import ParameterBook
from common.dates import chinese_date
from common.findings import Cure, Finding, Refused
from common.operation.logging import request_id
from common.text.names import normalise_name
from common.web.middleware import client_address
from enterprises.enums import OperatorRole
from enterprises.models import CaKey, Enterprise, FormerCode
from enterprises.register.codes import enterprise_by_code
from enterprises.register.old_codes import known_code

from . import challenge_services, key_services, tls_login
from .backend import CaKeyBackend
from .cakey import chain, cms
from .key_services import PresentedKey
from .proven_code import NotInRegister, may_be_asked

BROKEN_AT_MOST = 10
BROKEN_WITHIN = timedelta(minutes=15)
"""Signatures cannot be guessed: the limit only bounds the work that broken ones cause, so it counts by address. An
expired or unknown certificate is not counted, and correct signatures are not limited.
"""
_BROKEN = "cakey.broken"
OFFICES = Cure("查看主管部门的地址和电话", "accounts:registration_points")


class TooManyAttempts(Refused):
    pass


@dataclass(frozen=True)
class Admitted:
    """Holds a key with no finding against it, and the enterprise that it belongs to."""

    enterprise: Enterprise
    presented: PresentedKey


def admit_signature(request: HttpRequest, *, der: bytes, challenge: str, now: datetime) -> Admitted:
    """Answers the key that answered the challenge correctly. Raises Refused with every reason."""

    def prove() -> Proof:
        challenge_services.take(request, challenge, now=now)
        certificate, others = cms.verify(der, challenge.encode())
        return Proof(certificate, others)

    return _admit(request, prove, now)


def admit_certificate(request: HttpRequest, *, answer: str, now: datetime) -> Admitted:
    """Does the same for a certificate shown in TLS: the handshake proves that the key is there. Raises Refused."""

    def prove() -> Proof:
        shown, challenge = tls_login.read_answer(answer)
        challenge_services.take(request, challenge, now=now)
        return Proof(shown.certificate, [], is_approved=shown.is_approved)

    return _admit(request, prove, now)


def bind(
    request: HttpRequest,
    admitted: Admitted,
    *,
    now: datetime,
    operator_name: str = "",
    renews: int | None = None,
    role: OperatorRole = OperatorRole.CLERK,
) -> CaKey:
    """Answers the key that may log in now, and binds it at its first use. Raises Refused."""
    presented = admitted.presented
    try:
        key = key_services.bind_key(
            enterprise_id=admitted.enterprise.pk,
            presented=presented,
            now=now,
            operator_name=operator_name,
            renews=renews,
            role=role,
        )
        # The backend is called directly, because the lockout of passwords has nothing to count here.
        if CaKeyBackend().authenticate(request, ca_key=key) is None:
            raise Refused(Finding("key.not_usable", "这个操作员账号已停用", "请联系主管部门。", turn="主管部门"))
    except Refused as refused:
        record_refusal(request, refused, {"serial_number": presented.serial_number, "uscc": presented.uscc})
        raise
    return key


@dataclass(frozen=True)
class Proof:
    """Holds what a CA key has shown. `others` came with its certificate and are not trusted."""

    certificate: x509.Certificate
    others: list[x509.Certificate]
    is_approved: bool = True


def _admit(request: HttpRequest, prove: Callable[[], Proof], now: datetime) -> Admitted:
    address = client_address(request)
    if _is_flooding(address, now):
        raise TooManyAttempts(
            Finding(
                "signature.too_many",
                f"这个网络地址在15分钟内有{BROKEN_AT_MOST}次无效的签名",
                "请15分钟后再试。反复出现的，请联系 CA 机构检查签名工具。",
            )
        )
    seen: dict[str, object] = {}
    try:
        return _judge(prove(), now=now, seen=seen)
    except Refused as refused:
        record_refusal(request, refused, seen)
        raise


def _judge(proof: Proof, *, now: datetime, seen: dict[str, object]) -> Admitted:
    certificate = proof.certificate
    seen |= {"serial_number": f"{certificate.serial_number:x}", "fingerprint": _fingerprint(certificate)}
    uscc, uscc_findings = _uscc_of(certificate)
    seen["uscc"] = uscc
    enterprise, former = enterprise_by_code(uscc) if uscc else (None, None)
    findings = [
        *chain.check_certificate(certificate, others=proof.others, now=now),
        *uscc_findings,
        *_enterprise_findings(uscc, enterprise),
        *_former_code_findings(former, now),
        *key_services.findings_against(_fingerprint(certificate), enterprise),
    ]
    if not findings and not proof.is_approved:
        findings = [tls_login.REFUSED_BY_PROXY]
    if findings or enterprise is None:
        raise _refusal(findings, enterprise.uscc if enterprise is not None else uscc)
    return Admitted(enterprise, presented_key(certificate, uscc))


def _refusal(findings: list[Finding], code: str) -> Refused:
    if {finding.code for finding in findings} - {"enterprise.unknown", "enterprise.gone"}:
        return Refused(*findings)
    refused = NotInRegister(*findings)
    refused.code = code
    return refused


def _uscc_of(certificate: x509.Certificate) -> tuple[str, list[Finding]]:
    """CAs of the province write the code into serialNumber of the subject."""
    values = [str(attribute.value) for attribute in certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]
    for value in values:
        try:
            return known_code(value), []
        except ValidationError:
            continue
    return "", [
        Finding(
            "key.no_uscc",
            "CA 锁的证书中没有有效的统一社会信用代码",
            "个人证书、旧的组织机构代码证书不能登录企业服务平台，请向 CA 机构更换企业证书。",
            turn="企业",
        )
    ]


def _enterprise_findings(uscc: str, enterprise: Enterprise | None) -> list[Finding]:
    if not uscc:
        return []
    if enterprise is None:
        return [
            Finding(
                "enterprise.unknown",
                f"企业未登记：{uscc}",
                f"本系统没有这家企业的信息。{_ask_yourself('查到存续的登记后随即登记本企业，并可登录')}"
                "也可以带营业执照联系注册地住房城乡建设主管部门，由登记台账的工作人员在“工商登记查询”或“数据导入”中登记企业，登记后即可登录。",
                turn="企业和注册地主管部门",
                cure=OFFICES,
            )
        ]
    if enterprise.is_gone:
        return [
            Finding(
                "enterprise.gone",
                f"企业已{enterprise.get_status_display()}：{enterprise.name}",
                "已注销、吊销的企业不能再办理业务，其人员由新单位发起聘用。登记状态有误的，先请市场监督管理部门更正。"
                f"{_ask_yourself('工商登记更正为存续的，随即可以登录，系统每周也自动查询')}"
                "也可以带更正证明联系注册地住房城乡建设主管部门，由登记台账的工作人员在“工商登记查询”或“数据导入”中按更正后的状态登记；"
                "登记后即可登录，当时解除的聘用关系由登记人员核对后恢复。",
                turn="企业和注册地主管部门",
                cure=OFFICES,
            )
        ]
    return []


def _ask_yourself(then: str) -> str:
    return f"可以点下面的“查询工商登记”：{then}。" if may_be_asked() else ""


def _former_code_findings(former: FormerCode | None, now: datetime) -> list[Finding]:
    """A key with the former code goes on working for some days, so that the enterprise can have its key changed."""
    if former is None:
        return []
    days = ParameterBook.load().integer("former_code_key_days", localdate(now))
    until = localdate(former.used_to) + timedelta(days=days)
    if localdate(now) <= until:
        return []
    return [
        Finding(
            "key.former_code",
            f"这把 CA 锁上是曾用号码{former.code}，已于{chinese_date(until)}停止使用",
            f"企业的信用代码已变更为{former.enterprise.uscc}。请向 CA 机构换发写有新代码的证书，首次登录时选择接替旧锁，"
            "操作员和办理记录不变。信用代码没有变更过的，请联系注册地主管部门。",
            turn="企业",
            cure=Cure("查看主管部门的地址和电话", "accounts:registration_points"),
        )
    ]


def presented_key(certificate: x509.Certificate, uscc: str) -> PresentedKey:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return PresentedKey(
        uscc=uscc,
        certificate_name=normalise_name(str(names[0].value))[:100] if names else "",
        fingerprint=_fingerprint(certificate),
        serial_number=f"{certificate.serial_number:x}"[:64],
        issuer=certificate.issuer.rfc4514_string()[:300],
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
    )


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


# --- limits and records ---


def _is_flooding(address: str, now: datetime) -> bool:
    broken = AuditEntry.objects.filter(object_type=_BROKEN, object_id=address).order_by("-at", "-id")
    oldest = broken.values_list("at", flat=True)[BROKEN_AT_MOST - 1 : BROKEN_AT_MOST].first()
    return oldest is not None and oldest > now - BROKEN_WITHIN


def record_refusal(request: HttpRequest, refused: Refused, seen: dict[str, object] | None = None) -> None:
    seen = seen or {}
    address = client_address(request)
    codes = [finding.code for finding in refused.findings]
    is_broken = any(code.startswith("signature.") for code in codes)
    record_audit(
        action="login.refused",
        actor_id=None,
        actor_name="CA 锁",
        object_type=_BROKEN if is_broken else "enterprises.cakey",
        object_id=address if is_broken else str(seen.get("fingerprint", ""))[:60],
        detail={"method": "ca_key", "reasons": codes, **seen},
        request_id=request_id.get()[:40],
        address=address or None,
    )

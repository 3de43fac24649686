"""Verifies an uploaded e-certificate (F36); all that is shown comes from our own records, never from the file."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import public
from administration.throttle import Limit, seconds_to_wait
from certificates.ecert.verifying import Verdict, VerificationConfig, VerificationReport, verify_upload
from certificates.models import TransferProof
from common.limited.slots import Busy
from common.web.errors import too_many_requests
from common.web.middleware import client_address
from workflow.models import Letter

from .forms import VerifyForm
from .lookup import ProofState, VersionState, version_state
from .selectors import PrintedVersion, is_ours, letter_by_file, proof_by_file, version_by_file, version_by_identifier

UPLOADS = Limit("verify", 30)
STATUS = {
    Verdict.TOO_LARGE: 413,
    Verdict.NOT_PDF: 400,
    Verdict.UNAVAILABLE: 503,
    Verdict.BUSY: 503,
    Verdict.BUSY_OWN: 429,
}
"""A bad file is a normal answer; only these verdicts are errors."""
REPEATABLE = frozenset({Verdict.UNAVAILABLE, Verdict.BUSY, Verdict.BUSY_OWN})
REPEAT = "请过几秒再试一次，或者不上传文件：扫描证书上的二维码，或用证书编号和姓名查询，马上就有结果。"


@dataclass(frozen=True)
class Answer:
    headline: str
    tone: str
    sentence: str
    advice: str
    report: VerificationReport
    live: VersionState | None = None
    may_repeat: bool = False
    proof: TransferProof | None = None
    letter: Letter | None = None


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "certificates/public/verify.html", {"form": VerifyForm(), "answer": None})
    wait = seconds_to_wait(UPLOADS, client_address(request))
    if wait:
        return too_many_requests(request, wait)
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        too_large = form.has_error("file", "too_large")
        return render(
            request, "certificates/public/verify.html", {"form": form, "answer": None}, status=413 if too_large else 400
        )
    answer = _answer(form.cleaned_data["file"].read())
    context = {"form": VerifyForm(), "answer": answer}
    response = render(
        request, "certificates/public/verify.html", context, status=STATUS.get(answer.report.verdict, 200)
    )
    if answer.may_repeat:
        response["Retry-After"] = str(Busy.retry_after)
    return response


def _answer(pdf: bytes) -> Answer:
    report = verify_upload(pdf, VerificationConfig.from_settings(), known_sha256=is_ours)
    if not report.is_intact:
        return _not_intact(report)
    proof = proof_by_file(report.sha256)
    if proof is not None:
        state = ProofState(proof)
        headline = "真实有效" if state.is_good else f"真实，但{state.word}"
        return Answer(headline, state.tone, report.sentence, f"这是跨省调出证明。{state.sentence}", report, proof=proof)
    letter = letter_by_file(report.sha256)
    if letter is not None:
        advice = f"这是{letter.issuer_name}出具的{letter.get_kind_display()}。"
        return Answer("真实有效", "good", report.sentence, advice, report, letter=letter)
    version = _version_of(report)
    if version is None:
        return Answer(
            "登记中没有这张证书",
            "bad",
            "文件带有本机关的签名且没有被改动，但登记中找不到对应的证书。",
            "请不要作为凭证使用，并请持证人携带文件向发证机关核实。",
            report,
        )
    return _intact(report, version_state(version))


def _version_of(report: VerificationReport) -> PrintedVersion | None:
    """Finds the version by the file itself where it is byte for byte ours, else by the data that our signature covers."""
    if report.is_known:
        return version_by_file(report.sha256)
    identifier = report.data.get("identifier")
    return version_by_identifier(identifier) if isinstance(identifier, str) else None


def _intact(report: VerificationReport, live: VersionState) -> Answer:
    if live.is_good:
        return Answer("真实有效", "good", report.sentence, "证书现在可以正常使用。", report, live)
    if live.is_superseded:
        advice = f"文件是真的，但{live.superseded}，请持证人提供最新的电子证书。"
        return Answer("真实，但不是最新版本", "warn", report.sentence, advice, report, live)
    if live.is_withdrawn:
        advice = "文件是真的，但这一版本已被发证机关撤回，不能作为凭证使用。"
        return Answer("真实，但已被撤回", "bad", report.sentence, advice, report, live)
    advice = f"文件是真的，但证书现在的状态是“{live.state.word}”：{live.state.sentence}"
    return Answer(f"真实，但证书{live.state.word}", live.state.tone, report.sentence, advice, report, live)


def _not_intact(report: VerificationReport) -> Answer:
    if report.has_surplus:
        advice = "急用时可以扫描证书上的二维码，或用证书编号和姓名查询，看到的就是登记中的真实状态。"
        return Answer("文件多出了内容，不是原件", "warn", report.sentence, advice, report)
    headline, tone, advice = {
        Verdict.ALTERED: ("文件被改动过", "bad", "请不要采信文件上的任何内容，并用证书编号和姓名查询证书的真实状态。"),
        Verdict.FOREIGN_SIGNATURE: ("不是本机关签发的文件", "bad", "很可能是伪造的，请用证书编号和姓名查询核实。"),
        Verdict.UNSIGNED: ("没有电子签名", "bad", "也可以扫描证书上的二维码，或用证书编号和姓名查询。"),
        Verdict.UNREADABLE: ("文件无法读取", "warn", "重新下载后仍然无法读取的，请用证书编号和姓名查询。"),
        Verdict.TOO_LARGE: ("文件太大", "warn", ""),
        Verdict.NOT_PDF: ("不是 PDF 文件", "warn", ""),
        Verdict.UNAVAILABLE: ("暂时无法核验", "warn", ""),
        Verdict.BUSY: ("暂时没有核验", "warn", REPEAT),
        Verdict.BUSY_OWN: ("暂时没有核验", "warn", REPEAT),
    }[report.verdict]
    return Answer(headline, tone, report.sentence, advice, report, may_repeat=report.verdict in REPEATABLE)

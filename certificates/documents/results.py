"""Says what an approved application has brought about certificates: the signed document first, then what else it can be used for."""

from __future__ import annotations

from certificates.models import CertificateVersion, TransferProof
from common.dates import chinese_date
from common.findings import Cure
from workflow.models import Application
from workflow.selectors.outcomes import Result

SHOWN = 4


def certificates_of(application: Application) -> Result | None:
    """Takes one query. Several certificates that moved together are each named."""
    rows = CertificateVersion.objects.filter(application=application).select_related("certificate", "document")
    versions = list(rows.order_by("pk")[:SHOWN])
    if not versions or application.person_id is None:
        return None
    cures: list[Cure] = []
    for version in versions:
        number = f" {version.certificate.number}" if len(versions) > 1 else ""
        kwargs = {"pk": version.certificate_id}
        if version.is_signed:
            cures.append(Cure(f"下载电子证书（PDF）{number}", url_name="certificates:document", kwargs=kwargs))
            cures.append(Cure(f"保存为图片{number}", url_name="certificates:image", kwargs=kwargs))
        cures.append(Cure(f"查看证书{number}", url_name="certificates:detail", kwargs=kwargs))
    cures.append(Cure("到期日存入日历", url_name="own_calendar:file"))
    first = versions[0]
    term = f"有效期 {chinese_date(first.valid_from)} 至 {chinese_date(first.valid_to)}。"
    return Result(term if len(versions) == 1 else f"共 {len(versions)} 本证书换发。", tuple(cures))


def proofs_of(application: Application) -> Result | None:
    proof = TransferProof.objects.filter(event__application=application, undone_at__isnull=True).order_by("pk").first()
    if proof is None:
        return None
    kwargs = {"pk": proof.certificate_id}
    take = [Cure("下载调出证明", url_name="certificates:proof", kwargs=kwargs)] if proof.file else []
    return Result(
        f"调往{proof.destination}，凭调出证明到转入地办理转入。",
        (*take, Cure("查看证书", url_name="certificates:detail", kwargs=kwargs)),
    )

"""The admin site shows certificates, their versions and trail, and the imported old records, all read only."""

from __future__ import annotations

from django.contrib import admin

from common.text.masking import mask_id_number
from common.web.admin import ReadOnlyRegistry

from .models import (
    Certificate,
    CertificateEvent,
    CertificateTerm,
    CertificateVersion,
    DocumentOrder,
    LegacyCertificate,
    OutOfProvinceCertificate,
    TransferProof,
)


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyRegistry):
    list_display = (
        "number",
        "person",
        "category",
        "enterprise_name",
        "post",
        "ends_on",
        "legal_state",
        "display_status",
    )
    list_filter = ("category", "legal_state", "display_status", "origin")
    list_select_related = ("person",)
    search_fields = ("number__startswith", "person__name__has_part")
    search_help_text = "证书编号的开头，或姓名中的几个字"
    ordering = ("pk",)
    exclude = ("display_codes",)


@admin.register(CertificateTerm)
class CertificateTermAdmin(ReadOnlyRegistry):
    list_display = ("certificate", "starts_on", "ends_on", "reversed_at")
    list_select_related = ("certificate",)
    search_fields = ("certificate__number__startswith",)
    ordering = ("pk",)


@admin.register(CertificateVersion)
class CertificateVersionAdmin(ReadOnlyRegistry):
    list_display = ("certificate", "version", "name", "enterprise_name", "valid_from", "valid_to", "issued_on")
    list_select_related = ("certificate",)
    search_fields = ("certificate__number__startswith",)
    ordering = ("-pk",)
    # The token opens the QR page, and the place of the photo is secret.
    exclude = ("token", "photo")


@admin.register(CertificateEvent)
class CertificateEventAdmin(ReadOnlyRegistry):
    list_display = ("certificate", "at", "operation", "state_after", "summary", "document_number")
    list_filter = ("operation",)
    list_select_related = ("certificate",)
    search_fields = ("certificate__number__startswith", "document_number")
    ordering = ("-pk",)


@admin.register(DocumentOrder)
class DocumentOrderAdmin(ReadOnlyRegistry):
    """Shows the e-certificates that are still to be signed, with the error of the last attempt."""

    list_display = ("certificate", "ordered_at", "attempts", "tried_at", "last_error")
    list_filter = (("last_error", admin.EmptyFieldListFilter),)
    list_select_related = ("version__certificate",)

    @admin.display(description="证书")
    def certificate(self, order: DocumentOrder) -> str:
        return f"{order.version.certificate.number} 第 {order.version.version} 版"


@admin.register(LegacyCertificate)
class LegacyCertificateAdmin(ReadOnlyRegistry):
    list_display = (
        "number",
        "name",
        "masked_id_number",
        "category",
        "enterprise_name",
        "valid_to",
        "state",
        "quarantine_reason",
    )
    list_filter = ("state",)
    search_fields = ("number__startswith",)
    search_help_text = "证书编号的开头"
    exclude = ("id_number", "id_number_index", "fingerprint", "extra")
    readonly_fields = ("masked_id_number",)

    @admin.display(description="证件号码")
    def masked_id_number(self, row: LegacyCertificate) -> str:
        return mask_id_number(row.id_number or "")


@admin.register(OutOfProvinceCertificate)
class OutOfProvinceCertificateAdmin(ReadOnlyRegistry):
    list_display = ("number", "province", "category", "name", "enterprise_name", "valid_to", "source", "settled_at")
    list_filter = ("province", ("settled_at", admin.EmptyFieldListFilter), ("declared_by", admin.EmptyFieldListFilter))
    search_fields = ("number__startswith",)
    exclude = ("id_number_index", "scan", "scan_type")

    @admin.display(description="来源")
    def source(self, row: OutOfProvinceCertificate) -> str:
        return row.source


@admin.register(TransferProof)
class TransferProofAdmin(ReadOnlyRegistry):
    list_display = ("certificate", "destination", "new_enterprise", "issued_on", "undone_at", "last_error")
    list_select_related = ("certificate",)
    search_fields = ("certificate__number__startswith",)
    exclude = ("token", "file", "sha256", "signer")

"""Adds, changes and revokes machines and registers people through them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.access import audit
from accounts.lookups.services import asker_of_kiosk
from accounts.models import KioskDevice, KioskNonce, KioskRequest, Outcome, User
from accounts.people.selectors import REGISTERING
from accounts.registration import one_time_password_receipt, receipt_pdf
from accounts.registration.services import Registration, register_person
from administration.lookups.limits import TooManyLookups, ask
from administration.models import Office
from common.encryption import blind_index
from common.findings import Finding, Refused
from common.text.masking import mask_id_number, mask_name

from .fields import RegistrationInput
from .refusals import refusal
from .signing import key_id_of, make_key_pair

NONCES_KEPT_FOR = timedelta(days=1)
"""This is far beyond the clock window in which a request may be repeated at all."""
REQUESTS_KEPT_FOR = timedelta(days=180)


@transaction.atomic
def create_device(
    *, name: str, office: Office, public_key: str, valid_until: date, by: User | None
) -> tuple[KioskDevice, str | None]:
    """Without a public key a pair is made here; the second answer is its private half, which is shown once and not
    stored.
    """
    private_key = None
    if not public_key:
        private_key, public_key = make_key_pair()
    key_id = check_device(public_key)
    if office.kind not in REGISTERING:
        raise Refused(Finding("device.office", "这个部门不办理实名制登记，请选择登记点、县区或地市窗口。"))
    device = KioskDevice.objects.create(
        name=name, office=office, key_id=key_id, public_key=public_key, valid_until=valid_until, created_by=by
    )
    audit.record("create_kiosk", by=by, about=device, detail={"key_id": key_id, "office": office.pk})
    return device, private_key


def check_device(public_key: str) -> str:
    """Answers the key id that follows from the key; an empty key is one that is yet to be made."""
    if not public_key:
        return ""
    try:
        key_id = key_id_of(public_key)
    except ValueError as error:
        raise Refused(
            Finding("device.public_key", "公钥应为 Ed25519 公钥的 base64 编码（44 个字符）。", turn="系统管理员")
        ) from error
    # Unlocked: two at once meet at the unique index, and machines are registered by hand.
    if KioskDevice.objects.filter(key_id=key_id).exists():
        raise Refused(Finding("device.public_key_taken", "这把公钥已经登记给另一台设备。", turn="系统管理员"))
    return key_id


@transaction.atomic
def revoke_device(device: KioskDevice, *, by: User, now: datetime) -> None:
    """A revoked machine that comes back needs a new key."""
    if KioskDevice.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=now):
        audit.record("revoke_kiosk", by=by, about=device)


def register_at_kiosk(
    given: RegistrationInput, body: bytes, *, device: KioskDevice, now: datetime
) -> tuple[KioskRequest, bool]:
    """Answers the request, and whether it is a repetition. Raises ApiRefusal, which stores nothing, so that the
    corrected card may come under the same request id.
    """
    if given.office != device.office_id:
        audit.record("kiosk_refused", by=device, about=device, detail={"code": "device.wrong_office"})
        raise refusal("device.wrong_office", office=device.office.name)
    try:
        ask(asker_of_kiosk(device), now=now)
    except TooManyLookups as refused:
        raise refusal("request.too_many", *refused.findings, retry_after=refused.retry_after) from refused
    try:
        return _register_once(given, blind_index(body.hex(), "kiosk_body"), device=device, now=now)
    except Refused as refused:
        codes = [finding.code for finding in refused.findings]
        audit.record("kiosk_refused", by=device, about=device, detail={"code": "request.refused", "findings": codes})
        raise refusal("request.refused", *refused.findings) from refused


@transaction.atomic
def _register_once(
    given: RegistrationInput, body_index: str, *, device: KioskDevice, now: datetime
) -> tuple[KioskRequest, bool]:
    # ON CONFLICT waits for a repetition that is under way, and then finds its row. Taken before the person's lock.
    KioskRequest.objects.bulk_create(
        [KioskRequest(device=device, request_id=given.request_id, body_index=body_index, received_at=now)],
        ignore_conflicts=True,
    )
    row = (
        KioskRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "device__office")
        .get(device=device, request_id=given.request_id)
    )
    if row.outcome:
        if row.body_index != body_index:
            raise refusal("request.reused")
        return row, True
    registration = register_person(card=given.card, portrait=given.portrait, by=device, office=device.office, now=now)
    _answer(row, registration, now=now)
    return row, False


def _answer(row: KioskRequest, registration: Registration, *, now: datetime) -> None:
    row.outcome = _outcome(registration)
    row.findings = [finding.as_json() | {"cure": ""} for finding in registration.findings]
    row.person, row.held_card = registration.person, registration.held
    row.password, row.receipt_until = registration.password or "", now + one_time_password_receipt.KEPT_FOR
    row.save()


def _outcome(registration: Registration) -> Outcome:
    if registration.held is not None:
        return Outcome.HELD
    return Outcome.REGISTERED if registration.is_new else Outcome.UPDATED


def receipt_of(row: KioskRequest, *, now: datetime) -> bytes | None:
    """Answers the PDF, or None once it was printed or its time has passed."""
    if row.person is None or row.receipt_until is None or row.receipt_until <= now:
        return None
    held = row.held_card
    return receipt_pdf.render(
        receipt_pdf.Receipt(
            # Who stands there sees the name of their own card, and nothing of the registered person.
            name=held.name if held else row.person.name,
            id_number=mask_id_number(row.person.id_number),
            office=row.device.office.name,
            at=row.received_at,
            login_url=settings.PUBLIC_BASE_URL + reverse("accounts:login"),
            password=row.password or None,
            notes=_NOTES[Outcome(row.outcome)],
        )
    )


_NOTES = {
    Outcome.REGISTERED: (),
    Outcome.UPDATED: (receipt_pdf.UPDATED,),
    Outcome.HELD: (receipt_pdf.HELD,),
}


def shown_name(row: KioskRequest) -> str:
    if row.held_card is not None:
        return mask_name(row.held_card.name)
    return mask_name(row.person.name) if row.person else ""


@transaction.atomic
def confirm_printed(row: KioskRequest, *, now: datetime) -> None:
    """The paper is in the person's hand, so the password is deleted here."""
    KioskRequest.objects.filter(pk=row.pk, printed_at=None).update(printed_at=now, password="", receipt_until=None)
    row.refresh_from_db(fields=["printed_at", "password", "receipt_until"])


def forget_passwords(*, now: datetime) -> int:
    return KioskRequest.objects.filter(receipt_until__lte=now).update(password="", receipt_until=None)


def forget_requests(*, now: datetime) -> int:
    """Deletes nonces outside the clock window and requests that nobody repeats any more."""
    nonces, _ = KioskNonce.objects.filter(seen_at__lt=now - NONCES_KEPT_FOR).delete()
    requests, _ = KioskRequest.objects.filter(received_at__lt=now - REQUESTS_KEPT_FOR).delete()
    return nonces + requests

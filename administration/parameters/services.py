"""Sets and withdraws values of policy parameters."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from administration.audit.services import Author, record_audit
from administration.models import (
    Parameter,
)
from administration.parameters.declared import DECLARED
from common.database.constraints import refused_by_constraints
from common.dates import chinese_date
from common.findings import Finding, Refused


def set_parameter(
    *,
    key: str,
    value: object,
    effective_from: date,
    document_number: str,
    by: Author,
    note: str = "",
    now: datetime | None = None,
) -> Parameter:
    """Sets a value from a later day on. Raises `Refused` with every reason; what is in force is never changed."""
    value = _checked(key, value, effective_from, document_number, today=localdate(now))
    detail = "需要改为别的取值时，先撤回那一天的，再重新填写。"
    with refused_by_constraints("parameter.taken", detail, turn="修改人"):
        row = Parameter.objects.create(
            key=key,
            value=value,
            effective_from=effective_from,
            document_number=document_number.strip(),
            note=note.strip(),
        )
        _record_parameter("parameter.set", row, by)
    return row


def _checked(key: str, value: object, effective_from: date, document_number: str, *, today: date) -> int | str:
    """Answers the value as it is stored. Raises `Refused` with every reason."""
    declared = DECLARED.get(key)
    if declared is None:
        raise Refused(Finding("parameter.unknown", "没有这个参数"))
    cleaned: int | str = ""
    found = []
    try:
        cleaned = declared.clean(value)
    except ValidationError as error:
        found.append(Finding("parameter.value", f"{declared.title}的取值不对", " ".join(error.messages), turn="修改人"))
    if effective_from <= today:
        detail = "已经施行的取值不能更改，以前的决定按它作出。最早可以从明天起施行。"
        found.append(Finding("parameter.not_later", "施行日期应在今天之后", detail, turn="修改人"))
    if not document_number.strip():
        found.append(Finding("parameter.no_document", "没有填写文号", "参数只能依据文件修改。", turn="修改人"))
    if found:
        raise Refused(*found)
    return cleaned


@transaction.atomic
def withdraw_parameter(parameter_id: int, *, by: Author, now: datetime | None = None) -> None:
    """Withdraws a value that is not in force yet, by which nothing was decided. The audit keeps what it said."""
    row = Parameter.objects.select_for_update().filter(pk=parameter_id).first()
    if row is None:
        raise Refused(Finding("parameter.gone", "这个取值已经撤回", "不需要再次操作。"))
    if row.effective_from <= localdate(now):
        detail = f"该取值已于{chinese_date(row.effective_from)}施行。需要更改时，请填写以后施行的新取值。"
        raise Refused(Finding("parameter.in_force", "已经施行的取值不能撤回", detail, turn="修改人"))
    _record_parameter("parameter.withdrawn", row, by)
    row.delete()


def _record_parameter(action: str, row: Parameter, by: Author) -> None:
    record_audit(
        action=action,
        actor_id=by.user_id,
        actor_name=by.name,
        sphere=by.sphere,
        object_type="administration.parameter",
        object_id=row.pk,
        detail={
            "key": row.key,
            "value": row.value,
            "effective_from": row.effective_from.isoformat(),
            "document_number": row.document_number,
        },
        request_id=by.request_id,
        address=by.address,
    )

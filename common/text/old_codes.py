"""Reads the numbers of licences that have no valid unified social credit code: registry clerks see the paper itself."""

from __future__ import annotations

import re
from itertools import islice

from django.core.exceptions import ValidationError

from .look_alikes import odd_digits, told
from .uscc import even_code, is_uscc

IRREGULAR, REGISTRATION, ORGANISATION = "irregular", "registration", "organisation"
_FORMS = {
    IRREGULAR: re.compile("[0-9A-Z]{18}", re.ASCII),
    REGISTRATION: re.compile("[0-9]{15}", re.ASCII),
    ORGANISATION: re.compile("[0-9A-Z]{8}[0-9X]", re.ASCII),
}
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def normalise_old_code(text: str) -> tuple[str, str]:
    """Answers kind and code. Raises ValidationError with one sentence, also for a credit code that is valid."""
    code = even_code(text)
    if not code:
        raise ValidationError("请填写证照上的号码。", code="empty")
    if is_uscc(code):
        raise ValidationError("这是有效的统一社会信用代码，请在“数据导入”中按企业导入，不走本页。", code="valid")
    kind = next((kind for kind, form in _FORMS.items() if form.fullmatch(code)), "")
    if not kind:
        raise ValidationError(
            f"应为18位信用代码、15位注册号或9位组织机构代码，只含数字和大写字母，现为{len(code)}位{_odd(code)}。",
            code="form",
        )
    if kind == ORGANISATION and code[8] != organisation_check_character(code[:8]):
        raise ValidationError("组织机构代码有误：校验位不符，请对照代码证逐位核对。", code="check")
    return kind, code


def _odd(code: str) -> str:
    """Names signs that look like digits, in a registration number, which has digits only."""
    if len(code) != 15:
        return ""
    return "".join(f"，{told(*one)}" for one in islice(odd_digits(code), 3))


def organisation_check_character(first8: str) -> str:
    """GB 11714."""
    total = sum(weight * int(sign, 36) for weight, sign in zip(_WEIGHTS, first8, strict=True))
    return "0123456789X0"[11 - total % 11]

"""Recognises papers by which nobody is registered here by the form of their number, and says what to do instead."""

from __future__ import annotations

import re

from .uscc import is_uscc

_INSTEAD = "实名登记和证书只认居民身份证、港澳台居民居住证、外国人永久居留身份证"
_PERMIT = f"{_INSTEAD}：请先到居住地公安机关申领居住证，再凭居住证上的18位号码办理。"
_FOREIGN = f"{_INSTEAD}：有永久居留身份证的请填写其号码，没有的，暂不能办理实名登记。"
_KINDS = (
    (re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"), f"这像是港澳居民来往内地通行证（回乡证）的号码。{_PERMIT}"),
    (re.compile(r"[0-9]{8}|[0-9]{10}\(?[A-Z]\)?"), f"如果这是台湾居民来往大陆通行证（台胞证）的号码：{_PERMIT}"),
    (re.compile(r"[A-Z]{1,2}[0-9]{6}\(?[0-9A]\)?"), f"这像是香港身份证或护照的号码。{_PERMIT}"),
    (re.compile(r"[A-Z][12][0-9]{8}"), f"这像是台湾身份证的号码。{_PERMIT}"),
    (re.compile(r"[A-Z]{1,3}[0-9]{6,9}|[A-Z0-9]{9}"), f"这像是护照的号码。{_FOREIGN}"),
    (re.compile(r".*字第?.*"), f"这像是军人、警官证件的号码。{_INSTEAD}：请填写居民身份证号码。"),
    (
        re.compile(r"[0-9A-HJ-NPQRTUWXY]{17}[0-9A-HJ-NPQRTUWXY]"),
        "这像是企业的统一社会信用代码，请填写本人的身份证号码。",
    ),
)


def advice_on_another_paper(number: str) -> str:
    """Answers a blank for what looks like a mistyped ID number."""
    if len(number) == 18 and is_uscc(number):
        return "这是企业的统一社会信用代码，请填写本人的身份证号码。"
    if len(re.findall("[0-9]", number)) >= 15:
        return ""
    return next((advice for form, advice in _KINDS if form.fullmatch(number)), "")

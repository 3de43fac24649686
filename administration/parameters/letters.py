"""Declares which letters an office writes when it accepts an application and when it grants it, for each licence.

The keys end with the kinds of application, which are declared to the right of this app.
"""

from __future__ import annotations

from .declaration import Declared

NONE, ACCEPTED, GRANTED, BOTH = "none", "accepted", "granted", "both"
GRANT_ONLY = ((NONE, "不制作"), (GRANTED, "准予时制作准予行政许可决定书"))
EITHER = (
    (NONE, "不制作"),
    (ACCEPTED, "受理时制作受理通知书"),
    (GRANTED, "准予时制作准予行政许可决定书"),
    (BOTH, "受理、准予时都制作"),
)
LAW = "《中华人民共和国行政许可法》第三十二条"
NOTE = "对生效日起作出的决定适用。证书本身就是准予的凭证，需要另发决定书的再选。"
AT_ONCE = "这项业务受理与决定同时作出，没有受理通知书。证书本身就是准予的凭证，需要另发决定书的再选。"


def key_of(kind: str) -> str:
    return f"letters_{kind}"


def _either(kind: str, title: str, seed: str) -> Declared:
    source = LAW if seed == ACCEPTED else ""
    return Declared(key_of(kind), f"{title}的受理、准予文书", "", seed, choices=EITHER, note=NOTE, source=source)


def _grant_only(kind: str, title: str) -> Declared:
    return Declared(key_of(kind), f"{title}的准予文书", "", NONE, choices=GRANT_ONLY, note=AT_ONCE)


LETTERS = (
    _either("extension", "证书延续", ACCEPTED),
    _either("employer_change", "执业企业变更", ACCEPTED),
    _either("post_change", "职务变更", ACCEPTED),
    _either("enterprise_rename", "企业名称变更", ACCEPTED),
    _either("c3_merge", "合并为C3证", ACCEPTED),
    _either("additional_a", "A证增发", ACCEPTED),
    _either("transfer_in", "进赣换证", ACCEPTED),
    _either("late_entry", "录入证书", NONE),
    _either("correction", "证书纠错", NONE),
    _grant_only("first_issue", "首次发证"),
    _grant_only("transfer_out", "跨省调出"),
    _grant_only("cancellation", "证书注销"),
)

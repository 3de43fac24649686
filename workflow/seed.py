"""Makes the reasons that every installation starts with; afterwards they are the province's.

It runs after every `migrate`, and does nothing once there has ever been a reason.
"""

from __future__ import annotations

from datetime import UTC, datetime

from .models import DecisionReason

ADDED_AT = datetime(2026, 11, 29, tzinfo=UTC)
"""Every installation has the same first reasons."""

INCOMPLETE = "《中华人民共和国行政许可法》第三十二条"
TRUTH = "《中华人民共和国行政许可法》第三十一条"
FALSE = "《中华人民共和国行政许可法》第七十八条"
FIRST_REASONS = [
    ("", "return", "上传的材料不清晰或者不完整，请重新上传清晰、完整的扫描件", INCOMPLETE),
    ("", "return", "填写的内容与所附材料不一致，请核对后更正", TRUTH),
    ("", "return", "证件照不符合要求，请重新上传近期正面免冠证件照", INCOMPLETE),
    ("", "return", "联系电话无法接通，请更正联系电话", ""),
    ("extension", "return", "继续教育学时的记录与培训情况不符，请与培训机构核对后再提交", TRUTH),
    ("employer_change", "return", "没有看到与原单位解除聘用关系的材料，请补充", INCOMPLETE),
    ("correction", "return", "所附材料不能证明要更正的内容，请补充身份证、原证书等证明", INCOMPLETE),
    ("", "reject", "隐瞒有关情况或者提供虚假材料，已经核实", FALSE),
    ("", "reject", "经核实，申请人不符合办理这项业务的条件", ""),
]


def seed(**_: object) -> None:
    if DecisionReason.objects.exists():
        return
    DecisionReason.objects.bulk_create(
        DecisionReason(kind=kind, action=action, words=words, basis=basis, added_at=ADDED_AT)
        for kind, action, words, basis in FIRST_REASONS
    )

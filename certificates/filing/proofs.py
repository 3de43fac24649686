"""Names what proves each fact that a kind of application may change on certificates."""

from __future__ import annotations

from workflow.steps import Proof

APPLICATION = Proof("本人申请")
DECISION = Proof("办理决定")
EMPLOYMENT = Proof("聘用登记")
OLD_SCAN = Proof("证书扫描件", attachment="certificate")
PARTS = Proof("原C1证、C2证")
REGISTRY = Proof("工商登记信息")
RESULT = Proof("考试成绩")
TRAINING = Proof("继续教育记录")

ENDED = {"state": APPLICATION}
EXTENDED = {"valid_from": TRAINING, "valid_to": TRAINING}
MOVED = {"enterprise_name": EMPLOYMENT, "post": EMPLOYMENT, "valid_from": DECISION}
REPOSTED = {"post": EMPLOYMENT, "valid_from": DECISION}
CORRECTED = {
    "enterprise_name": Proof("企业信息纠错的证明材料", attachment="evidence"),
    "number": OLD_SCAN,
    "category": OLD_SCAN,
    "post": OLD_SCAN,
    "first_issued_on": OLD_SCAN,
    "valid_from": OLD_SCAN,
    "valid_to": OLD_SCAN,
}
NEW = {
    "number": DECISION,
    "post": EMPLOYMENT,
    "first_issued_on": DECISION,
    "valid_from": DECISION,
    "valid_to": DECISION,
    "state": DECISION,
}
PASSED = NEW | {"state": RESULT, "enterprise_name": EMPLOYMENT}
ADDED = NEW | {"post": REGISTRY, "valid_to": Proof("所依附的A证")}
MERGED = NEW | {"post": PARTS, "first_issued_on": PARTS, "valid_to": PARTS}
ON_PAPER = NEW | dict.fromkeys(
    ("number", "enterprise_name", "post", "first_issued_on", "valid_from", "valid_to"), OLD_SCAN
)
EXCHANGED = ON_PAPER | {
    "number": DECISION,
    "enterprise_name": EMPLOYMENT,
    "valid_from": DECISION,
    "state": Proof("调出证明", attachment="proof"),
}

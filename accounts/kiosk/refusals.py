"""Lists the refusals of machines' requests: a status, a code for the program and a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import JsonResponse

from common.findings import Finding
from common.web.errors import api_refusal


@dataclass
class ApiRefusal(Exception):
    status: int
    code: str
    message: str
    findings: tuple[Finding, ...] = ()
    more: dict[str, object] = field(default_factory=dict)

    def answer(self) -> JsonResponse:
        answer = api_refusal(self.status, self.code, self.message, self.findings, **self.more)
        if "retry_after" in self.more:
            answer["Retry-After"] = str(self.more["retry_after"])
        return answer


CODES = {
    "signature.missing": (401, "请求没有签名，或签名的请求头不完整。"),
    "signature.malformed": (401, "签名请求头的格式不对。"),
    "signature.wrong": (401, "签名不正确：请求内容或私钥与登记的公钥不符。"),
    "signature.clock": (401, "设备时间与服务器相差超过 5 分钟，请校准设备时间后重试。"),
    "signature.replayed": (409, "这个请求已经收到过。请用新的随机数和时间重新签名。"),
    "device.unknown": (401, "没有登记过这台设备，请联系省厅系统管理员。"),
    "device.revoked": (403, "这台设备已停用，请联系省厅系统管理员。"),
    "device.expired": (403, "这台设备的密钥已过有效期，请联系省厅系统管理员更换。"),
    "device.office_closed": (403, "这台设备所在的登记点已停止办理。"),
    "device.wrong_office": (403, "请求中的登记点不是这台设备登记的登记点。"),
    "request.not_json": (415, "请求内容应为 application/json。"),
    "request.malformed": (400, "请求内容不是完整的 JSON，请检查后重新发送。"),
    "request.fields": (400, "请求内容有误，请按列出的各项修改后重新发送。"),
    "request.refused": (422, "没有登记：请按列出的各项处理后重新登记。"),
    "request.reused": (409, "这个请求编号已用于另一份内容，请换一个新的请求编号。"),
    "request.unknown": (404, "没有这个请求编号的登记记录。"),
    "request.method": (405, "这个地址不接受这种请求方法。"),
    "request.address": (404, "没有这个接口地址。"),
    "request.too_large": (413, "请求太大：最多 6 MB。请降低人像的分辨率。"),
    "request.too_many": (429, "请求太频繁，请稍后再试。"),
    "receipt.gone": (410, "回执已打印或已超过 10 分钟，一次性密码已删除。没有拿到的，请到窗口重置密码。"),
}


def refusal(code: str, *findings: Finding, **more: object) -> ApiRefusal:
    status, message = CODES[code]
    return ApiRefusal(status, code, message, findings, more)

"""Says why the check-in page of a room does not open, or takes nothing any more."""

from common.findings import Finding

ASK = "请联系考试机构。"
REVOKED = Finding(
    "check_in.revoked", "这个签到链接已经停用", f"考试机构换了新的链接，或者停用了这一个。{ASK}", turn="考试机构"
)
UNKNOWN = Finding("check_in.unknown", "没有这个签到链接", f"请重新扫描考场的签到二维码。{ASK}", turn="考试机构")
TOO_EARLY = Finding("check_in.too_early", "签到还没有开始", "开考前 3 小时起可以打开本考场的名单。")
ENDED = Finding("check_in.ended", "这场考试的签到已经结束", f"名单不再显示。还有没登记的签到，{ASK}", turn="考试机构")

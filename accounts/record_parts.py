"""Declares what accounts and administration keep by person: how it follows when two records are merged, what ends with a
death.
"""

from __future__ import annotations

from accounts.deaths.logins import close_logins, name_logins, open_logins
from accounts.deaths.steps import DEATH_STEPS, DeathStep
from accounts.merging.parts import declare_part

EVIDENCE = "核验记录是当时那份登记的凭据，留在原登记上，合并后仍可追查。"
THEN = "记录当时对哪份登记办理，留在原登记上。"
SHORT_LIVED = "只在核验的片刻有用，过后删除。"

declare_part("administration.Message.mailbox", "消息", order=80)
declare_part("administration.Feedback.mailbox", "意见反馈", order=80)
declare_part(
    "administration.Contact.mailbox",
    "已验证的联系方式",
    order=80,
    stays="手机号码、邮箱按登录账号验证，合并后由本人用保留的账号验证。",
)
declare_part("accounts.FormerIdNumber.person", "曾用身份证号码", order=80)
declare_part("accounts.HeldCard.person", "待核实的身份证", order=80, stays=THEN)
declare_part("accounts.Person.merged_into", "先前并入的登记", order=80, stays="先前并入的登记，按原来的合并追查。")
declare_part("accounts.RegisterCorrection.person", "人员登记更正", order=80, stays=THEN)
declare_part("accounts.RegisterCorrection.other", "并入过的更正", order=80, stays=THEN)
declare_part("accounts.KioskRequest.person", "一体机登记请求", order=80, stays=THEN)
declare_part("accounts.PhotoCheck.person", "证件照检查记录", order=80, stays=EVIDENCE)
declare_part(
    "accounts.FaceConsent.person",
    "人脸识别同意书",
    order=80,
    stays="同意书只对签署它的账号有效，本人用保留的账号另行同意。",
)
declare_part("accounts.FaceCheck.person", "人脸核验记录", order=80, stays=EVIDENCE)
declare_part("accounts.FaceReview.person", "人脸核对", order=80, stays=EVIDENCE)
declare_part("accounts.CounterCode.person", "窗口核验码", order=80, stays=EVIDENCE)
declare_part("accounts.FaceChallenge.person", "人脸识别口令", order=80, stays=SHORT_LIVED)
declare_part("accounts.FaceSigns.person", "人脸画面特征", order=80, stays=SHORT_LIVED)
declare_part(
    "accounts.User.identity_index", "工作账号", order=80, stays="工作账号的身份号码随合并改为保留的号码，撤销时恢复。"
)
DEATH_STEPS.register("logins", DeathStep(name_logins, close_logins, open_logins), order=90)

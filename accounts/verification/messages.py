"""Words what a person reads about a verification that did not succeed: one sentence for each cause, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.enums import FaceResult
from common.findings import Cure, Finding

from .verdicts import PORTRAIT_UNUSABLE, Step

STEP_WORDS = {Step.FRONT: "请正对镜头", Step.TURN_LEFT: "请向您的左边转头", Step.TURN_RIGHT: "请向您的右边转头"}
_DONE_WORDS = {Step.FRONT: "正对镜头", Step.TURN_LEFT: "向左转头", Step.TURN_RIGHT: "向右转头"}

POINTS = Cure("查看登记地点", "accounts:registration_points")

_OTHERWISE = "也可以用密码登录，或携带身份证到登记点办理。"

_GENERAL = {
    "unreadable": ("有画面不是可以识别的图片", "请使用手机自带的浏览器，允许网页使用摄像头后重试。"),
    "duplicate_frame": ("收到了重复的画面", "请对着摄像头现场完成动作，不要使用照片或录像。"),
    "oversize": ("画面文件太大", "请使用手机自带的浏览器重试，或改用拍照上传。"),
    "missing": ("没有收到全部动作的画面", "网络可能中断过，请重新开始。"),
    "late": ("超过时间没有完成", "开始后请在 60 秒内完成全部动作。请重新开始。"),
    "used": ("这次识别已经提交过或已失效", "请重新开始。"),
    "not_live": ("没有确认是本人在现场操作", "请对着摄像头现场完成动作，不要使用照片或录像。"),
    "few_frames": (
        "每个动作收到的清楚画面太少",
        "请使用手机自带的浏览器，保持面部在取景框中，做完全部动作。" + _OTHERWISE,
    ),
    "computed_frame": ("转头的画面像是由另一张画面加工成的", "请对着摄像头现场慢慢转头，不要使用照片。" + _OTHERWISE),
    "mirrored_frame": ("左转与右转的画面互为镜像", "请对着摄像头现场分别向左、向右慢慢转头。" + _OTHERWISE),
    "flat_face": ("转头时面部像一张平面的照片", "请在光线均匀的地方现场慢慢转头，转到能看清侧脸。" + _OTHERWISE),
    "frozen": ("画面像静止的照片", "请手持手机，对着摄像头现场完成动作。" + _OTHERWISE),
    "noisy": ("画面噪点太多，无法判断", "请到光线充足的地方，擦净镜头后重试。" + _OTHERWISE),
    "scene_changed": (
        "几个动作不像在同一个地方拍摄",
        "请在一处站定，背后不要有走动的人或车，一次做完全部动作。" + _OTHERWISE,
    ),
    "kept_picture": (
        "画面与本平台已有的照片是同一张",
        "请对着摄像头现场拍摄，不要使用登记照片、证件照或证书上的照片。" + _OTHERWISE,
    ),
    "replayed": ("画面与以前提交过的相同", "请换个位置，对着摄像头重新完成动作。" + _OTHERWISE),
    "light_contrary": (
        "面部的反光与屏幕颜色的变化不一致",
        "请避开变色的灯光和其他屏幕，手机离面部约 30 厘米，重新开始。" + _OTHERWISE,
    ),
    "light_unclear": (
        "没有看清屏幕颜色在面部的反光",
        "请到光线较暗的室内，调亮屏幕，手机离面部约 30 厘米，重新开始。" + _OTHERWISE,
    ),
    PORTRAIT_UNUSABLE: (
        "登记的人像不够清楚，无法比对",
        "请携带身份证到登记点重新采集人像；急用的，可在窗口当面核验并领取核验码。",
    ),
}
_BY_STEP = {
    "no_face": ("“{step}”时没有看到面部", "请把面部放在取景框中间，光线从前面照来，取下口罩和墨镜。"),
    "many_faces": ("“{step}”时画面里有其他人", "请让旁边的人离开镜头，一个人完成。"),
    "not_frontal": ("“{step}”时没有正对镜头", "请把手机举到与眼睛同高，看着镜头。"),
    "not_turned": ("没有看到“{step}”的动作", "请慢慢转头，转到能看清侧脸，再听从下一步提示。"),
    "other_person": ("“{step}”时不像同一个人", "请由本人独自完成全部动作。"),
}


def findings_of(problems: Iterable[str]) -> list[Finding]:
    """Codes that a provider made up are summed up in one sentence."""
    found = [_finding(code) for code in problems]
    return list({finding.message: finding for finding in found}.values())


def _finding(code: str) -> Finding:
    step, _, what = code.partition(":")
    if code in _GENERAL:
        message, detail = _GENERAL[code]
    elif what in _BY_STEP and step in _DONE_WORDS:
        message, detail = (text.format(step=_DONE_WORDS[Step(step)]) for text in _BY_STEP[what])
    else:
        message, detail = _GENERAL["not_live"]
    cure = POINTS if code == PORTRAIT_UNUSABLE else None
    return Finding(f"face.{code}", message, detail, turn="本人", cure=cure)


NOT_THE_SAME = Finding(
    "face.rejected",
    "面部与登记的人像不符",
    "请在光线充足的地方由本人重试；近年容貌变化较大的，请到登记点重新采集人像。",
    turn="本人",
    cure=POINTS,
)
LOGIN_FAILED = Finding(
    "face.login_failed",
    "没有通过：身份证号码或面部与登记的不符",
    "请核对号码，在光线充足的地方由本人重试；也可以用密码登录。没有实名登记、登记人像不清楚或撤回过人脸识别同意的，不能用人脸登录。",
    turn="本人",
    cure=POINTS,
)
LOGIN_CLOSED = Finding(
    "face.login_closed",
    "这个号码在这里的人脸识别次数今天已用完",
    "请用密码登录，换一台您登录过的手机或电脑，或过一天再试。忘记密码的，请本人携带身份证到登记点重置。",
    turn="本人",
    cure=POINTS,
)
FACE_TWICE = Finding(
    "face.twice",
    "您是用人脸登录的，不能再用人脸作第二次验证",
    "请用通行密钥、动态口令或窗口核验码验证；或者退出后用密码登录，再用人脸识别验证。",
    turn="本人",
    cure=POINTS,
)


def login_delayed(seconds: int) -> Finding:
    minutes = -(-seconds // 60)
    return Finding(
        "face.login_delayed",
        f"这个号码的人脸识别试得太频繁，请{minutes}分钟后再试",
        "可能有别人在试您的号码。您登录过的手机和电脑不受影响，也可以用密码登录，或本人携带身份证到登记点办理。",
        turn="本人",
        cure=POINTS,
    )


UNAVAILABLE = Finding(
    "face.unavailable",
    "人脸核验服务暂时无法使用",
    "这次不计入失败次数。请稍后再试，或改用其他方式核验。",
    turn="本人",
)
NO_TRIES_LEFT = Finding(
    "face.no_tries_left",
    "今天的人脸识别次数已用完",
    "请携带身份证到就近的登记点，由窗口人员当面核验并出具核验码；也可以明天再试。",
    turn="本人",
    cure=POINTS,
)
NO_PORTRAIT = Finding(
    "face.no_portrait",
    "没有登记人像，不能使用人脸识别",
    "请携带身份证到就近的登记点采集人像，或当面核验领取核验码。",
    turn="本人",
    cure=POINTS,
)
TOTP_UNPROVEN = Finding(
    "verify.totp_unproven",
    "这个动态口令还不能用来验证身份",
    "它是在没有验证身份时添加的。请先用人脸识别或窗口核验码验证一次，随后 10 分钟内在“账号安全”页更换动态口令，以后就可以使用。",
    turn="本人",
    cure=Cure("账号安全", "accounts:person_security"),
)
NO_CONSENT = Finding(
    "face.no_consent", "您还没有同意使用人脸识别", "请先阅读说明并同意，或改用其他方式核验。", turn="本人"
)
REVIEW_WAITS = Finding(
    "face.review_waits", "上一次的照片正在等工作人员核对", "核对后会给您发消息，不用重复提交。", turn="窗口"
)
BUSY = Finding("face.busy", "同一账号正在进行另一次人脸识别", "请在一处完成后再试。", turn="本人")


def findings_for(result: FaceResult, problems: Iterable[str]) -> list[Finding]:
    """Answers why a check was not accepted; it is empty if it was, or if a clerk has it now."""
    if result == FaceResult.UNAVAILABLE:
        return [UNAVAILABLE]
    if result == FaceResult.REJECTED:
        return [NOT_THE_SAME]
    if result == FaceResult.REPEAT:
        return findings_of(problems) or [NOT_THE_SAME]
    return []

"""Lists the spheres, duties and kinds that describe people, logins and verifications."""

from django.db.models import TextChoices


class Sphere(TextChoices):
    """One column holds it, so that a login has one role only (三员分立)."""

    PERSON = "person", "个人"
    OPERATOR = "operator", "企业操作员"
    STAFF = "staff", "工作人员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


class Duty(TextChoices):
    REGISTER = "register", "实名制登记"
    COUNTER = "counter", "原件核验"
    REVIEW = "review", "地市审核"
    DECIDE = "decide", "省厅审核"
    REGISTRY = "registry", "登记台账"
    TRAINING = "training", "继续教育记录"
    ORGANISE = "organise", "考务"
    HEAD = "head", "科室负责人"


class Sex(TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class Education(TextChoices):
    """The order ascends: the sign-up for exams asks for at least one of them."""

    JUNIOR_MIDDLE = "junior_middle", "初中及以下"
    SENIOR_MIDDLE = "senior_middle", "高中"
    SECONDARY_VOCATIONAL = "secondary_vocational", "中专、中技"
    JUNIOR_COLLEGE = "junior_college", "大专"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "硕士研究生"
    DOCTOR = "doctor", "博士研究生"


class ProfessionalTitle(TextChoices):
    """The levels of engineering titles ascend; an empty value means none."""

    JUNIOR = "junior", "初级（技术员、助理工程师）"
    INTERMEDIATE = "intermediate", "中级（工程师）"
    SENIOR = "senior", "副高级（高级工程师）"
    PRINCIPAL = "principal", "正高级（正高级工程师）"


class SessionEnd(TextChoices):
    """The labels tell whoever comes back why the session has ended."""

    LOGOUT = "logout", "您已退出登录"
    IDLE = "idle", "长时间没有操作，已自动退出"
    TOO_LONG = "too_long", "登录时间已满，请重新登录"
    ELSEWHERE = "elsewhere", "您的账号刚在另一处登录，这里已退出。不是您本人操作的，请立即修改密码，并告知安全管理员"
    EVERYWHERE = "everywhere", "您已在所有设备上退出登录"
    PASSWORD = "password", "密码已修改，请用新密码登录"
    RESET = "reset", "账号的密码或动态口令已重置，请重新登录"
    DISABLED = "disabled", "账号已停用"
    NUMBER = "number", "登录用的身份证号码已更正，请用新号码登录，密码不变"
    MERGED = "merged", "您的两份人员登记已合并，请用保留的身份证号码登录"


class CorrectionKind(TextChoices):
    NUMBER = "number", "身份证号码更正"
    MERGE = "merge", "合并人员登记"
    UNMERGE = "unmerge", "撤销合并"
    DEATH = "death", "死亡登记"
    DEATH_UNDO = "death_undo", "撤销死亡登记"


class CorrectionOutcome(TextChoices):
    DONE = "done", "已办理"
    REFUSED = "refused", "不予办理"
    WITHDRAWN = "withdrawn", "已撤回"


class ResetWay(TextChoices):
    FACE = "face", "人脸识别"
    COUNTER = "counter", "登记点窗口"


class FacePurpose(TextChoices):
    VERIFY = "verify", "办理前核验"
    LOGIN = "login", "登录"
    RESET = "reset", "重设密码"


class FaceCapture(TextChoices):
    CAMERA = "camera", "摄像头动作"
    PHOTO = "photo", "拍照上传"
    """No movements were asked for, so the assurance is lower and a clerk decides."""
    PROVIDER = "provider", "核验服务页面"


class FaceResult(TextChoices):
    ACCEPTED = "accepted", "通过"
    REVIEW = "review", "转人工核对"
    REJECTED = "rejected", "不是同一人"
    REPEAT = "repeat", "画面不合要求"
    UNAVAILABLE = "unavailable", "核验服务无法使用"


class ReviewState(TextChoices):
    WAITING = "waiting", "待核对"
    APPROVED = "approved", "通过"
    REFUSED = "refused", "未通过"
    LAPSED = "lapsed", "逾期未核对"

"""Lists the values that fields of enterprises and their people take."""

from django.db.models import TextChoices


class CodeKind(TextChoices):
    """Tells what number stands in the place of the credit code."""

    USCC = "uscc", "统一社会信用代码"
    IRREGULAR = "irregular", "不合校验规则的信用代码"
    REGISTRATION = "registration", "15位注册号"
    ORGANISATION = "organisation", "9位组织机构代码"


class EnterpriseStatus(TextChoices):
    EXISTING = "existing", "存续"
    DISSOLVED = "dissolved", "注销"
    REVOKED = "revoked", "吊销"


class RegistryOutcome(TextChoices):
    """Tells what the business registry has answered about a code, whether anything followed or not."""

    FOUND = "found", "有登记"
    UNKNOWN = "unknown", "查不到"
    ANOTHER = "another", "返回另一个号码"
    UNCLEAR = "unclear", "答复无法识别"
    SILENT = "silent", "没有应答"


class EnterpriseGrade(TextChoices):
    """Names what the construction qualifications (资质) of an enterprise are, as far as the number of its safety officers
    depends on it.
    """

    GENERAL_SPECIAL = "general_special", "施工总承包特级"
    GENERAL_FIRST = "general_first", "施工总承包一级"
    GENERAL_SECOND = "general_second", "施工总承包二级及以下"
    PROFESSIONAL_FIRST = "professional_first", "专业承包一级"
    PROFESSIONAL_SECOND = "professional_second", "专业承包二级及以下"
    LABOUR = "labour", "劳务分包（施工劳务）"
    BRANCH = "branch", "分公司、区域公司等分支机构"


class OperatorRole(TextChoices):
    """Tells what an operator may do for the enterprise without anybody's delegation."""

    MANAGER = "manager", "管理员"
    CLERK = "clerk", "经办人"
    READER = "reader", "查阅人"


class Post(TextChoices):
    """The codes are those of posts in the national certificate data standard."""

    LEGAL_REPRESENTATIVE = "01", "法定代表人"
    GENERAL_MANAGER = "02", "总经理（总裁）"
    SAFETY_DEPUTY = "03", "分管安全副总经理"
    PRODUCTION_DEPUTY = "04", "分管生产副总经理"
    TECHNICAL_LEAD = "05", "技术负责人"
    SAFETY_DIRECTOR = "06", "安全总监"
    PROJECT_MANAGER = "07", "项目负责人"
    SAFETY_OFFICER = "08", "专职安全生产管理人员"
    OTHER = "99", "其他"


class QualificationKind(TextChoices):
    CONSTRUCTOR = "constructor", "注册建造师"
    SITE_STAFF = "site_staff", "施工现场专业人员"
    OTHER = "other", "其他"

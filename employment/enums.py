"""Lists the reasons for which an employment ended."""

from django.db.models import TextChoices


class EndReason(TextChoices):
    BY_ENTERPRISE = "by_enterprise", "企业解除"
    BY_PERSON = "by_person", "本人申请解除"
    BY_OFFICE = "by_office", "主管部门解除"
    CONTRACT_EXPIRED = "contract_expired", "合同到期"
    ENTERPRISE_GONE = "enterprise_gone", "企业注销或吊销"
    DEATH = "death", "本人死亡"

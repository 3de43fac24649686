"""Sample data for every component, as the pages of the apps hand it over."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms

from certificates.enums import DisplayStatus
from certificates.models import Certificate
from certificates.pages.situations.situation import Situation
from certificates.state.display import StatusAnswer
from common.findings import Cure, Finding, Level, satisfied
from common.web.paging import KeysetPage

MISSING_PHOTO = Finding(
    "has_id_photo",
    "未上传个人证件照",
    "没有证件照无法签发电子证书，约 2 分钟。",
    turn="本人",
    cure=Cure("上传证件照", "accounts:photo"),
)
COOL_DOWN = Finding(
    "cool_down",
    "距上次变更不满 6 个月",
    "上次变更 2026年7月2日，2027年1月2日起可再次申请。原单位注销、吊销的不受此限。",
)
ADVICE = Finding("renamed", "企业名称已变更", "证书上仍是旧名称，不影响使用。", Level.ADVISORY, turn="企业")


class SampleForm(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致，少数民族姓名保留间隔号“·”。")
    number = forms.CharField(
        label="证书编号",
        required=False,
        widget=forms.TextInput(
            attrs={
                "placeholder": "赣建安A（2019）0001234",
            }
        ),
    )
    category = forms.ChoiceField(
        label="证书类别", choices=[("", "请选择"), ("A", "A 主要负责人"), ("B", "B 项目负责人")]
    )
    issued_on = forms.DateField(
        label="发证日期",
        widget=forms.DateInput(
            attrs={
                "type": "date",
            }
        ),
    )
    reason = forms.ChoiceField(
        label="注销原因",
        choices=[("left", "不再从事安全管理工作"), ("merged", "已取得其他类别证书")],
        widget=forms.RadioSelect,
    )
    fields_wrong = forms.MultipleChoiceField(
        label="有误的项目",
        required=False,
        choices=[("name", "姓名"), ("post", "职务")],
        widget=forms.CheckboxSelectMultiple,
        help_text="可以多选。",
    )
    remark = forms.CharField(
        label="情况说明",
        required=False,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
            }
        ),
    )
    scan = forms.FileField(label="证书扫描件", help_text="JPG、PNG 或 PDF，不超过 10 MB。")
    commitment = forms.BooleanField(label="本人承诺以上内容和材料真实有效，并承担相应法律责任。")
    ticket = forms.CharField(widget=forms.HiddenInput, initial="t-1")


class SampleFilters(forms.Form):
    number = forms.CharField(label="办件编号", required=False)
    kind = forms.ChoiceField(label="业务", required=False, choices=[("", "全部"), ("extension", "证书延续")])
    since = forms.DateField(
        label="收到日期起",
        required=False,
        widget=forms.DateInput(
            attrs={
                "type": "date",
            }
        ),
    )


def situations() -> list[Situation]:
    """Answers a line of each tone, about certificates that are no row."""
    normal = StatusAnswer(DisplayStatus.NORMAL, ())
    broken = StatusAnswer(DisplayStatus.ABNORMAL, (MISSING_PHOTO,))
    act = Cure("办理延续", "accounts:photo")
    return [
        Situation(
            _certificate(1, "C3"),
            normal,
            "warn",
            0,
            "",
            "可以延续",
            "条件都已满足。",
            days=10,
            act=act,
            is_pressing=True,
        ),
        Situation(
            _certificate(2, "B"),
            broken,
            "bad",
            1,
            "异常状态",
            "不能用于投标、上岗",
            "原因：没有照片。",
            act=MISSING_PHOTO.cure,
        ),
        Situation(_certificate(3, "A"), normal, "good", 4, "正常使用", "到 2028年4月30日"),
        Situation(
            _certificate(4, "C1"),
            broken,
            "ended",
            5,
            "已合并为",
            act=act,
            successor=(1, "赣建安C3（2021）0000001"),
            ended_on=date(2023, 12, 9),
        ),
    ]


def _certificate(pk: int, category: str) -> Certificate:
    return Certificate(
        pk=pk,
        category=category,
        number=f"赣建安{category}（2021）000000{pk}",
        enterprise_name="江西赣江建设工程有限公司",
        ends_on=date(2028, 4, 30),
    )


def context() -> dict[str, Any]:
    wrong = SampleForm(
        {
            "name": "",
            "category": "A",
            "issued_on": "2019-13-01",
            "ticket": "t-1",
        },
        prefix="wrong",
    )
    wrong.is_valid()
    wrong.add_error(None, "证书编号与姓名对不上，请核对原件。")
    at = datetime(2026, 11, 4, 1, 12, tzinfo=UTC)
    return {
        "situations": situations(),
        "findings": [
            satisfied("registered", "已完成实名制登记", "2024年5月8日，东湖区住建局"),
            MISSING_PHOTO,
            COOL_DOWN,
            ADVICE,
            satisfied("idle", "没有在办业务"),
        ],
        "all_met": [satisfied("idle", "没有在办业务")],
        "refusals": [MISSING_PHOTO, COOL_DOWN],
        "form": SampleForm(),
        "wrong": wrong,
        "filters": SampleFilters(
            {
                "number": "2026",
                "kind": "",
            }
        ),
        "facts": [
            ("姓名", "欧阳·热合曼"),
            ("身份证号", "360***********1234"),
            ("职务", "项目负责人"),
            ("办结日期", None),
        ],
        "steps": [
            {
                "label": "本人提交",
                "state": "done",
                "date": date(2026, 11, 3),
                "holder": "",
                "note": "",
            },
            {
                "label": "原单位确认",
                "state": "skipped",
                "date": None,
                "holder": "",
                "note": "原单位已注销",
            },
            {
                "label": "地市受理",
                "state": "now",
                "date": None,
                "holder": "南昌市住房和城乡建设局",
                "note": "11月11日前",
            },
            {
                "label": "省厅审核",
                "state": "todo",
                "date": None,
                "holder": "",
                "note": "受理后 20 个工作日内",
            },
            {
                "label": "签发电子证书",
                "state": "todo",
                "date": None,
                "holder": "",
                "note": "",
            },
        ],
        "stopped_steps": [
            {
                "label": "本人提交",
                "state": "done",
                "date": date(2026, 11, 3),
                "holder": "",
                "note": "",
            },
            {
                "label": "受聘企业确认",
                "state": "stopped",
                "date": date(2026, 11, 4),
                "holder": "",
                "note": "企业不同意",
            },
            {
                "label": "省厅审核",
                "state": "todo",
                "date": None,
                "holder": "",
                "note": "",
            },
        ],
        "events": [
            {
                "title": "受聘企业同意",
                "at": at,
                "by": "江西赣江建设工程有限公司",
                "comment": "情况属实，同意延续。",
                "note": "",
                "tone": "good",
            },
            {
                "title": "提交申请",
                "at": at,
                "by": "本人",
                "comment": "",
                "note": "系统核对 7 项条件，全部满足",
                "tone": "",
            },
        ],
        "rows": [
            {
                "number": f"2026-3601-00034{n}",
                "kind": "证书延续",
                "name": "欧阳·热合曼",
                "enterprise": "江西赣江建设工程有限公司",
                "due": "还有 3 个工作日",
                "late": n == 2,
            }
            for n in range(1, 4)
        ],
        "bulk_actions": [
            {
                "value": "approve",
                "label": "批量通过",
                "tone": "primary",
            },
            {
                "value": "return",
                "label": "退回补正",
                "tone": "outline-primary",
            },
        ],
        "page": KeysetPage([], "n1", "p1"),
        "total_text": "共 1000 件以上",
        "kept": {
            "name": "证书原件.pdf",
            "size": 482133,
            "url": "/office/file/1/",
        },
        "running": {
            "id": "import-1",
            "label": "导入历史证书",
            "done": 41200,
            "total": 1000000,
            "running": True,
            "failed": False,
            "note": "",
            "result_url": "",
        },
        "finished": {
            "id": "import-2",
            "label": "批量换发",
            "done": 212,
            "total": 212,
            "running": False,
            "failed": False,
            "note": "其中 3 本未换发，原因见结果。",
            "result_url": "/office/",
            "result_label": "查看结果",
        },
    }

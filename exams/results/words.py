"""Reads what organisers write into the columns 缺考 and 违纪. Both end in a bar: what is not plain is refused."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from common.tabular.yes_no import answer_of, plain_word
from common.text.chinese import half_width, single_blanks, without_blanks
from common.text.lengths import up_to
from exams.enums import EntryState

LONGEST = 200
"""A finding becomes the remark of the entry, which has no more characters."""
UNNAMED_FINDING = "考试作弊"
"""This is recorded for a bare 是, which names no finding."""

_ABSENT = frozenset({"缺考", "无故", "无故缺考"})
_EXCUSED = frozenset({"因故", "因故缺考", "请假", "有正当理由"})
_PRESENT = frozenset({"未缺考", "没有缺考", "无缺考", "不缺考", "到考", "已到考", "参加考试", "已参加考试"})

_OFFENCES = (
    "作弊|舞弊|违纪|违规|违反|替考|代考|枪手|冒名|顶替|夹带|抄袭|小抄|雷同|传递|传答案|对答案|交头接耳|偷看|偷窥|窥视"
    "|窃取|泄题|泄露|扰乱|[互交]换(试卷|答卷|答案|答题卡)|[携使]?[带用看](了)?(手机|手表|耳机|电子|通讯|通信|资料|书籍|作弊)"
    "|辱骂|殴打|抢夺|撕毁|损毁"
)
_OFFENCE = re.compile(_OFFENCES)
_NONE_FOUND = re.compile(
    "(考试|考场|考核|一切|全程|过程|暂|均|经查)*"
    "(正常|正常(参加|完成)*(考试|考核|参考|交卷)?"
    "|(无|未|没|没有|查无|未有|未见|未查出|未查见|未发现|没有发现|无发现|不存在|未查到|未出现|未发生)(有|任何|其他|存在|出现|发生)*"
    "(考试|考场|考核|严重)?(违规违纪|违纪违规|违法违规|违法违纪|替考|代考|夹带|抄袭|违纪|违规|违反|作弊|舞弊|异常|问题|情况|不良|发现|处分|处理|记录)"
    "(考试|考场|考核)?(纪律|规定)?(、|和|或|及)?(违纪|违规|作弊|舞弊)?(的)?(行为|情况|情形|现象|问题|记录|处分|事项)*"
    "|未发现|未见|未|暂无|无此情况|无异议)"
)
_DOUBT = re.compile(
    "[无未没不否免误疑嫌似待?？绝防零]|非(?!法)|禁(?!考)|(?<!违)反(?!复)|可能|举报|调查|核实|核查|确认中|排除|撤销|解除|更正|申诉"
    "|取消(?!成绩|资格|考试资格|考试成绩)"
    "|正常|良好|合格|遵|守纪|诚信|见附|附件|详见|提醒|教育|承诺|(?<![0-9.])0+(?![0-9.])"
)
"""Words beside which an offence is denied, suspected, forbidden or counted as none."""
_PUNCTUATION = re.compile("[,;、()（）/]+")
_YES_AND_MORE = re.compile(r"是[,:;、(\-]+(?P<finding>.+)")

NOT_PLAIN = "违纪应填写 是、否 或具体情况（如 作弊、替考、夹带）。这里写的内容看不出是否查实：查实的请填 是，并在备注中写明情况。"


def parse_absence(word: str) -> str:
    """Answers blank, "absent" or "excused"; 因故 and 请假 are an absence with cause."""
    plain, answer = plain_word(word), answer_of(word)
    if answer is False or not plain or plain in _PRESENT:
        return ""
    if answer or plain in _ABSENT:
        return EntryState.ABSENT
    if plain in _EXCUSED:
        return EntryState.EXCUSED
    raise ValidationError("缺考应填写 是、否，有正当理由的填写 因故。")


def parse_cheating(word: str) -> str:
    """Answers blank, or the finding. A description counts when it names an offence and neither denies nor doubts it."""
    finding = up_to(LONGEST, single_blanks(word))
    answer = answer_of(word)
    if answer is False or _says_none(word):
        return ""
    if answer:
        return UNNAMED_FINDING
    said = without_blanks(half_width(word))
    named = _YES_AND_MORE.fullmatch(said)
    if (named or _OFFENCE.search(said)) and not _DOUBT.search(said):
        return finding
    raise ValidationError(NOT_PLAIN)


def _says_none(word: str) -> bool:
    """Also in several words, as in 正常（无违纪）."""
    parts = [part for part in _PUNCTUATION.split(plain_word(word)) if part]
    return all(answer_of(part) is False or _NONE_FOUND.fullmatch(part) for part in parts) if parts else not word.strip()

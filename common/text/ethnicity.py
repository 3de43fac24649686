"""Reads 民族 as a name or as a code of GB/T 3304, which card readers hand on; the name is stored without 族."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from .chinese import half_width, without_blanks

_IN_ORDER = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 "
    "土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 "
    "鄂伦春 赫哲 门巴 珞巴 基诺"
)
BY_CODE = {f"{code:02}": name for code, name in enumerate(_IN_ORDER.split(), start=1)} | {
    "97": "其他",
    "98": "外国血统",
}
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af·]{1,20}")
"""Cards also bear names that the standard does not list, such as 穿青人."""


def normalise_ethnicity(text: str) -> str:
    """Leaves what is neither a known code nor a name as it is: `validate_ethnicity` names it."""
    plain = without_blanks(half_width(text))
    if plain.isascii() and plain.isdecimal():
        return BY_CODE.get(plain.zfill(2), plain)
    return plain.removesuffix("族") or plain


def validate_ethnicity(text: str) -> None:
    """Checks a normalised value; raises ValidationError."""
    if text.isascii() and text.isdecimal():
        raise ValidationError(
            f"没有代码为 {text[:20]} 的民族：请填写名称（例如 汉），或国家标准代码 01 至 56。", code="ethnicity-code"
        )
    if text and not _NAME.fullmatch(text):
        raise ValidationError(
            f"民族“{text[:20]}”看不懂：请填写汉字名称（例如 汉），或国家标准代码 01 至 56。", code="ethnicity"
        )

"""Lists signs that look like others or like nothing, once for names, numbers, codes, telephones and searches.

Invisible signs come along with text from office files and web pages; radicals with text copied out of PDF files.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE_RANGES = (
    # Category Cf of Unicode: direction marks, joiners, soft hyphen, byte order mark, tags.
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    # Variation selectors, and U+E0000 to U+E0FFF, of which Unicode says that nothing is shown.
    "\u180b-\u180f\ufe00-\ufe0f\U000e0000-\U000e0fff"
    # Letters and marks without a shape: the grapheme joiner, fillers of Hangul and Khmer.
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
)
INVISIBLE = re.compile(f"[{_INVISIBLE_RANGES}]+")
_USUAL = re.compile("[\u4e00-\u9fff -~（）]*")
"""Most names and numbers have no other sign; this takes less than half of the time, and an import reads millions of cells."""

_SUPPLEMENT = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗"
    "⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风"
    "⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
"""The radicals U+2E81 to U+2EF3, each followed by its Equivalent_Unified_Ideograph in the Unicode character database.
U+2E80, the only one without, stays."""
_STROKES = "㇆𠃌㇏乀㇐一㇑丨㇒丿㇓丿㇔丶㇕𠃍㇖乛㇗𠃊㇘𠃎㇙𠄌㇚亅㇛𡿨㇜𠃋㇝乀㇞𠃑㇟乚㇠乙㇡𠄎"
"""Strokes of U+31C0 to U+31E3 with an equivalent ideograph, likewise."""
RADICALS = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    **{
        ord(sign): ideograph
        for pairs in (_SUPPLEMENT, _STROKES)
        for sign, ideograph in zip(pairs[::2], pairs[1::2], strict=True)
    },
}
"""The table maps a radical to the ideograph that it looks like."""

_FULL_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}

DOTS = "\u00b7\u0387\u119e\u1427\u2022\u2024\u2027\u2219\u22c5\u25aa\u25cf\u25e6\u2981\u2e31\u2e33\u30fb\u318d\ua78f\ufe52\uff0e\uff65"
"""People type these for the separator · (U+00B7)."""
DASHES = "\u2010-\u2015\u2212\u2500\u2501\ufe58\ufe63\uff0d\\-"
"""The text goes into a class of a regular expression."""

_OPENING = "([{〔［【〖｛（﹙﹛﹝❨❪⟦⦅｟"
_CLOSING = ")]}〕］】〗｝）﹚﹜﹞❩❫⟧⦆｠"
BRACKETS = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))
_ANGLES = "<＜﹤〈〈⟨‹《⟪«「『﹁>＞﹥〉〉⟩›》⟫»」』﹂"
ANGLES = str.maketrans(_ANGLES, "(" * (len(_ANGLES) // 2) + ")" * (len(_ANGLES) // 2))
"""Quotation marks and angles stand for brackets in numbers; in names they may belong to the name."""

IDEOGRAPH = r"[\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]"
"""Ideographs are given by range, because Python's table of categories is older than the newest extensions."""


def visible(text: str) -> str:
    """Leaves out the signs that nobody sees."""
    return text if text.isascii() or _USUAL.fullmatch(text) else INVISIBLE.sub("", text)


def half_width(text: str) -> str:
    """Turns １２３（Ａ） into 123(A). Chinese punctuation without an ASCII equivalent stays."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def characters_meant(text: str) -> str:
    """Leaves visible signs only, and gives ideographs for radicals and composed accents."""
    if text.isascii() or _USUAL.fullmatch(text):
        return text
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", visible(text)).translate(RADICALS))

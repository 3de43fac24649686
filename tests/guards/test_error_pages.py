"""The pages that nginx answers by itself have one frame: only the title and the text differ."""

from __future__ import annotations

import re
from pathlib import Path

PAGES = Path(__file__).resolve().parent.parent.parent / "deploy" / "nginx" / "pages"
CONTENT = re.compile(r"(?s)(?<=<title>).+?(?=</title>)|(?<=<main>\n).+(?=\n<p><a href=\"/\">返回首页</a></p>\n</main>)")


def test_the_pages_agree_in_all_but_title_and_text() -> None:
    pages = sorted(PAGES.glob("*.html"))
    assert len(pages) >= 3
    texts = [page.read_text(encoding="utf-8") for page in pages]
    assert [len(CONTENT.findall(text)) for text in texts] == [2] * len(pages)
    assert len({CONTENT.sub("", text) for text in texts}) == 1
    assert len({tuple(CONTENT.findall(text)) for text in texts}) == len(pages)

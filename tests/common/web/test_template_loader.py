from pathlib import Path

import pytest
from django.template import Engine


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>同意后立即建立；\n  拒绝的须重新发起。</p>", "<p>同意后立即建立；拒绝的须重新发起。</p>"),
        ("<p>点击“发起聘用”\n“继续”</p>", "<p>点击“发起聘用”“继续”</p>"),
        ("<p>验证码 30\n秒</p>", "<p>验证码 30\n秒</p>"),
        ("<p>甲\n<b>乙</b></p>", "<p>甲\n<b>乙</b></p>"),
        ("<p>{{ name }}\n甲</p>", "<p>王\n甲</p>"),
    ],
)
def test_a_chinese_sentence_may_run_over_lines(tmp_path: Path, source: str, text: str) -> None:
    (tmp_path / "page.html").write_text(source)
    engine = Engine(dirs=[str(tmp_path)], loaders=["common.web.template_loader.Loader"])
    assert engine.render_to_string("page.html", {"name": "王"}) == text


def test_what_people_wrote_keeps_its_lines(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ comment }}")
    engine = Engine(dirs=[str(tmp_path)], loaders=["common.web.template_loader.Loader"])
    assert engine.render_to_string("page.html", {"comment": "第一行\n第二行"}) == "第一行\n第二行"

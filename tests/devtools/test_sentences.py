"""The writers of the department get every sentence that people read, once for each place, with the code that says it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.core.management import call_command

from devtools.sentences import Sentence, sentences

PYTHON = '''"""Docstrings may name 证书 and are no sentence."""

from common.findings import Finding


def check(number: str) -> Finding:
    """Says 证书."""
    return Finding("certificate.suspended", f"{number}被暂扣", "暂扣期间不能办理。", turn="暂扣机关")


class Form:
    label = "证书编号"
    code = "no Chinese"
'''
TEMPLATE = """{# 注释 #}{% extends "base.html" %}
{% comment %}说明{% endcomment %}
<h1>我的证书</h1>
<p>还有 {{ days }} 天到期。{% if late %}请尽快办理。{% endif %}</p>
{% fact "有效期" class="num" %}{{ ends }}{% endfact %}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for package in ("certificates", "templates"):
        (tmp_path / package).mkdir()
    (tmp_path / "certificates" / "rules.py").write_text(PYTHON, encoding="utf-8")
    (tmp_path / "templates" / "mine.html").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def test_a_finding_is_named_by_its_code_and_a_label_by_its_class(tree: Path) -> None:
    found = [one for one in sentences(tree) if one.file == "certificates/rules.py"]
    assert found == [
        Sentence("certificates/rules.py", 8, "certificate.suspended", "…被暂扣"),
        Sentence("certificates/rules.py", 8, "certificate.suspended", "暂扣期间不能办理。"),
        Sentence("certificates/rules.py", 8, "certificate.suspended", "暂扣机关"),
        Sentence("certificates/rules.py", 12, "Form", "证书编号"),
    ]


def test_a_template_gives_its_words_and_those_in_its_tags_and_no_comments(tree: Path) -> None:
    found = [one.text for one in sentences(tree) if one.file == "templates/mine.html"]
    assert found == ["我的证书", "还有 … 天到期。", "请尽快办理。", "有效期"]


def test_the_list_of_the_portal_has_what_its_pages_say(tmp_path: Path) -> None:
    call_command("list_sentences", str(tmp_path / "sentences.csv"))
    rows = list(csv.reader((tmp_path / "sentences.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["文件", "行", "代号", "文字"]
    said = {(code, text) for _, _, code, text in rows[1:]}
    assert ("person.no_id_photo", "未上传个人证件照") in said
    assert ("cancellation.final", "注销是终局的") in said
    assert any(file == "templates/certificates/mine.html" and text == "我的证书" for file, _, _, text in rows[1:])
    assert len(rows) > 5000

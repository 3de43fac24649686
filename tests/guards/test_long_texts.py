"""Long texts on forms are of one kind: line breaks count once, nothing is cut, and the sentence says how much is too long."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from django import forms

from common.forms import LongTextField

OURS = (
    "accounts", "administration", "certificates", "common", "employment", "enterprises", "exams", "portal",
    "training", "workflow",
)  # fmt: skip
LONG = 100
NO_PROSE = {
    *(("SignatureForm", "signature"), ("SignatureForm", "challenge"), ("NewStaffForm", "login")),
    *((form, "answer") for form in ("PasskeyForm", "PasskeyPasswordForm")),
}
"""A signature and what a device answers are code that is read at once and never stored, and a login is one word."""


def our_forms() -> set[type[forms.BaseForm]]:
    for app in OURS:
        for module in walk_packages([str(Path(import_module(app).__file__ or "").parent)], f"{app}."):
            name = module.name.rpartition(".")[2]
            if name.startswith(("form", "views", "filing")) or name.endswith("_form") or ".filing." in module.name:
                import_module(module.name)
    found, waiting = set[type[forms.BaseForm]](), [forms.BaseForm]
    while waiting:
        known = waiting.pop().__subclasses__()
        waiting += known
        found |= {one for one in known if one.__module__.split(".")[0] in OURS}
    return found


def fields() -> Iterator[tuple[str, str, forms.Field]]:
    for form in our_forms():
        for name, field in getattr(form, "base_fields", {}).items():
            yield form.__name__, name, field


def test_long_texts_are_of_one_kind() -> None:
    checked = list(fields())
    assert len(checked) > 100
    other = [
        (form, name)
        for form, name, field in checked
        if isinstance(field, forms.CharField)
        and not isinstance(field, LongTextField)
        and (form, name) not in NO_PROSE
        and (
            isinstance(field.widget, forms.Textarea)
            or (type(field) is forms.CharField and (field.max_length or 0) >= LONG)
        )
    ]
    assert other == [], "use common.forms.LongTextField"


def refused(field: forms.CharField) -> list[str]:
    try:
        field.run_validators("字" * ((field.max_length or 0) + 3))
    except forms.ValidationError as error:
        return error.messages
    return []


def test_no_form_says_the_words_of_computing() -> None:
    said = {
        (form, name): refused(field)
        for form, name, field in fields()
        if isinstance(field, forms.CharField) and field.max_length is not None
    }
    assert len(said) > 30
    assert [where for where, sentences in said.items() if "变量" in "".join(sentences)] == []


def test_a_line_break_counts_once_and_what_is_too_long_is_told_and_kept() -> None:
    field = LongTextField(max_length=5)
    assert field.clean("甲\r\n乙\r丙") == "甲\n乙\n丙"
    assert field.clean("一\r\n二\r\n三") == "一\n二\n三"

    class Sample(forms.Form):
        text = LongTextField(max_length=5)

    form = Sample({"text": "甲\r\n乙丙丁戊己"})
    assert form.errors["text"] == ["最多 5 字，现在 7 字，请缩短。"]
    assert "甲\r\n乙丙丁戊己" in str(form["text"])

"""Every field for a file says why a file was not received, and the download of every file has both of its names."""

from __future__ import annotations

import ast

from django.conf import settings
from django.forms import BaseForm, FileField

from common.forms import UploadField
from tests.guards.test_addresses import ALL
from tests.guards.test_source import ROOT, trees

OURS = ("accounts", "certificates", "enterprises", "exams", "portal", "training", "workflow", "employment")


def forms() -> list[type[BaseForm]]:
    """The addresses have loaded every form."""
    assert ALL
    found: list[type[BaseForm]] = []
    pending: list[type[BaseForm]] = [BaseForm]
    while pending:
        form = pending.pop()
        found.append(form)
        pending += form.__subclasses__()
    return [form for form in found if form.__module__.startswith(OURS)]


def test_every_file_of_a_form_is_an_upload_field() -> None:
    fields = [
        (form.__name__, name, field)
        for form in forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, FileField)
    ]
    assert len(fields) >= 5
    assert [(form, name) for form, name, field in fields if not isinstance(field, UploadField)] == []


def test_no_form_makes_another_field_for_files() -> None:
    plain = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in trees()
        if path.name != "forms.py" or path.parent.name != "common"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("FileField", "ImageField")
        and isinstance(node.value, ast.Name)
        and node.value.id == "forms"
    ]
    assert plain == []


def test_counting_comes_before_what_keeps_files() -> None:
    assert settings.FILE_UPLOAD_HANDLERS[0] == "common.web.upload_handlers.CountedFiles"
    assert settings.UPLOAD_FILES_AT_ONCE < settings.DATA_UPLOAD_MAX_NUMBER_FILES

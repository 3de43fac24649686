"""What the house style promises and no linter checks."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CASCADE

from common.findings import Cure
from common.templatetags.ui import cure_address
from workflow.business import businesses

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = (
    "jxcloud", "common", "administration", "accounts", "enterprises", "workflow", "training", "employment",
    "certificates", "exams", "portal", "devtools", "clients",
)  # fmt: skip


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sources():
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_no_kind_is_compared_outside_businesses() -> None:
    """`if kind ==` spread over the files is how workflow engines rot."""
    kinds = {business.kind for business in businesses()}
    found = []
    for path, tree in trees():
        if "businesses" in path.parts or "devtools" in path.parts:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                names = {side.value for side in sides if isinstance(side, ast.Constant)}
                asks_kind = any(isinstance(side, ast.Attribute) and side.attr == "kind" for side in sides)
                if asks_kind and names & kinds:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found


def cures() -> Iterator[tuple[str, str, str]]:
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Cure":
                words = {word.arg: word.value for word in node.keywords}
                address = node.args[1] if len(node.args) > 1 else words.get("url_name")
                business = words.get("business")
                yield (
                    f"{path.relative_to(ROOT)}:{node.lineno}",
                    address.value if isinstance(address, ast.Constant) else "",
                    business.value if isinstance(business, ast.Constant) else "",
                )


def test_every_cure_leads_somewhere() -> None:
    registered = {business.kind for business in businesses()}
    dead = []
    for place, url_name, business in cures():
        if business and business not in registered:
            dead.append(f"{place}: business {business}")
        if url_name and not any(
            cure_address(Cure("", url_name, kwargs=kwargs))
            for kwargs in ({}, {"number": "x"}, {"pk": 1}, {"kind": "x"}, {"token": "x"})
        ):
            dead.append(f"{place}: {url_name}")
    assert not dead


def templates() -> list[str]:
    folder = ROOT / "templates"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_no_template_is_unused() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sources()]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.html")]
    everything = "\n".join(texts)
    by_convention = re.compile(r"^(\d{3}(_\w+)?\.html|admin/|django/|bootstrap5/|registration/)")
    assert [name for name in templates() if not by_convention.match(name) and name not in everything] == []


SHARED_TEMPLATES = frozenset({"ui", "admin", "bootstrap5", "django"})


def test_templates_lie_in_the_folder_of_the_app_whose_pages_they_are() -> None:
    """A page is found by the app of its view: `workflow.views.review` draws `workflow/review.html`."""
    assert {name.split("/")[0] for name in templates() if "/" in name} <= {*PACKAGES, *SHARED_TEMPLATES}
    foreign = []
    for path, tree in trees():
        app = path.relative_to(ROOT).parts[0]
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if not isinstance(text, str) or not re.fullmatch(r"[a-z_]+/[a-z_/]+\.html", text):
                continue
            if text.split("/")[0] not in {app, *SHARED_TEMPLATES}:
                foreign.append(f"{path.relative_to(ROOT)}:{node.lineno}: {text}")
    assert foreign == []


LONGEST_TEMPLATE_LINE = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["djlint"]["max_line_length"]


def test_template_lines_are_short() -> None:
    """djlint knows the limit, but obeys it only where it writes lines anew."""
    long = [
        f"{name}:{number}"
        for name in templates()
        for number, line in enumerate((ROOT / "templates" / name).read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST_TEMPLATE_LINE
    ]
    assert long == []


@pytest.mark.parametrize("element", ["table", "dl"])
def test_tables_and_facts_are_drawn_by_their_component(element: str) -> None:
    """`{% table %}` writes the words of a column once, where a table by hand writes them in its head and in every cell."""
    by_hand = [name for name in templates() if f"<{element}" in (ROOT / "templates" / name).read_text(encoding="utf-8")]
    assert by_hand == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table",
    [
        "accounts_facecheck",
        "workflow_event",
        "administration_auditentry",
        "administration_auditlink",
        "administration_auditcheck",
        "certificates_certificateversion",
        "certificates_certificateevent",
    ],
)
def test_append_only_tables_have_their_trigger(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname = %s AND NOT tgisinternal", [f"{table}_append_only"]
        )
        assert cursor.fetchone() == (1,)


def test_only_these_rows_vanish_with_their_owner() -> None:
    """Records of this portal are public records: what cascades is named here."""
    cascading = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in PACKAGES
        for field in model._meta.concrete_fields
        if field.remote_field is not None and field.remote_field.on_delete is CASCADE
    }
    assert cascading == {
        "accounts.FaceChallenge.person",
        "accounts.FaceSigns.person",
        "accounts.FormerPassword.user",
        "accounts.LoginSession.user",
        "accounts.Passkey.user",
        "accounts.PhoneLogin.user",
        "accounts.RecoveryCode.factor",
        "accounts.SecondFactor.user",
        "administration.Message.mailbox",
        "certificates.ArchivePart.archive",
        "administration.Contact.mailbox",
        "administration.Delivery.contact",
        "administration.Delivery.message",
        "administration.ImportProblem.run",
        "administration.ImportRow.run",
        "administration.NoticeLine.notice",
        "enterprises.EnterpriseName.enterprise",
    }


def test_no_source_names_a_host_or_a_path_of_a_machine() -> None:
    hosts = re.compile(r"pypi\.org|registry\.npmjs|deb\.debian|/(work|root|farm)/")
    checked = [*sources(), *ROOT.glob("*.txt"), *ROOT.glob("*.toml"), ROOT / "Makefile", ROOT / ".ci" / "run"]
    assert [str(path) for path in checked if path.exists() and hosts.search(path.read_text(encoding="utf-8"))] == []


def names_a_kind(value: ast.expr) -> bool:
    """A literal, a module's constant, or the attribute of a class: the kind is known where the line is written."""
    if isinstance(value, ast.Attribute):
        value = value.value
        return isinstance(value, ast.Name) and value.id[0].isupper()
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        return any(names_a_kind(one) for one in value.elts)
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id.isupper())


@pytest.mark.parametrize(
    ("value", "is_named"),
    [
        ("'first_issue'", True),
        ("KIND", True),
        ("FirstIssue.kind", True),
        ("['extension', other]", True),
        ("business.kind", False),
        ("first_issue().kind", False),
        ("self.kind", False),
    ],
)
def test_a_kind_is_seen_in_a_filter(value: str, is_named: bool) -> None:
    assert names_a_kind(ast.parse(value, mode="eval").body) is is_named


def test_no_applications_are_filtered_by_a_named_kind_outside_businesses() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in trees()
        if "businesses" not in path.parts and "devtools" not in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and "Application.objects" in ast.unparse(node.func)
        for word in node.keywords
        if word.arg in ("kind", "kind__in") and names_a_kind(word.value)
    ]
    assert not found


BOXES = {'class="preview"', 'class="stage"', 'class="pair-faces"', 'class="face-pair"'}
"""Of a size that theme.css sets, for pictures whose own size is not known."""


def test_every_picture_has_its_room_before_it_comes() -> None:
    """A late picture would move what is below it away from under the pointer, and the click would be lost."""
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for tag in re.finditer(r"<(?:img|iframe|object|embed)\b[^>]*>", text):
            around = text[max(0, tag.start() - 240) : tag.end()]
            is_sized = " width=" in tag[0] and " height=" in tag[0]
            if not is_sized and not any(box in around for box in BOXES):
                found.append(f"{path.relative_to(ROOT)}: {tag[0]}")
    assert not found

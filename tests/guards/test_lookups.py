"""Nothing finds a person by a typed ID number but by way of `accounts.lookups.services`, which limits and counts whoever asks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .test_source import ROOT, trees

OF_THEIR_OWN = {
    "accounts/lookups/services.py": "the way itself",
    "accounts/people/selectors.py": "what the way uses",
    "accounts/people/identity.py": "the index itself",
    "accounts/credentials/password.py": "a login: failures are counted, an unknown number is answered like a wrong password",
    "accounts/phone_login/views_face.py": "a login: tries are counted, an unknown number is answered like another face",
    "accounts/verification/face_tries.py": "counts the tries of that login; nobody is looked up",
    "accounts/registration/services.py": "a card in the hands of a clerk or a machine, counted by both callers",
    "accounts/registration/views.py": "the name of a pending upload, no look into the register",
    "accounts/people/numbers.py": "the index that belongs to a number which was corrected",
    "accounts/corrections/services.py": "a document in the hands of a clerk, counted by its page",
    "accounts/merging/services.py": "the login of a record whose number is known, closed or given back",
    "accounts/staff/services.py": "the index of a new login of staff, counted by its form",
    "accounts/admin.py": "the same, counted in `get_form`",
    "certificates/pages/selectors.py": "counted by its only caller, `views_office`",
    "certificates/public/views.py": "counts by itself: it searches certificates of strangers",
    "certificates/public/lookup.py": "counted by its only caller, `views.public`",
    "certificates/out_of_province/importing.py": "an import of the province's register",
    "certificates/legacy/rows.py": "an import of old records",
    "certificates/legacy/settling/selectors.py": "counted by its only caller, `views`",
    "certificates/legacy/settling/corrections.py": "counted by `views` where a clerk types another number",
    "training/importing.py": "an import of training records; what it refuses stays in the record of the import",
    "training/desk/views.py": "counts by itself: a refusal tells that the number is registered under another name",
    "exams/results/importing.py": "an import of results, matched among the entries of its own batch",
    "exams/sign_up/listed.py": "the enterprise's own people in a list that it gives; a stranger is answered like nobody",
    "employment/proposing/by_list/matching.py": "counts by itself, as many of a list as the limits leave",
    "enterprises/register/importing.py": "an import of the business register",
    "devtools/management/commands/bench_uploads.py": "numbers that the bench makes up",
    "enterprises/business_registry/client.py": "the synchronisation with the business register",
}
COUNTED = {
    "certificates/pages/views_office.py": "lookups.ask(request)",
    "certificates/legacy/settling/views.py": "lookups.ask(request)",
    "certificates/public/views.py": "lookups.ask(request)",
    "accounts/admin.py": "lookups.ask(request)",
    "training/desk/views.py": "ask(request)",
    "employment/proposing/by_list/matching.py": "limits.ask_for_list(asker, len(strange), now=now)",
    "accounts/registration/views.py": "ask(request)",
    "accounts/corrections/views.py": "ask(request)",
    "accounts/kiosk/services.py": "ask(asker_of_kiosk(device), now=now)",
}
FINDS = frozenset({"person_by_id_number", "id_number_index", "present_index", "index_of", "login_of", "by_id_number"})


def finding_calls(tree: ast.Module) -> Iterator[int]:
    """Calls that turn a number into an index or a person."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        purpose = [one.value for one in node.args if isinstance(one, ast.Constant)]
        if name in FINDS or (name == "blind_index" and "id_number" in purpose):
            yield node.lineno


def test_every_look_by_number_goes_the_counted_way() -> None:
    found = {}
    for path, tree in trees():
        name = str(path.relative_to(ROOT))
        if "demo" not in name and (lines := list(finding_calls(tree))):
            found[name] = lines
    assert {name: lines for name, lines in found.items() if name not in OF_THEIR_OWN} == {}
    assert {name for name in OF_THEIR_OWN if name not in found} == set(), "no exception that is not needed any more"


def test_exceptions_that_count_by_themselves_do() -> None:
    for name, call in COUNTED.items():
        assert call in (ROOT / name).read_text(encoding="utf-8"), name

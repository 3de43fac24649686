"""Whatever a form can make the portal write leaves a row in the audit, or is named here with the reason why it need not.

The guard reads the source: from each view that takes a POST it follows the functions that are called, by their names. Of a
class that is named, all methods count as called, and of another object all functions that it holds. What a signal or a
registry calls is not followed.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from accounts.access import audit
from administration.audit import services

from .test_addresses import ALL
from .test_body_ids import POSTS

PACKAGES = frozenset({
    "accounts", "administration", "certificates", "employment", "enterprises", "exams", "portal", "training", "workflow",
})  # fmt: skip
AUDITS = frozenset(map(inspect.unwrap, (audit.record, services.record_audit, services.record_audits)))
WRITES = frozenset({
    "save", "create", "bulk_create", "update", "bulk_update", "update_rows", "delete", "get_or_create", "update_or_create",
})  # fmt: skip
QUERIES = frozenset({"objects", "_default_manager", "filter", "exclude", "all"})
NO_SERVICE = ("views", "pages", "forms", "selectors", "rules", "permissions", "urls")
LOGIN = "a part of the login, whose outcome the audit has"
PICTURE = "keeps what is being edited, before anything is decided"
COUNTED = "counts a look-up, of which there are tables and alarms of their own"
OWN = "the person's own belongings, about which nobody decides"
IN_THE_VIEW = "its view writes the row, with the address of the reader"
EXCEPTIONS = {
    "accounts.access.login_sessions.end_sessions": IN_THE_VIEW,
    "accounts.access.sessions.keep_after_password_change": LOGIN,
    "accounts.access.temporary_uploads.drop": PICTURE,
    "accounts.access.temporary_uploads.keep": PICTURE,
    "accounts.corrections.evidence.bound": PICTURE,
    "accounts.credentials.password.staff_came_in": LOGIN,
    "accounts.credentials.totp.refuse": LOGIN,
    "accounts.kiosk.services.confirm_printed": "the machine says that the paper came out",
    "accounts.lookups.services.ask": COUNTED,
    "accounts.lookups.services.find_person": COUNTED,
    "accounts.lookups.services.missed": COUNTED,
    "accounts.phone_login.qr_session.renewed": LOGIN,
    "accounts.phone_login.qr_session.shown": LOGIN,
    "accounts.phone_login.services.use_phone_login": LOGIN,
    "accounts.photo.checks.examine": PICTURE,
    "accounts.photo.crop_session.drop": PICTURE,
    "accounts.photo.crop_session.keep": PICTURE,
    "accounts.photo.crop_session.prepare": PICTURE,
    "accounts.verification.challenges.issue_challenge": LOGIN,
    "accounts.verification.counter_codes.use_counter_code": LOGIN,
    "accounts.verification.face_tries.FaceTries.count": LOGIN,
    "accounts.verification.face_tries.FaceTries.give_back": LOGIN,
    "accounts.verification.reviews.use_approval": LOGIN,
    "accounts.verification.services.check_login": LOGIN,
    "administration.imports.uploads.discard_import": IN_THE_VIEW,
    "administration.imports.uploads.queue_import": IN_THE_VIEW,
    "administration.lookups.limits.registered": COUNTED,
    "administration.messages.services.mark_read": OWN,
    "administration.outbox.receipts.take_receipts": "the service reports what became of a message; the log shows it",
    "certificates.issuing.orders.try_all_again": IN_THE_VIEW,
    "certificates.issuing.versions.issue_electronic": "the trail of the certificate has it, and nobody decides",
    "certificates.out_of_province.services.correct_declaration": IN_THE_VIEW,
    "certificates.out_of_province.services.declare": IN_THE_VIEW,
    "certificates.out_of_province.services.end_declaration": IN_THE_VIEW,
    "employment.proposing.by_list.services.keep_list": PICTURE,
    "certificates.public.batch_verification.limits.seconds_for_rows": COUNTED,
    "exams.sign_up.listed.keep_lines": PICTURE,
    "exams.sign_up.picking.keep_picks": PICTURE,
    "workflow.exports.services.take_export": IN_THE_VIEW,
    "workflow.services.case_use.stay": "says that a page is open",
    "workflow.services.filing.create_draft": OWN,
    "workflow.views.originals_form.keep_scans": PICTURE,
}
"""Maps a function to the reason why it needs no row of its own."""


def plain(thing: Any) -> Any:
    return inspect.unwrap(thing) if callable(thing) else thing


def is_ours(thing: Any) -> bool:
    return str(getattr(thing, "__module__", "")).partition(".")[0] in PACKAGES


@cache
def tree_of(function: FunctionType) -> ast.AST:
    """Is empty for methods that a dataclass makes, and for lambdas in the midst of an expression."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):
        return ast.Module(body=[], type_ignores=[])


def named_in(function: FunctionType) -> Iterator[Any]:
    """Everything of the project that a function names: as a name, or as an attribute of a module that it names."""
    known = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Name):
            yield known.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            base = known.get(node.value.id)
            if isinstance(base, ModuleType):
                yield getattr(base, node.attr, None)


@cache
def called(function: FunctionType) -> frozenset[FunctionType]:
    found: set[FunctionType] = set()
    for thing in map(plain, named_in(function)):
        if not is_ours(thing):
            continue
        if isinstance(thing, FunctionType):
            found.add(thing)
        else:
            # A class has methods; what is made of one, such as the description of a page, has functions as values.
            held = getattr(thing, "__dict__", {}).values()
            found |= {one for one in map(plain, held) if isinstance(one, FunctionType) and is_ours(one)}
    return frozenset(found - {function})


@cache
def reached(function: FunctionType) -> frozenset[FunctionType]:
    """The function itself and whatever it calls, however far."""
    found, waiting = {function}, [function]
    while waiting:
        new = called(waiting.pop()) - found
        found |= new
        waiting += new
    return frozenset(found)


@cache
def writes_itself(function: FunctionType) -> bool:
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in WRITES and (name != "update" or _is_query(node.func)):
                return True
    return False


def _is_query(func: ast.expr) -> bool:
    """Dictionaries and sets are updated, too."""
    return any(isinstance(node, ast.Attribute) and node.attr in QUERIES for node in ast.walk(func))


def is_service(function: FunctionType) -> bool:
    room = function.__module__.rpartition(".")[2]
    return not room.startswith(NO_SERVICE) and "models" not in function.__module__


def name_of(function: FunctionType) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def services_of(view: Callable[..., Any]) -> set[FunctionType]:
    """The writing services that a view calls, directly or by helpers of views."""
    found, seen, waiting = set(), set(), [plain(view)]
    while waiting:
        function = waiting.pop()
        if function in seen or not isinstance(function, FunctionType):
            continue
        seen.add(function)
        if function is not plain(view) and is_service(function):
            if any(map(writes_itself, reached(function) - AUDITS)):
                found.add(function)
            continue
        waiting += called(function)
    return found


def silent(route: str) -> list[str]:
    """Names the services of an address that write and leave no row."""
    return sorted(name_of(one) for one in services_of(ALL[route].callback) if not reached(one) & AUDITS)


def in_the_view(view: Callable[..., Any]) -> bool:
    """Answers whether the view, or a helper of views, writes a row itself."""
    seen, waiting = set(), [plain(view)]
    while waiting:
        function = waiting.pop()
        if function in AUDITS:
            return True
        if function in seen or not isinstance(function, FunctionType):
            continue
        seen.add(function)
        if function is plain(view) or not is_service(function):
            waiting += called(function)
    return False


def test_the_guard_sees_decisions() -> None:
    deciding = {route for route in POSTS if services_of(ALL[route].callback)}
    assert {
        "office/applications/<slug:number>/",
        "office/deaths/<int:pk>/",
        "office/enterprises/code-requests/<int:pk>/",
        "office/notices/<int:pk>/withdraw/",
    } <= deciding


def test_what_a_form_writes_is_audited() -> None:
    found = {route: [name for name in silent(route) if name not in EXCEPTIONS] for route in POSTS}
    assert {route: names for route, names in found.items() if names} == {}


def test_what_a_view_notes_itself_is_noted() -> None:
    noted = {name for name, why in EXCEPTIONS.items() if why == IN_THE_VIEW}
    found = {route: noted & set(silent(route)) for route in POSTS}
    assert {route for route, names in found.items() if names and not in_the_view(ALL[route].callback)} == set()


def test_every_exception_is_needed() -> None:
    assert EXCEPTIONS.keys() - {name for route in POSTS for name in silent(route)} == set()

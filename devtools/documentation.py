"""Writes docs/businesses.md and docs/access.md from the declarations.

The first says what each kind of application asks, passes and does, the second who may open which address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from administration.parameters.book import ParameterBook
from administration.parameters.declared import DECLARED, SEEDED_FROM, seed_rows
from workflow.business import Business, businesses
from workflow.selectors.guides import Guide, GuideStep, guide_of

BUSINESSES: Path = settings.ROOT / "docs" / "businesses.md"
ACCESS: Path = settings.ROOT / "docs" / "access.md"

ACCESS_INTRODUCTION = """\
# Addresses and who may enter

Written by `manage.py generate_docs` from the access decorators of the views (`accounts/access/decorators.py`); a test refuses a
stale copy, and `tests/guards/test_access_matrix.py` walks all addresses as every role and as strangers. Within an address a view
loads only what concerns its reader: applications by `workflow.permissions.visible` (of an office only for who decides on some:
counter, review, decide, organise), certificates and declared certificates of other provinces in the back office by region.
What a form names by id is read by `common.web.ids` and looked up among what its sender may see;
`tests/guards/test_body_ids.py` sends the ids of others, unknown and absurd ones to every address that takes a POST.
"""
REGISTRY = "office/registry/"

INTRODUCTION = """\
# Businesses

Every kind of application that the portal knows. Written by `manage.py generate_docs` from the declarations in
`*/businesses/*.py`; a test refuses a stale copy. Parameters are shown with the value that a new installation starts
with; the present ones are at `/office/parameters/`, the same rules in words for applicants at `/guides/<kind>/`.
"""


def access_document() -> str:
    rows = sorted((f"`/{route}`", _who(pattern)) for route, pattern in addresses(get_resolver()))
    return ACCESS_INTRODUCTION + "\n" + _table(("Address", "Who"), rows)


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern | URLResolver]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver) and route != REGISTRY:
            yield from addresses(entry, route)
        else:
            yield route, entry


def _who(pattern: URLPattern | URLResolver) -> str:
    if isinstance(pattern, URLResolver):
        return "system_admin, or staff with duty registry (a Django admin site with a guard of its own)"
    return str(getattr(pattern.callback, "access", "everybody: a probe without any data"))


def businesses_document() -> str:
    book = ParameterBook(seed_rows())
    guides = [guide_of(one, book, SEEDED_FROM) for one in sorted(businesses(), key=lambda one: one.kind)]
    parts = [INTRODUCTION, _overview(guides), *(_section(guide) for guide in guides), _parameters(guides)]
    return "\n".join(parts)


def _overview(guides: Sequence[Guide]) -> str:
    rows = [
        (
            f"[`{guide.business.kind}`](#{guide.business.kind})",
            guide.business.title,
            guide.filed_by,
            _route(guide),
            guide.business.outcome,
        )
        for guide in guides
    ]
    note = "\nSteps in [brackets] are passed only by some applications; each section says by which.\n"
    return _table(("Kind", "Title", "Filed by", "Route", "Outcome"), rows) + note


def _route(guide: Guide) -> str:
    return " → ".join(f"[{step.label}]" if step.when else step.label for step in guide.steps)


def _section(guide: Guide) -> str:
    business = guide.business
    lines = [f'## <a id="{business.kind}"></a>`{business.kind}` {business.title}', "", business.summary, ""]
    lines += _facts(business, guide)
    lines += ["", _table(("Step", "Only", "Days", "On silence", "Asks for"), map(_step_row, guide.steps))]
    lines += _list("Conditions", guide.conditions)
    lines += _list("Attachments", map(_attachment, _attachments(business)))
    lines += _list("Materials", business.materials)
    lines += _list("Parameters", (f"`{key}`: {_seed(key)}" for key in business.parameter_keys))
    lines += _list("Legal basis", business.legal_basis)
    return "\n".join(lines)


def _facts(business: Business, guide: Guide) -> Iterator[str]:
    yield f"- Declared in: `{type(business).__module__}`"
    yield f"- Filed by: {guide.filed_by}"
    yield f"- Menu: {business.section} › {business.button}"
    yield f"- Outcome: {business.outcome}"
    if business.holds_expiry:
        yield "- Filed before the certificate's end, it keeps the certificate usable until it is decided."
    if business.shown_as:
        yield f"- Shown among the certificates while open, as `{business.shown_as}`."


def _step_row(step: GuideStep) -> tuple[str, ...]:
    return (step.label, step.when or "—", step.clock or "—", step.when_overdue or "—", step.needs or "—")


def _attachments(business: Business) -> Iterator[tuple[str, str, bool]]:
    for kind in business.attachments:
        yield (kind.title, kind.hint, kind.required)


def _attachment(attachment: tuple[str, str, bool]) -> str:
    title, hint, required = attachment
    return f"{title} ({'required' if required else 'where the content asks for it'}){f': {hint}' if hint else ''}"


def _parameters(guides: Sequence[Guide]) -> str:
    rows = []
    for declared in DECLARED.values():
        users = [f"`{guide.business.kind}`" for guide in guides if declared.key in guide.business.parameter_keys]
        span = f"{declared.minimum}–{declared.maximum}"
        if declared.choices:
            span = ", ".join(value for value, _ in declared.choices)
        rows.append((f"`{declared.key}`", declared.title, _seed(declared.key), span, ", ".join(users) or "—"))
    return "## Parameters\n\n" + _table(("Key", "Meaning", "Starts with", "May be", "Asked by"), rows)


def _seed(key: str) -> str:
    return DECLARED[key].in_words(DECLARED[key].seed)


def _list(title: str, entries: Iterable[str]) -> list[str]:
    lines = [f"- {entry}" for entry in entries]
    return [f"**{title}**", "", *lines, ""] if lines else []


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"

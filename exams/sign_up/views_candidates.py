"""安管人员考试报名: shows the page on which a clerk ticks people for a category of a batch and signs them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import operator_required
from accounts.access.requests import posted, user_of
from administration.parameters.book import ParameterBook
from certificates.enums import Category
from common.findings import Finding, Refused
from common.web.ids import id_of, ids_of
from enterprises.ca_login.backend import enterprise_of
from enterprises.enums import Post
from enterprises.models import Enterprise
from exams.models import CandidateList, ExamBatch
from exams.selectors import batch_for
from workflow.actors import Actor
from workflow.request_actor import actor_for
from workflow.views.refusals import for_reader

from .candidates import (
    MOST_SHOWN,
    ORDER,
    PROBLEMS_FIRST,
    Standing,
    own_among,
    people_of,
    rows_for,
    staff_for,
    usual_category,
)
from .eligibility import Candidate
from .forms import ListForm, SignUpForm
from .listed import Item, checked_lines, items_of
from .picking import clear_picks, keep_picks, list_of, picks_in
from .reminding import remind_lacking
from .rules import POSTS_OF
from .services import SignUpResult, not_of_the_enterprise, sign_up
from .views import is_over, state_of

PAGE = 20
UNENTERED = "unentered"
SHOWS = {
    "": "全部",
    "fit": "符合条件",
    "lacking": "补齐后可以",
    "unfit": "不符合",
    "entered": "已报名",
    UNENTERED: "未报名",
}


@dataclass(frozen=True)
class Narrowing:
    """Holds what of the list is shown. A value that is not offered narrows nothing."""

    category: str
    show: str
    post: str
    name: str
    page: int
    is_list: bool = False

    @property
    def address(self) -> str:
        values = {"category": self.category, "show": self.show, "post": self.post, "name": self.name}
        if self.is_list:
            values["list"] = "1"
        if self.page > 1:
            values["page"] = str(self.page)
        return "?" + urlencode({key: value for key, value in values.items() if value})

    def has(self, item: Item) -> bool:
        if self.show == UNENTERED:
            return item.has_post(self.post) and item.standing != Standing.ENTERED
        return item.has_post(self.post) and self.show in ("", item.standing)


def narrowing(values: Any, batch: ExamBatch, enterprise: Enterprise) -> Narrowing:
    """Without a category it shows the one for which the enterprise has the most people."""
    category, show, post = (values.get(name, "") for name in ("category", "show", "post"))
    category = category if category in batch.categories else usual_category(enterprise, batch.categories)
    allowed = [str(one) for one in POSTS_OF[Category(category)]]
    return Narrowing(
        category,
        show if show in SHOWS else "",
        post if post in allowed and len(allowed) > 1 else "",
        values.get("name", "").strip()[:100],
        id_of(values.get("page")) or 1,
        values.get("list") == "1",
    )


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_page(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_of(request)
    batch = batch_for(enterprise, pk)
    if request.method != "POST" and is_over(batch, localdate()):
        context = {"batch": batch, "state": state_of(batch, localdate())}
        return render(request, "exams/sign_up_over.html", context)
    form = SignUpForm(posted(request), years=ParameterBook.load().integer("exam_experience_years", localdate()))
    seen = narrowing(request.GET, batch, enterprise)
    kept = list_of(batch.pk, user_of(request).pk, seen.category)
    if request.method != "POST":
        return page_of(request, batch, enterprise, seen, kept, form)
    try:
        ticked = _picked(request)
        own = own_among(enterprise, ticked)
        strangers = {pk: post for pk, post in ticked.items() if pk not in own}
        kept = keep_picks(kept, picked=own, shown=ids_of(request.POST.getlist("shown")))
        if "go" in request.POST:
            return _go(request, batch, kept)
        picks = picks_in(kept) | strangers
        if problems := _problems(form, picks):
            status = 409 if form.is_valid() else 400
            return page_of(request, batch, enterprise, seen, kept, form, refusals=problems, status=status)
        candidates = [Candidate(person_id, seen.category, post) for person_id, post in picks.items()]
        result = sign_up(batch.pk, candidates, actor=actor_for(request))
    except Refused as refused:
        return page_of(request, batch, enterprise, seen, kept, form, refusals=refused.findings, status=409)
    clear_picks(kept)
    return result_of(request, batch, result)


def _picked(request: HttpRequest) -> dict[int, str]:
    """Maps a ticked person to the post."""
    return {pk: request.POST.get(f"post_{pk}", "") for pk in ids_of(request.POST.getlist("picked"))}


def _problems(form: SignUpForm, picks: Mapping[int, str]) -> list[Finding]:
    """Both are told at once: that nobody is ticked, and that the commitment is missing."""
    found = [] if picks else [Finding("exam.nobody", "请先勾选要报名的人员", turn="企业")]
    if not form.is_valid():
        label = str(form.fields["commitment"].label)
        found.append(Finding("exam.commitment", "请阅读并勾选承诺", label, turn="企业"))
    return found


def _go(request: HttpRequest, batch: ExamBatch, kept: CandidateList) -> HttpResponse:
    """The ticks are kept; the next page, filter or category follows by its own address."""
    action, _, value = request.POST["go"].partition(":")
    values = request.POST.dict()
    if action == "clear":
        clear_picks(kept)
        messages.success(request, "已清空勾选。")
    elif action == "remind":
        _remind(request, batch, kept, value)
        return redirect(request.get_full_path())
    elif action in ("show", "page"):
        values[action] = value
    wanted = replace(narrowing(values, batch, enterprise_of(request)), is_list=request.GET.get("list") == "1")
    return redirect(reverse("exams:sign_up", args=[batch.pk]) + wanted.address)


def _remind(request: HttpRequest, batch: ExamBatch, kept: CandidateList, only: str) -> None:
    """Without `only`, the id of one person, all are reminded whom the page shows on any of its pages."""
    enterprise = enterprise_of(request)
    seen = narrowing(request.GET, batch, enterprise)
    items, _ = _items(batch, enterprise, seen, kept, picks_in(kept))
    rows = [item.row for item in items if seen.has(item) and item.row and item.standing == Standing.LACKING]
    wanted = [row for row in rows if only in ("", str(row.person.pk))]
    try:
        reminded = remind_lacking(wanted, batch=batch, category=seen.category, actor=actor_for(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, reminded.words)


def page_of(
    request: HttpRequest,
    batch: ExamBatch,
    enterprise: Enterprise,
    seen: Narrowing,
    kept: CandidateList,
    form: SignUpForm,
    *,
    list_form: ListForm | None = None,
    refusals: Sequence[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    picks, actor = picks_in(kept), actor_for(request)
    items, is_cut = _items(batch, enterprise, seen, kept, picks)
    context = {
        "batch": batch,
        "state": state_of(batch, localdate()),
        "category": Category(seen.category),
        "categories": [(one, f"{one}证（{Category(one).label}）") for one in batch.categories],
        "posts": [(str(one), Post(one).label) for one in POSTS_OF[Category(seen.category)]],
        "seen": seen,
        "shows": _shows(items, seen),
        "form": form,
        "list_form": list_form or ListForm(),
        "refusals": for_reader(refusals, actor),
        "is_cut": is_cut,
        "most_shown": MOST_SHOWN,
        "has_staff": bool(items) or bool(seen.name),
        "was_checked": kept.checked is not None,
        **_shown(items, seen, picks, actor),
    }
    return render(request, "exams/sign_up.html", context, status=status)


def _shown(items: Sequence[Item], seen: Narrowing, picks: Mapping[int, str], actor: Actor) -> dict[str, object]:
    """Answers the rows of the page, and the numbers above and below them."""
    found = [item for item in items if seen.has(item)]
    pages = max(1, -(-len(found) // PAGE))
    number = min(seen.page, pages)
    shown = found[(number - 1) * PAGE : number * PAGE]
    # Whom the filters hide is counted too; what has changed about them is told when they are signed up.
    picked = picks.keys() - {item.row.person.pk for item in items if item.row and not item.is_fit}
    here = len(picked & {item.row.person.pk for item in shown if item.row})
    return {
        "rows": [{"item": item, "stops": for_reader(item.stops, actor)} for item in shown],
        "fit": sum(item.is_fit for item in shown),
        "all_fit": sum(item.is_fit for item in items),
        "lacking": sum(item.standing == Standing.LACKING for item in found),
        "total": len(items),
        "picked": picked,
        "here": here,
        "elsewhere": len(picked) - here,
        "number": number,
        "pages": pages,
    }


def _items(
    batch: ExamBatch, enterprise: Enterprise, seen: Narrowing, kept: CandidateList, picks: dict[int, str]
) -> tuple[list[Item], bool]:
    """Answers the rows, and whether there are more than one page can check. In a list the problems stand first."""
    today = localdate()
    if seen.is_list:
        items = items_of(checked_lines(kept), batch, enterprise, seen.category, on=today, chosen=picks)
        return sorted(items, key=lambda item: PROBLEMS_FIRST.index(item.standing)), False
    people = list(staff_for(enterprise, seen.category, name=seen.name)[: MOST_SHOWN + 1])
    rows = rows_for(batch, enterprise, people[:MOST_SHOWN], seen.category, on=today, chosen=picks)
    items = [Item(row=row, stops=row.stops) for row in rows]
    return sorted(items, key=lambda item: ORDER.index(item.standing)), len(people) > MOST_SHOWN


def _shows(items: Sequence[Item], seen: Narrowing) -> list[dict[str, object]]:
    """Each filter with how many people it shows, whatever else narrows the list."""
    counted = []
    for show, label in SHOWS.items():
        count = sum(replace(seen, show=show).has(item) for item in items)
        counted.append({"value": show, "label": label, "count": count, "is_current": show == seen.show})
    return counted


def result_of(request: HttpRequest, batch: ExamBatch, result: SignUpResult) -> HttpResponse:
    if not result.refused and not result.unknown:
        messages.success(request, f"{len(result.entered)} 人已报名{batch.name}，等待主管部门审核。")
        return redirect("exams:entries")
    people = people_of([*result.entered, *result.refused])
    actor = actor_for(request)
    rows = [{"person": people[one.person_id], "category": one.category, "stops": []} for one in result.entered] + [
        {"person": people[one.person_id], "category": one.category, "stops": for_reader(found, actor)}
        for one, found in result.refused.items()
    ]
    context = {
        "batch": batch,
        "rows": rows,
        "done": len(result.entered),
        "refused": len(result.refused) + result.unknown,
        "unknown": [not_of_the_enterprise(result.unknown)] if result.unknown else [],
    }
    return render(request, "exams/sign_up_result.html", context)

"""Shows persons their home page, 我的 on the phone, and the page 个人信息."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import person_required
from accounts.access.requests import person_of, posted, user_of
from accounts.credentials import reset_waits
from accounts.people.home_boxes import PERSON_HOME, PROFILE
from common.findings import Finding, Refused

from .forms import ProfileForm
from .services import update_profile


@person_required
@require_safe
def person_home(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    contents = PERSON_HOME.contents_for(request, person)
    context = {
        "person": person,
        "urgent": [task for task in contents.tasks if task.blocking],
        "tasks": [task for task in contents.tasks if not task.blocking],
        "boxes": contents.boxes,
    }
    return render(request, "accounts/person_home.html", context)


@person_required
@require_safe
def phone_me(request: HttpRequest) -> HttpResponse:
    """The last entry of the phone's bar leads from here to everything of the platform."""
    return render(request, "accounts/phone_me.html", {"person": person_of(request)})


@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    initial = {
        "phone": person.phone,
        "education": person.education,
        "professional_title": person.professional_title,
    }
    form = ProfileForm(posted(request), initial=initial)
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            update_profile(person, **form.cleaned_data, by=user_of(request), wait=reset_waits.wait_in(request))
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, "个人信息已保存。")
            return redirect("accounts:profile")
    boxes = PROFILE.contents_for(request, person).boxes
    context = {"person": person, "form": form, "refusals": refusals, "boxes": boxes}
    return render(request, "accounts/profile.html", context, status=400 if form.is_bound else 200)

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import home
from accounts.access import person_required
from accounts.forms import ProfileForm
from accounts.models import Person, User
from accounts.services import update_profile
from jxcloud.base.findings import Finding, Refused


def person_of(request: HttpRequest) -> Person:
    """Of a page behind `person_required`."""
    return Person.objects.select_related("registered_at_office").get(user_id=request.user.pk)


def user_of(request: HttpRequest) -> User:
    """Of a page that is not public."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("only behind one of the decorators of accounts.access")
    return user


@person_required
@require_safe
def person_home(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    context = {"person": person, "tasks": home.tasks_for(person), "boxes": home.boxes_for(request, person)}
    return render(request, "accounts/person_home.html", context)


@person_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    initial = {
        "phone": person.phone,
        "education": person.education,
        "professional_title": person.professional_title,
    }
    form = ProfileForm(request.POST or None, initial=initial)
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            update_profile(person, **form.cleaned_data, by=user_of(request))
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, "个人信息已保存。")
            return redirect("accounts:profile")
    context = {"person": person, "form": form, "refusals": refusals}
    return render(request, "accounts/profile.html", context, status=400 if form.is_bound else 200)

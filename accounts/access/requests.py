"""What every view of this app asks of a request."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from accounts.models import Person, User


def posted(request: HttpRequest) -> QueryDict | None:
    """For a form: bound by any POST, even an empty one."""
    return request.POST if request.method == "POST" else None


def user_of(request: HttpRequest) -> User:
    """Of a page that is not public."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("only behind one of the decorators of accounts.access.decorators")
    return user


def person_of(request: HttpRequest) -> Person:
    """Of a page behind `person_required`."""
    return Person.objects.select_related("registered_at_office").get(user=user_of(request))

"""Reads from a request what many views of this app need."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from accounts.models import Person, User


def posted(request: HttpRequest) -> QueryDict | None:
    """Serves forms: they are bound by any POST, even an empty one."""
    return request.POST if request.method == "POST" else None


def user_of(request: HttpRequest) -> User:
    """The page is not public, so that there always is a user."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("only behind one of the decorators of accounts.access.decorators")
    return user


def person_of(request: HttpRequest) -> Person:
    """The page is behind `person_required`, so that there always is a person. It is read anew, and kept as `user.person`."""
    user = user_of(request)
    person = Person.objects.select_related("registered_at_office").get(user=user)
    person.user = user
    return person

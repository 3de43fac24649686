"""Shows a certificate in the hand, to its holder only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import person_required
from accounts.photo.pictures import jpeg
from common.database.fields import EncryptedFileSystemStorage
from workflow.request_actor import actor_for

from .selectors import pass_of, photo_of


@person_required
@require_safe
def in_hand(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "certificates/phone/in_hand.html", {"shown": pass_of(actor_for(request), pk)})


@person_required
@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    with EncryptedFileSystemStorage().open(photo_of(actor_for(request), pk)) as stored:
        return jpeg(stored.read())

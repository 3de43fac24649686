"""Reads addresses and deliveries for the pages that show them."""

from __future__ import annotations

from django.db.models import QuerySet

from administration.enums import Channel
from administration.models import Contact, Delivery


def contacts_of(user_id: int) -> dict[Channel, Contact]:
    rows = Contact.objects.filter(user_id=user_id).order_by("pk")
    return {Channel(one.channel): one for one in rows if one.address}


def deliveries() -> QuerySet[Delivery]:
    return Delivery.objects.order_by("-id")


def delivered_to(user_id: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(contact__user_id=user_id).order_by("-id")

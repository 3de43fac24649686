"""Defines the form of a change of employer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from certificates.filing.commitment import CommitmentForm
from certificates.models import Certificate
from certificates.rules.posts import A_POSTS, needs_a_post
from enterprises.enums import Post


class EmployerChangeForm(CommitmentForm):
    """A certificates need the post held at the new enterprise; B and C have one post each by law."""

    post = forms.ChoiceField(
        label="A证在新单位的职务",
        choices=[(post, Post(post).label) for post in A_POSTS],
        help_text="须与聘用关系登记的职务一致。",
    )
    field_order = ("post", "phone", "note", "commitment")

    def __init__(self, *args: Any, certificates: Sequence[Certificate] = (), **kwargs: Any) -> None:
        super().__init__(*args, certificates=certificates, **kwargs)
        if not needs_a_post(self.certificates):
            del self.fields["post"]

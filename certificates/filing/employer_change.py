"""Defines the form of a change of employer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from certificates.filing.commitment import CommitmentForm
from certificates.filing.fields import RegisteredPostField, begin_with_registered
from certificates.models import Certificate
from certificates.rules.posts import needs_a_post


class EmployerChangeForm(CommitmentForm):
    """A certificates need the post held at the new enterprise; B and C have one post each by law."""

    post = RegisteredPostField(label="A证在新单位的职务")
    field_order = ("post", "phone", "note", "commitment")

    def __init__(
        self, *args: Any, certificates: Sequence[Certificate] = (), registered: Sequence[str] = (), **kwargs: Any
    ) -> None:
        """`registered` are the posts of the new employment that an A may carry."""
        super().__init__(*args, certificates=certificates, **kwargs)
        begin_with_registered(self, registered)
        if not needs_a_post(self.certificates):
            del self.fields["post"]

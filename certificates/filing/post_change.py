"""Defines the form of a change of post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from certificates.filing.commitment import CommitmentForm
from certificates.filing.fields import RegisteredPostField, begin_with_registered


class PostChangeForm(CommitmentForm):
    post = RegisteredPostField(label="新职务")
    field_order = ("post", "phone", "note", "commitment")

    def __init__(self, *args: Any, registered: Sequence[str] = (), **kwargs: Any) -> None:
        """`registered` are the posts of the employment that an A may carry and the certificate does not."""
        super().__init__(*args, **kwargs)
        begin_with_registered(self, registered)

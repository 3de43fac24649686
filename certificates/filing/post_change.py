"""Defines the form of a change of post."""

from __future__ import annotations

from certificates.filing.commitment import CommitmentForm
from certificates.filing.fields import RegisteredPostField


class PostChangeForm(CommitmentForm):
    post = RegisteredPostField(label="新职务")
    field_order = ("post", "phone", "note", "commitment")

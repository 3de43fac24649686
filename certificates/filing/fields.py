"""Defines fields that several forms of applicants have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from certificates.rules.posts import A_POSTS
from enterprises.enums import Post

CHOOSE = ("", "请选择")
"""It stands first in a list of which each entry has legal effect, so that nothing is chosen by leaving it."""


class PostField(forms.ChoiceField):
    """The post on an A certificate. `empty`: what stands in place of a post, where none need be chosen."""

    def __init__(self, *, empty: str = "", **kwargs: Any) -> None:
        choices = [(post, Post(post).label) for post in A_POSTS]
        super().__init__(choices=[("", empty) if empty else CHOOSE, *choices], required=not empty, **kwargs)


class RegisteredPostField(PostField):
    """A post that the employment names too."""

    def __init__(self, **kwargs: Any) -> None:
        missing = {"required": "请选择职务，须与聘用关系登记的一致。"}
        super().__init__(help_text="须与聘用关系登记的职务一致。", error_messages=missing, **kwargs)


def begin_with_registered(form: forms.Form, registered: Sequence[str]) -> None:
    """The field `post` begins with the one post of an A that the employment names; with several, none is chosen."""
    if "post" in form.fields and len(registered) == 1:
        form.fields["post"].initial = registered[0]

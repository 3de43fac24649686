"""Defines fields that several forms of applicants have."""

from __future__ import annotations

from typing import Any

from django import forms

from certificates.rules.posts import A_POSTS
from enterprises.enums import Post


class PostField(forms.ChoiceField):
    """The post on an A certificate. `empty`: what stands in place of a post, where none need be chosen."""

    def __init__(self, *, empty: str = "", **kwargs: Any) -> None:
        choices = [(post, Post(post).label) for post in A_POSTS]
        super().__init__(choices=[("", empty), *choices] if empty else choices, required=not empty, **kwargs)


class RegisteredPostField(PostField):
    """A post that the employment names too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(help_text="须与聘用关系登记的职务一致。", **kwargs)

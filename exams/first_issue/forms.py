"""Defines the form of a first issue, which the system fills in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from enterprises.enums import Post
from enterprises.models import Enterprise
from exams.models import ExamEntry


class FirstIssueForm(forms.Form):
    """The person sees the form only after a return, or when filing anew after a withdrawal."""

    post = forms.ChoiceField(label="职务", help_text="印在证书上，与聘用登记一致。")
    category = forms.CharField(widget=forms.HiddenInput, disabled=True)
    entry = forms.IntegerField(widget=forms.HiddenInput, disabled=True)
    employer = forms.IntegerField(widget=forms.HiddenInput, disabled=True, required=False)
    commitment = forms.BooleanField(error_messages={"required": "请阅读并勾选确认。"})

    def __init__(
        self,
        *args: Any,
        entry: ExamEntry | None = None,
        enterprise: Enterprise | None = None,
        posts: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(post, Post(post).label) for post in posts]  # type: ignore[attr-defined]
        if entry is not None:
            self.initial.update(entry=entry.pk, category=entry.category)
        # The person agrees to the employer of that day, whatever was stored before.
        self.initial.update(employer=enterprise.pk if enterprise else None, commitment=False)
        name = enterprise.name if enterprise else "现受聘企业"
        self.fields["commitment"].label = f"本人确认：证书签发在{name}名下，所填内容真实有效。"

"""Defines the form of a rename of all certificates of an enterprise."""

from __future__ import annotations

from django import forms

from certificates.filing.commitment import CommitmentForm


class RenameForm(CommitmentForm):
    commitment = forms.BooleanField(
        label="本企业承诺已核对工商登记的企业名称，所填内容真实有效，如有虚假，愿承担相应的法律责任。",
        error_messages={"required": "请阅读并勾选承诺。"},
    )

"""Normalises the spelling of an enterprise's name."""

from __future__ import annotations

from common.text.chinese import single_blanks


def normalise_enterprise_name(name: str) -> str:
    """One spelling serves storing and matching: the registry writes brackets full width."""
    return single_blanks(name).replace("(", "（").replace(")", "）")

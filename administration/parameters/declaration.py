"""Describes one policy parameter: what it means, and which values are taken for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError


@dataclass(frozen=True)
class Declared:
    """A new installation starts with `seed`; afterwards only rows count. A value outside the bounds is taken for a
    mistake in typing.
    """

    key: str
    title: str
    unit: str
    seed: int | str
    minimum: int = 1
    maximum: int = 365
    choices: tuple[tuple[str, str], ...] = ()
    note: str = ""
    zero: str = ""
    """Says what 0 means, where it is no number."""
    source: str = ""
    """Names the paper on which the seed rests, where the figure is of national law."""

    def clean(self, value: object) -> int | str:
        """Answers the value as it is stored. Raises ValidationError with one sentence."""
        if self.choices:
            if value not in dict(self.choices):
                raise ValidationError(f"{self.title}只能是{'、'.join(label for _, label in self.choices)}。")
            return str(value)
        if isinstance(value, bool) or not str(value).isascii() or not str(value).isdigit():
            raise ValidationError("请填写整数。")
        if not self.minimum <= int(str(value)) <= self.maximum:
            raise ValidationError(f"应在{self.minimum}至{self.maximum}{self.unit}之间。")
        return int(str(value))

    def in_words(self, value: object) -> str:
        if self.zero and str(value) == "0":
            return self.zero
        return dict(self.choices).get(str(value), str(value)) if self.choices else f"{value} {self.unit}"

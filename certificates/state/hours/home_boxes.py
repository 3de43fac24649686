"""Tells the pages of continuing education which certificates a person holds."""

from __future__ import annotations

from training.terms import HELD

from .selectors import held_by

HELD.register("certificates", held_by)

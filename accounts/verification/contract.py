"""Declares the interface of face verification providers; `configured.verifier` chooses one.

A provider of mode `frames` gets portrait and frames; one of mode `redirect` takes the person to its own page and sends
them back with a signed result.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .verdicts import Frame, Known, Step, Verdict

NOTHING_KNOWN = Known()


@dataclass(frozen=True)
class Subject:
    """Describes whom a redirect provider has to recognise."""

    name: str
    id_number: str
    portrait: bytes


class FaceVerifier(ABC):
    name: str
    mode: Literal["frames", "redirect"]


class FramesVerifier(FaceVerifier):
    mode = "frames"

    @abstractmethod
    def verify(
        self,
        *,
        nonce: str,
        portrait: bytes | None,
        frames: Sequence[Frame],
        steps: Sequence[Step],
        known: Known = NOTHING_KNOWN,
    ) -> Verdict:
        """If `portrait` is None, the frames are examined all the same. Raises ProviderFailed."""


class RedirectVerifier(FaceVerifier):
    mode = "redirect"

    @abstractmethod
    def start(self, *, nonce: str, subject: Subject, return_url: str) -> str:
        """Answers the address of the provider's page for this one verification. Raises ProviderFailed."""

    @abstractmethod
    def finish(self, *, nonce: str, answer: Mapping[str, str]) -> Verdict:
        """`answer` is the query with which the provider sent the person back. Raises ProviderFailed."""

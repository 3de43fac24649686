"""Says which applications are decided one after another, since rule A-2 looks at more than one person."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from enterprises.enums import Post
from workflow.business import Business
from workflow.models import Application


class DecidedInRounds(Business):
    """An application that names a legal representative concerns the whole enterprise, and no other does."""

    def round_keys(self, application: Application) -> Iterable[Hashable]:
        yield from super().round_keys(application)
        if self.names_representative(application):
            yield ("enterprise", application.enterprise_id)

    def names_representative(self, application: Application) -> bool:
        return bool(application.payload.get("post") == Post.LEGAL_REPRESENTATIVE)

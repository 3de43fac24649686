"""Declares the steps of a business: desks, deadlines, originals, attachments, what changes, and the ways on after an end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from common.findings import Cure

from .enums import Desk
from .models import Application


@dataclass(frozen=True)
class Lapse:
    """An application that nobody acted on within so many working days ends."""

    parameter: str


@dataclass(frozen=True)
class Escalate:
    """A case that nobody acted on within so many working days goes to the next desk, with a flag."""

    parameter: str
    flag: str


@dataclass(frozen=True)
class Original:
    """Describes a paper that the applicant brings to a desk."""

    key: str
    title: str
    against: str = "上传的扫描件"
    kept: bool = False

    @property
    def material(self) -> str:
        return f"{self.title}原件{'（核验后收回存档）' if self.kept else ''}"


@dataclass(frozen=True)
class Step:
    """`days` names the parameter with the working days an office has; the clock of a deciding desk starts at acceptance.
    `applies` answers False where the step is no part of this application's way at all (another desk has it). `skip`
    answers why the step does not apply to this application, in words for the record; "" where it applies. Guides use
    `when` to say which applications pass a step that these two make conditional.
    """

    desk: Desk
    when_overdue: Lapse | Escalate | None = None
    days: str = ""
    accepts: bool = False
    second_verification: bool = False
    originals: tuple[Original, ...] = ()
    calendar_days: bool = False
    applies: Callable[[Application], bool] | None = None
    skip: Callable[[Application], str] | None = None
    when: str = ""

    def is_part_of(self, application: Application) -> bool:
        return self.applies is None or self.applies(application)

    def reason_to_skip(self, application: Application) -> str:
        return self.skip(application) if self.skip is not None else ""

    @property
    def clock(self) -> str:
        return self.when_overdue.parameter if self.when_overdue else self.days


@dataclass(frozen=True)
class AttachmentKind:
    key: str
    title: str
    hint: str = ""
    required: bool = True


@dataclass(frozen=True)
class Proof:
    """`attachment` is the key of the attachment kind that shows it; without one, a register does."""

    words: str
    attachment: str = ""


@dataclass(frozen=True)
class FactChange:
    """`now` is "" where nothing is there yet. `note` says on what `after` still depends."""

    label: str
    now: str
    after: str
    proof: Proof | None = None
    note: str = ""

    @property
    def is_change(self) -> bool:
        return self.now != self.after

    @property
    def row_class(self) -> str:
        """Names the class by which a table marks what changes."""
        return "changed" if self.is_change else ""


@dataclass(frozen=True)
class Comparison:
    """Compares one thing before and after, such as a certificate."""

    title: str
    rows: tuple[FactChange, ...]

    @property
    def changed(self) -> int:
        return sum(row.is_change for row in self.rows)


@dataclass(frozen=True)
class Way:
    """Is what somebody may do next after an application has ended without success. `detail` says by whom and with what;
    the first of `cures` is a button. Ways stand in ascending order; those that every kind offers have 10.
    """

    title: str
    detail: str
    cures: tuple[Cure, ...] = ()
    order: int = 10

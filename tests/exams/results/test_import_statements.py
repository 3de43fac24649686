"""An import works in sets: within one chunk, the number of statements does not depend on the number of rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Person
from accounts.people.identity import id_number_index
from administration.imports.services import execute, sha256_of
from administration.models import ImportRun, Mailbox, Message
from exams.enums import EntryState
from exams.models import ExamEntry
from tests.clock import Clock
from tests.exams.exam_world import AFTER, NOW, ExamWorld
from tests.factories import make_id_number
from training.models import TrainingRecord
from workflow.models import Bar

pytestmark = pytest.mark.django_db
OUTCOMES = ("88,,", "40,,", ",是,", ",,替考")


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


def people(count: int, region: str) -> list[Person]:
    numbers = [make_id_number(serial, region=region) for serial in range(1, count + 1)]
    boxes = Mailbox.objects.bulk_create(Mailbox() for _ in numbers)
    return Person.objects.bulk_create(
        Person(
            name="考生",
            id_number=number,
            id_number_index=id_number_index(number),
            sex="male",
            birth_date="1985-06-15",
            mailbox=box,
        )
        for number, box in zip(numbers, boxes, strict=True)
    )


def admitted(world: ExamWorld, count: int, region: str) -> list[Person]:
    found = people(count, region)
    ExamEntry.objects.bulk_create(
        ExamEntry(
            batch=world.batch,
            person=one,
            enterprise=world.enterprise,
            office=world.province.municipal,
            category="C2",
            post="08",
            state=EntryState.APPROVED,
            reviewed_at=NOW,
            notified_at=NOW,
        )
        for one in found
    )
    return found


def results(people: list[Person]) -> bytes:
    lines = [f"考生,{one.id_number},{OUTCOMES[place % len(OUTCOMES)]}" for place, one in enumerate(people)]
    return "\n".join(["姓名,身份证号,成绩,缺考,违纪", *lines]).encode()


def courses(people: list[Person]) -> bytes:
    lines = [f"考生,{one.id_number},演示培训机构,安全生产法规,24,2026-03-02,2026-03-04" for one in people]
    return "\n".join(["姓名,身份证号,培训机构,课程,学时,开始日期,结束日期", *lines]).encode()


def statements(kind: str, content: bytes, count: Callable[..., int]) -> tuple[int, int]:
    run = ImportRun.objects.create(kind=kind, file_name=f"{kind}.csv", sha256=sha256_of(content), is_confirmed=True)
    return tuple(count(lambda tried=tried: execute(run, content, dry_run=tried)) for tried in (True, False))  # type: ignore[return-value]


def test_results_of_ten_and_of_two_hundred_take_the_same_statements(
    world: ExamWorld, count_queries: Callable[..., int]
) -> None:
    few = statements("exam_results", results(admitted(world, 12, "369998")), count_queries)
    assert Bar.objects.count() == 6
    Message.objects.update(read_at=AFTER)  # or else the enterprise's own would be replaced, by four statements more
    many = statements("exam_results", results(admitted(world, 200, "369999")), count_queries)
    assert few == many
    assert Bar.objects.count() == 106
    # Each person hears of the own result, and the enterprise once of each file.
    assert Message.objects.filter(title__startswith="考试结果").count() == 212 + 2
    assert not ExamEntry.objects.filter(state=EntryState.APPROVED).exists()


def test_training_of_ten_and_of_two_hundred_takes_the_same_statements(count_queries: Callable[..., int]) -> None:
    few = statements("training", courses(people(10, "369998")), count_queries)
    many = statements("training", courses(people(200, "369999")), count_queries)
    assert few == many
    assert TrainingRecord.objects.count() == 210

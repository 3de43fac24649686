"""An enterprise with the people of one exam, the office that holds it, and the days that pass between its pages."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.db.models import F
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from accounts.enums import Duty
from accounts.models import Person
from administration.enums import OfficeKind
from exams.models import ExamBatch, ExamEntry, ExamSession, SessionRoom
from tests.exams.exam_world import make_candidate
from tests.factories import Province, make_enterprise, make_id_number, make_office, make_operator, make_staff

NAME = "南昌市2027年第三批考核"
FIT = 34
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许", ("建国", "小满")


class ExamOffice:
    """34 people may sit the exam. The list of the enterprise has six more rows, each wrong in its own way."""

    def __init__(self) -> None:
        self.province = Province()
        self.enterprise = make_enterprise("江西赣江建设有限公司")
        self.operator = make_operator(self.enterprise)
        self.center = make_office("江西省考试中心", kind=OfficeKind.ORGANISER, region="360000")
        self.organiser = make_staff(self.center, Duty.ORGANISE, name="考务员甲")
        self.colleague = make_staff(self.center, Duty.ORGANISE, name="考务员乙")
        names = [f"{surname}{given}" for given in GIVEN for surname in SURNAMES]
        self.fit = [make_candidate(self.enterprise, name) for name in names]
        self.no_photo = make_candidate(self.enterprise, "缺照片", photo=False)
        self.unlearned = make_candidate(self.enterprise, "学历低", education="junior_middle", professional_title="")
        self.misnamed = make_candidate(self.enterprise, "名不符")
        self.elsewhere = make_candidate(make_enterprise("九江甲建设有限公司", region="360402"), "在别处")

    def listed(self) -> list[tuple[str, str]]:
        """Name and number of the rows of the enterprise's list."""
        good = [_written(one) for one in self.fit]
        return [
            *good,
            ("号码错", make_id_number()[:-2] + "0"),
            good[0],
            ("明不符", str(self.misnamed.id_number)),
            *(_written(one) for one in (self.no_photo, self.unlearned, self.elsewhere)),
        ]

    def list_file(self, folder: Path) -> Path:
        book = Workbook()
        for row in [("姓名", "身份证号"), *self.listed()]:
            book.active.append(row)
        book.save(folder / "报考名单.xlsx")
        return folder / "报考名单.xlsx"

    @property
    def batch(self) -> ExamBatch:
        return ExamBatch.objects.get(name=NAME)

    def person(self, name: str) -> Person:
        return next(one for one in self.fit if one.name == name)

    def entry(self, person: Person) -> ExamEntry:
        return ExamEntry.objects.get(person=person, batch=self.batch)


def _written(person: Person) -> tuple[str, str]:
    return person.name, str(person.id_number)


def filled_in(candidates: Path, results: dict[str, dict[str, object]], *, but: str = "", rename: str = "") -> Path:
    """The office's own file with everybody's results, by name; `but` is left out, and the name of `rename` is misspelt."""
    book = load_workbook(candidates)
    sheet = book.worksheets[0]
    titles = {cell.value: cell.column for cell in sheet[1]}
    for row in range(sheet.max_row, 1, -1):
        name = str(sheet.cell(row, titles["姓名"]).value)
        for title, value in results.get(name, {"成绩": 86}).items():
            sheet.cell(row, titles[title]).value = value
        if name == rename:
            sheet.cell(row, titles["姓名"]).value = f"{name[:-1]}瞒"
        if name == but:
            sheet.delete_rows(row)
    target = candidates.with_name(f"成绩{'（初稿）' if but else ''}.xlsx")
    book.save(target)
    return target


def let_days_pass(batch: ExamBatch, *, days: int, moments: timedelta | None = None) -> None:
    """All that was written lies so many days back; `moments` moves the sessions by another time."""
    past, sessions = timedelta(days=days), moments or timedelta(days=days)
    dates = ("sign_up_from", "sign_up_to", "exam_from", "exam_to", "announced_at")
    ExamBatch.objects.filter(pk=batch.pk).update(**{name: F(name) - past for name in dates})
    # The seats follow their rooms.
    for rows in (ExamSession.objects.filter(batch=batch), SessionRoom.objects.filter(session__batch=batch)):
        rows.update(starts_at=F("starts_at") - sessions, ends_at=F("ends_at") - sessions)
    written = ("entered_at", "reviewed_at", "notified_at")
    ExamEntry.objects.filter(batch=batch).update(**{name: F(name) - past for name in written})


def let_the_exam_day_come(batch: ExamBatch) -> None:
    """The first session begins in an hour; the exam may last into tomorrow, as an hour before midnight it has to."""
    first = ExamSession.objects.filter(batch=batch).order_by("starts_at").first()
    assert first is not None
    days = (batch.exam_from - timezone.localdate()).days
    let_days_pass(batch, days=days, moments=first.starts_at - timezone.now() - timedelta(hours=1))

"""An institution looks through its records, adds, corrects and withdraws them; nobody else's are shown to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from accounts.enums import Duty
from administration.enums import OfficeKind
from administration.models import AuditEntry, ImportRun, Office
from tests.factories import Province, make_id_number, make_office, make_person, make_staff, make_training
from tests.workflow.browsing import words
from training.models import TrainingRecord
from training.selectors import records_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution(db: None) -> Office:
    return make_office("九江培训学校", kind=OfficeKind.TRAINING, region="360400")


@pytest.fixture
def trainer(client: Client, institution: Office) -> Client:
    client.force_login(make_staff(institution, Duty.TRAINING, name="赵老师"))
    return client


def taught_by(institution: Office, name: str = "秦荣华") -> TrainingRecord:
    record = make_training(make_person(name))
    record.institution, record.institution_name = institution, institution.name
    record.save()
    return record


def course(**changed: str) -> dict[str, str]:
    day = localdate().isoformat()
    return {
        "name": "秦荣华",
        "course": "应急处置",
        "hours": "12",
        "starts_on": day,
        "ends_on": day,
        "category": "",
    } | changed


def test_the_desk_lists_the_records_of_its_own_institution(trainer: Client, institution: Office) -> None:
    own, other = (
        taught_by(institution, "欧阳晓生"),
        taught_by(make_office("外地学校", kind=OfficeKind.TRAINING), "李四"),
    )
    page = words(trainer.get("/office/training/"))
    assert "欧阳晓生" in page
    assert "李四" not in page
    assert "欧阳晓生" in words(trainer.get("/office/training/", {"name": "晓生", "state": "valid"}))
    assert "没有查到记录" in words(trainer.get("/office/training/", {"state": "withdrawn"}))
    for act in ("", "correct/", "withdraw/"):
        assert trainer.get(f"/office/training/{own.pk}/{act}").status_code == 200
        assert trainer.get(f"/office/training/{other.pk}/{act}").status_code == 404
        assert trainer.get(f"/office/training/{2**63}/{act}").status_code == 404


def test_a_registry_clerk_of_the_province_sees_all_and_one_of_a_city_none(client: Client, institution: Office) -> None:
    record, province = taught_by(institution), Province()
    client.force_login(make_staff(province.provincial, Duty.REGISTRY))
    assert "九江培训学校" in words(client.get("/office/training/"))
    assert client.get("/office/training/new/").status_code == 403
    client.force_login(make_staff(province.municipal, Duty.REGISTRY))
    assert client.get(f"/office/training/{record.pk}/").status_code == 404
    answer = client.get("/office/training/")
    assert answer.status_code == 403
    assert "数据导入" in words(answer), "it says where the office finds what it has uploaded itself"


def test_the_first_page_of_an_institution_shows_its_work(trainer: Client, institution: Office) -> None:
    ImportRun.objects.create(
        kind="training", file_name="第三期.xlsx", office=institution, state="previewed", rows_bad=2
    )
    ImportRun.objects.create(
        kind="training", file_name="别人的.xlsx", office=make_office("别的学校", kind=OfficeKind.TRAINING)
    )
    page = trainer.get("/office/")
    assert "<h1>我的工作</h1>" in page.text
    assert "第三期.xlsx" in words(page)
    assert "2行有误" in words(page)
    assert "别人的.xlsx" not in words(page)
    for address in ("/office/training/", "/office/training/new/", "/office/imports/new/"):
        assert f'href="{address}"' in page.text
        assert trainer.get(address).status_code == 200


def test_one_record_is_added_by_the_rules_of_a_file(trainer: Client, institution: Office) -> None:
    person = make_person("秦荣华")
    typed = course(id_number=str(person.id_number), hours="７．５学时")
    for wrong, sentence in (
        ({"hours": "0"}, "学时应大于0"),
        ({"starts_on": (localdate() + timedelta(days=1)).isoformat()}, "结束日期不能早于开始日期"),
        ({"ends_on": (localdate() + timedelta(days=40)).isoformat()}, "结束后才能登记"),
        ({"id_number": "360102199001010011"}, "身份证号"),
        ({"course": "课" * 201}, "200"),
    ):
        answer = trainer.post("/office/training/new/", typed | wrong)
        assert answer.status_code == 400, wrong
        assert sentence in words(answer)
    answer = trainer.post("/office/training/new/", typed | {"name": "张三错"})
    assert answer.status_code == 409
    assert "姓名与这个身份证号的登记人不一致" in words(answer)
    assert "应急处置" in answer.text, "what was typed stays"
    assert trainer.post("/office/training/new/", typed).status_code == 302
    made = TrainingRecord.objects.get()
    assert (str(made.hours), made.institution, made.recorded_by.name if made.recorded_by else "") == (
        "7.5",
        institution,
        "赵老师",
    )
    again = trainer.post("/office/training/new/", typed)
    assert again.status_code == 409
    assert f"/office/training/{made.pk}/" in again.text, "the refusal leads to the record that is there"
    TrainingRecord.objects.update(institution=None)
    again = trainer.post("/office/training/new/", typed)
    assert "省厅登记台账人员" in words(again)
    assert f"/office/training/{made.pk}/" not in again.text, "nor to one that this reader may not open"


def test_a_correction_keeps_person_and_institution_and_tells_its_reason(trainer: Client, institution: Office) -> None:
    wrong = taught_by(institution)
    page = f"/office/training/{wrong.pk}/correct/"
    same: dict[str, Any] = trainer.get(page).context["form"].initial
    typed = {name: str(value) for name, value in same.items()}
    assert "没有改动" in words(trainer.post(page, typed | {"reason": "学时有误"}))
    assert trainer.post(page, typed | {"hours": "16"}).status_code == 400, "a reason is asked for"
    answer = trainer.post(page, typed | {"hours": "16", "reason": "学时有误"}, follow=True)
    assert "学时有误" in words(answer)
    wrong.refresh_from_db()
    right = wrong.replaced_by
    assert right is not None
    assert records_of([wrong.id_number_index]) == {wrong.id_number_index: [right]}
    assert (right.hours, right.institution, right.id_number_index) == (16, institution, wrong.id_number_index)
    late = trainer.post(page, typed | {"hours": "20", "reason": "第二个窗口"})
    assert late.status_code == 409
    assert "该记录已经更正过" in words(late)
    assert "现在有效的是“安全生产继续教育”，16学时" in words(late), "an older page is told what stands now"
    assert f'href="/office/training/{right.pk}/"' in late.text
    assert "第二个窗口" in late.text, "what was typed stays"
    late = trainer.post(f"/office/training/{wrong.pk}/withdraw/", {"reason": "页面开着没有关"})
    assert late.status_code == 409
    assert f'href="/office/training/{right.pk}/"' in late.text
    assert "页面开着没有关" in late.text
    assert records_of([wrong.id_number_index]) == {wrong.id_number_index: [right]}, "nothing is lost"
    assert AuditEntry.objects.filter(action="training.corrected").count() == 1


def test_a_withdrawal_needs_a_reason_and_happens_once(trainer: Client, institution: Office) -> None:
    record = taught_by(institution)
    page = f"/office/training/{record.pk}/withdraw/"
    assert trainer.post(page, {"reason": " "}).status_code == 400
    assert trainer.post(page, {"reason": "字" * 201}).status_code == 400
    assert "没有参加培训" in words(trainer.post(page, {"reason": "没有参加培训"}, follow=True))
    assert trainer.post(page, {"reason": "再次"}).status_code == 409
    record.refresh_from_db()
    assert record.withdrawn_reason == "没有参加培训"
    assert AuditEntry.objects.filter(action="training.withdrawn").count() == 1


def test_the_number_of_an_unregistered_person_may_be_recorded(trainer: Client) -> None:
    assert (
        trainer.post("/office/training/new/", course(id_number=make_id_number(), name="阿卜杜拉·买买提")).status_code
        == 302
    )
    assert TrainingRecord.objects.get().name == "阿卜杜拉·买买提"

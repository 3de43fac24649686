"""我能办吗: what is told without a login is what the checks of the business say, and nothing of it is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from administration.models import Parameter, RequestCount
from administration.throttle import Limit
from certificates.models import Certificate
from common.findings import Finding
from portal.home.beforehand import views
from portal.home.beforehand.imagined import what_is_missing
from portal.home.beforehand.kinds import kind_of, kinds
from tests.clock import Clock
from tests.worlds.base import NOW, TODAY
from tests.worlds.extension import ExtensionWorld
from workflow.checks import Facts, evaluate

pytestmark = pytest.mark.django_db
GOOD: dict[str, Any] = {
    "registered": "yes",
    "photo": "yes",
    "category": "C2",
    "state": "01",
    "ends_on": "2027-01-31",
    "busy": "no",
    "employed": "same",
    "gone": "no",
    "hours": "24",
}


@pytest.fixture(autouse=True)
def today(clock: Clock) -> Clock:
    clock.stop_at(NOW)
    return clock


def page(kind: str, client: Client | None = None, **given: Any) -> str:
    answer = (client or Client()).post(f"/beforehand/{kind}/", {**GOOD, **given})
    assert answer.status_code == 200, answer.context["form"].errors
    return answer.text


def missing(kind: str, **given: Any) -> list[Finding]:
    known = kind_of(kind)
    assert known is not None
    return what_is_missing(known, given, TODAY)


def test_all_that_is_missing_is_told_at_once_with_the_way_to_it() -> None:
    text = page("extension", photo="no", hours="8", employed="other", ends_on="2027-06-30", busy="yes")
    for words in (
        "未上传个人证件照",
        "您的证书有在办业务",
        "聘用单位与证书所在单位不一致",
        "您现受聘于现在聘用您的单位，证书仍在证书上的单位名下",
        "2027年6月30日期间申请延续",
        "已记录 8 学时",
        'href="/guides/employer_change/"',
        'href="/guides/extension/"',
    ):
        assert words in text, words
    assert text.count("未满足") == 5
    assert "按您填写的情况，没有缺的" in page("extension")
    assert "已过办理时间" in page("extension", ends_on="2026-11-20")


def test_the_same_rules_judge_a_real_case_and_a_told_one() -> None:
    """What a certificate of the register lacks is told in the same words to whoever describes the same situation."""
    world = ExtensionWorld()
    world.person.id_photo = ""
    world.person.save()
    case = world.case()
    real = {(one.code, one.message) for one in evaluate([case], Facts([case]))[case] if one.blocking}
    told = {
        "registered": "yes", "photo": "no", "category": "C2", "state": "01", "ends_on": world.certificate.ends_on,
        "busy": "no", "employed": "same", "gone": "no", "hours": 24,
    }  # fmt: skip
    assert real == {(one.code, one.message) for one in missing("extension", **told) if one.blocking} != set()
    Parameter.objects.create(
        key="training_hours_per_term", value=40, effective_from=TODAY, document_number="测", note=""
    )
    (short,) = [one for one in missing("extension", **told) if one.code == "training.missing"]
    assert "需要 40 学时，已记录 24 学时" in short.detail


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("employer_change", {"employed": "other", "last_change": "2026-09-01"}, "2027年3月1日起可再次申请"),
        ("employer_change", {"employed": "same"}, "证书已在现聘用单位名下"),
        ("employer_change", {"employed": "other", "gone": "yes", "last_change": "2026-09-01"}, "没有缺的"),
        ("employer_change", {"employed": "other", "category": "B", "constructor": "other"}, "建造师注册在别的单位"),
        ("c3_merge", {"parts": ["C1"]}, "没有有效的C2证"),
        ("c3_merge", {"parts": ["C1", "C2"]}, "没有缺的"),
        ("transfer_out", {"state": "02"}, "您的证书被暂扣"),
        ("transfer_out", {"elsewhere": "2028-01-01"}, "持有外省有效证书"),
        ("cancellation", {"project": "yes"}, "有在建项目：您任职的项目"),
        ("late_entry", {"ends_on": "2026-01-01"}, "证书已过有效期，不能录入"),
        ("late_entry", {"category": "C3", "others": ["C1"]}, "C3证只能持有一本"),
        ("transfer_in", {"employed": "none", "bar": "2027-02-01"}, "未登记聘用关系"),
        ("exam", {"hired": "same", "birth_date": "1966-11-22", "education": "bachelor"}, "已满 60 周岁"),
        ("exam", {"hired": "same", "birth_date": "1990-01-01", "education": "junior_middle"}, "学历和职称都不符合要求"),
        ("exam", {"hired": "none", "birth_date": "1990-01-01", "education": "bachelor"}, "没有与本企业登记聘用关系"),
        ("exam", {"hired": "same", "birth_date": "1990-01-01", "education": "bachelor"}, "没有缺的"),
        ("exam", {"hired": "same", "birth_date": "1990-01-01", "education": "bachelor", "others": ["C2"]}, "已持有C2证"),
    ],
)  # fmt: skip
def test_each_business_asks_what_its_rules_need(kind: str, given: dict[str, Any], words: str) -> None:
    given = {"project": "no", "parts": [], **given}
    assert words in page(kind, **given)


def test_nothing_is_kept_and_nobody_needs_a_login() -> None:
    before = {model: model._default_manager.count() for model in apps.get_models() if model is not RequestCount}
    client = Client()
    with CaptureQueriesContext(connection) as captured:
        page("extension", client, busy="yes", elsewhere="2028-01-01")
    written = [query["sql"] for query in captured if query["sql"].lstrip().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in written if RequestCount._meta.db_table not in sql] == []
    assert len(captured) <= 6, [query["sql"][:90] for query in captured]
    after = {model: model._default_manager.count() for model in apps.get_models() if model is not RequestCount}
    assert before == after
    assert "sessionid" not in client.cookies


def test_what_is_not_answered_is_asked_for_and_what_was_typed_stays() -> None:
    answer = Client().post("/beforehand/extension/", {**GOOD, "hours": "", "ends_on": "去年"})
    assert answer.status_code == 400
    assert 'value="去年"' in answer.text
    assert 'role="status"' not in answer.text
    assert Client().post("/beforehand/extension/", {**GOOD, "category": "B"}).status_code == 400
    assert Client().post("/beforehand/extension/", {**GOOD, "category": "Z", "hours": "NaN"}).status_code == 400
    assert Client().get("/beforehand/none/").status_code == 404


@pytest.mark.usefixtures("fresh_windows")
def test_every_page_opens_and_guides_lead_there(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Client().get("/beforehand/").text
    for kind in kinds():
        assert f'href="/beforehand/{kind.kind}/"' in first
        assert Client().get(f"/beforehand/{kind.kind}/").status_code == 200
        assert f'href="/beforehand/{kind.kind}/"' in Client().get(f"/guides/{kind.kind}/").text, kind.kind
    for address in ("/guides/", "/"):
        assert 'href="/beforehand/"' in Client().get(address).text
    monkeypatch.setattr(views, "TRIES", Limit("beforehand", 1))
    client = Client()
    assert [client.post("/beforehand/extension/", GOOD).status_code for _ in range(2)] == [200, 429]


def test_imagined_rows_meet_no_real_one() -> None:
    """Real rows of whoever is asked about are never read: the ids lie beyond those of every table."""
    world = ExtensionWorld()
    ends = localdate() + timedelta(days=30)
    told = {"registered": "yes", "photo": "yes", "category": "A", "state": "01", "ends_on": ends, "busy": "no"}
    found = missing("extension", **told, employed="same", gone="no", hours=24)
    assert world.certificate.number not in str(found)
    assert Certificate.objects.count() == 1
    assert date(2027, 1, 31) == world.certificate.ends_on

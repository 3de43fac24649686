"""A dissolution that ended employments is announced, without anybody's name, and struck out when it was a mistake."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from administration.enums import NoticeKind
from administration.models import Notice, NoticeLine
from enterprises.models import Enterprise
from enterprises.register.dissolution import dissolve
from enterprises.register.services import EnterpriseFacts, save_enterprise
from tests.factories import make_employment, make_enterprise, make_person
from tests.workflow.browsing import words

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


def exists_again(enterprise: Enterprise) -> None:
    save_enterprise(EnterpriseFacts(uscc=enterprise.uscc, name=enterprise.name, region_code=enterprise.region_id))


def test_workflow_b9_a_dissolution_is_announced_and_a_mistake_struck_out(client: Client) -> None:
    gone, other = make_enterprise("江西龙虎建设有限公司"), make_enterprise("江西凤凰建设有限公司")
    empty = make_enterprise("江西空白建设有限公司")
    for enterprise in (gone, gone, other):
        make_employment(make_person("欧阳䶮甲"), enterprise)
    changes = {one.pk: ("dissolved", DAY) for one in (gone, other, empty)}
    assert dissolve(changes) == 3
    assert dissolve(changes) == 0
    notice = Notice.objects.get(kind=NoticeKind.DISSOLUTION)
    assert notice.title == "关于2家企业注销、吊销，其安管人员聘用关系终止的公告"
    page = words(client.get(f"/notices/{notice.pk}/"))
    assert f"{gone.name}，{gone.uscc}，2026年11月1日注销，终止聘用关系2人" in page
    assert "欧阳" not in page
    assert empty.name not in page
    assert "企业注销、吊销公告" in words(client.get("/notices/", {"kind": "dissolution"}))
    exists_again(gone)
    assert [line.withdrawal_reason != "" for line in NoticeLine.objects.order_by("pk")] == [True, False]
    notice.refresh_from_db()
    assert not notice.is_withdrawn
    exists_again(other)
    notice.refresh_from_db()
    assert (notice.is_withdrawn, notice.withdrawal_reason) == (True, "企业登记机关已更正，该企业存续。")
    assert dissolve({gone.pk: ("dissolved", DAY)}) == 0
    assert Notice.objects.filter(kind=NoticeKind.DISSOLUTION).count() == 1, "nothing ended this time"

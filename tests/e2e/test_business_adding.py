"""Certificates made of certificates: C1 and C2 merged to C3, and an A for the representative of a second enterprise."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from certificates.models import Certificate
from tests.e2e import manual, story
from tests.factories import Province, make_certificate, make_employment, make_enterprise, make_operator, make_person


def test_c1_and_c2_become_c3(enter: story.Enter) -> None:
    province, enterprise, holder = Province(), make_enterprise("江西抚河建设有限公司"), make_person("罗小勇")
    operator, today = make_operator(enterprise), timezone.localdate()
    make_employment(holder, enterprise, "08")
    first = make_certificate(holder, enterprise, "C1", ends_on=today + timedelta(days=300))
    second = make_certificate(holder, enterprise, "C2", ends_on=today + timedelta(days=600))
    person = enter(holder.user)
    person.goto("/person/certificates/")
    story.look(person, "merge-mine")
    manual.start(person, first.number, "合并为C3证", ("1.3.9-01", "1.3.9-02"))
    application = manual.submit(person, ("1.3.9-03", "1.3.9-04"))
    story.confirm(enter(operator), "合并为C3证")
    story.approve_twice(enter, province, "合并为C3证")

    story.expect_approved(person, application)
    merged = Certificate.objects.get(category="C3")
    assert merged.ends_on == second.ends_on
    person.goto("/person/certificates/")
    expect(story.line_of(person, merged.number).first).to_contain_text("正常使用")
    manual.step(person, "1.3.9-05", story.line_of(person, merged.number).first)
    for part in (first, second):
        expect(story.line_of(person, part.number).last).to_contain_text("已合并为")
    story.open_certificate(person, merged.number)
    expect(person.get_by_text(f"由{first.number}、{second.number}合并")).to_be_visible()


def test_a_second_enterprise_gives_its_representative_another_a(enter: story.Enter) -> None:
    province, enterprise, holder = Province(), make_enterprise("江西抚河建设有限公司"), make_person("罗小勇")
    make_employment(holder, enterprise, "02")
    ends = timezone.localdate() + timedelta(days=600)
    base = make_certificate(holder, enterprise, "A", ends_on=ends)
    other = make_enterprise("江西袁河路桥有限公司", legal_representative_index=holder.id_number_index)
    operator = make_operator(other)
    person = enter(holder.user)
    person.goto("/applications/new/")
    manual.click(person, "1.3.10-01", person.get_by_role("link", name="A证增发", exact=True))
    manual.begin(person, "1.3.10-02")
    application = manual.submit(person, ("1.3.10-03", "1.3.10-04"))
    story.confirm(enter(operator), "A证增发")
    story.approve_twice(enter, province, "A证增发")

    story.expect_approved(person, application)
    added = Certificate.objects.get(additional_to=base)
    assert (added.enterprise, added.ends_on) == (other, base.ends_on)
    story.open_certificate(person, added.number)
    expect(person.get_by_role("heading", level=1)).to_contain_text("正常使用")
    expect(person.get_by_text("法定代表人").first).to_be_visible()
    expect(person.get_by_text(other.name).first).to_be_visible()
    manual.step(person, "1.3.10-05")

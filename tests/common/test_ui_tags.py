from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.urls import include, path

from common.findings import Cure


def page(request: object, **kwargs: object) -> None:
    raise AssertionError("only its address is needed")


workflow_urls = ([path("new/<slug:kind>/", page, name="start")], "workflow")
urlpatterns = [path("photo/<int:pk>/", page, name="photo"), path("applications/", include(workflow_urls))]


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("cure", "html"),
    [
        (Cure("上传证件照", url_name="photo", kwargs={"pk": 7}), '<a class="cure" href="/photo/7/">上传证件照</a>'),
        (
            Cure("办理延期", business="extension", query={"certificate": 3, "next": "/?a=1"}),
            '<a class="cure" href="/applications/new/extension/?certificate=3&amp;next=%2F%3Fa%3D1">办理延期</a>',
        ),
        (Cure("去别处", url_name="no_such_page"), '<span class="cure">去别处</span>'),
        (Cure("去别处", url_name="photo"), '<span class="cure">去别处</span>'),
        (Cure("请联系<b>单位</b>"), '<span class="cure">请联系&lt;b&gt;单位&lt;/b&gt;</span>'),
        (Cure("<照片>", url_name="photo", kwargs={"pk": 1}), '<a class="cure" href="/photo/1/">&lt;照片&gt;</a>'),
        (None, ""),
    ],
)
def test_a_cure_is_a_link_where_its_page_exists(cure: Cure | None, html: str):
    assert render("{% cure what %}", what=cure) == html


@override_settings(ROOT_URLCONF=__name__)
def test_a_cure_may_look_like_a_button():
    cure = Cure("上传", url_name="photo", kwargs={"pk": 7})
    assert (
        render('{% cure what "btn btn-primary" %}', what=cure) == '<a class="btn btn-primary" href="/photo/7/">上传</a>'
    )


def test_filters():
    moment = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert render("{{ day|chinese_date }}", day=date(2026, 4, 1)) == "2026年4月1日"
    assert render("{{ moment|chinese_date }}", moment=moment) == "2026年11月23日"
    assert render("{{ moment|chinese_datetime }}", moment=moment) == "2026年11月23日 00:30"
    assert render("{{ name|mask_name }}", name="欧阳小锋") == "欧**锋"
    assert render("{{ number|mask_id }}", number="360102199001011234") == "360***********1234"
    assert render("{{ phone|mask_phone }}", phone="13812341234") == "138****1234"


def test_filters_show_nothing_for_nothing():
    source = "{{ x|chinese_date }}{{ x|chinese_datetime }}{{ x|mask_name }}{{ x|mask_id }}{{ x|mask_phone }}"
    assert render(source, x=None) == ""

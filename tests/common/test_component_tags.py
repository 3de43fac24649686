"""The tags that draw tables, facts and the note in place of an empty list."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

ROWS = [{"pk": 1, "name": "欧阳·热合曼", "hours": 12}, {"pk": 2, "name": "<b>", "hours": 8}]


def render(source: str, address: str = "/", **context: object) -> str:
    request = RequestFactory().get(address)
    return Template("{% load components %}" + source).render(Context({"rows": ROWS, "request": request, **context}))


def cells(columns: str, **context: object) -> str:
    """The first row of a table of these columns."""
    page = render("{% table rows as row label='人员' %}" + columns + "{% endtable %}", **context)
    return page.split("<tbody><tr>")[1].split("</tr>")[0]


def test_a_column_writes_its_words_in_the_head_and_beside_every_cell() -> None:
    page = render(
        '{% table rows as row caption="待核对" %}{% column "姓名" header %}{{ row.name }}{% endcolumn %}{% endtable %}'
    )
    assert "<caption>待核对</caption>" in page
    assert '<thead><tr><th scope="col">姓名</th></tr></thead>' in page
    assert '<th scope="row" data-label="姓名"><div>欧阳·热合曼</div></th>' in page
    assert "<div>&lt;b&gt;</div>" in page


def test_a_label_is_a_caption_for_screen_readers() -> None:
    page = render('{% table rows as row label="人员" %}{% column "姓名" %}{{ row.name }}{% endcolumn %}{% endtable %}')
    assert '<caption class="visually-hidden">人员</caption>' in page


def test_places_of_a_column() -> None:
    assert cells('{% column "学时" number %}{{ row.hours }}{% endcolumn %}') == (
        '<td data-label="学时" class="number"><div>12</div></td>'
    )
    assert cells('{% column "姓名" header unlabelled class="name" %}{{ row.name }}{% endcolumn %}') == (
        '<th scope="row" class="name"><div>欧阳·热合曼</div></th>'
    )
    assert (
        cells('{% column "操作" acts %}<a href="/">改</a>{% endcolumn %}') == '<td class="acts"><a href="/">改</a></td>'
    )


def test_an_empty_cell_has_no_words_on_a_narrow_screen() -> None:
    assert cells('{% column "备注" %}  {% endcolumn %}') == "<td></td>"


def test_the_heading_of_links_is_for_screen_readers() -> None:
    page = render('{% table rows as row label="人员" %}{% column "操作" acts %}{% endcolumn %}{% endtable %}')
    assert '<th scope="col"><span class="visually-hidden">操作</span></th>' in page


def test_a_column_may_depend_on_the_reader() -> None:
    source = '{% column "姓名" %}{{ row.name }}{% endcolumn %}{% column "操作" when=may_edit %}改{% endcolumn %}'
    assert cells(source, may_edit=True).count("<td") == 2
    assert cells(source, may_edit=False).count("<td") == 1


def test_a_row_is_picked_by_a_checkbox_that_says_its_name() -> None:
    column = '{% column "选择" pick %}{% pick row.pk chosen=picked %}{{ row.name }}{% endpick %}{% endcolumn %}'
    assert cells(column, picked={1}) == (
        '<td class="pick"><label><input class="form-check-input" type="checkbox" name="picked" value="1"'
        ' aria-label="选择 欧阳·热合曼" checked></label></td>'
    )
    assert "checked" not in cells(column, picked={2})


@pytest.mark.parametrize(
    ("address", "direction", "link"),
    [
        ("/", "none", "?sort=hours"),
        ("/?sort=hours&cursor=x&name=a", "ascending", "?sort=-hours&amp;name=a"),
        ("/?sort=-hours", "descending", "?sort=hours"),
    ],
)
def test_a_heading_sorts(address: str, direction: str, link: str) -> None:
    column = '{% column "学时" sort="hours" number %}{{ row.hours }}{% endcolumn %}'
    page = render("{% table rows as row label='人员' %}" + column + "{% endtable %}", address)
    assert f'<th scope="col" class="number" aria-sort="{direction}"><a class="sort" href="{link}">学时</a></th>' in page


def test_what_stands_in_an_empty_table() -> None:
    columns = '{% column "姓名" %}{{ row.name }}{% endcolumn %}{% column "学时" %}{{ row.hours }}{% endcolumn %}'
    page = render("{% table rows as row label='人员' %}" + columns + "{% empty %}没有记录。{% endtable %}", rows=[])
    assert '<tbody><tr><td colspan="2">没有记录。</td></tr></tbody>' in page


@pytest.mark.parametrize(
    "source",
    [
        "{% table rows as row %}{% endtable %}",
        "{% table rows row label='x' %}{% endtable %}",
        "{% table rows as row label='x' %}text{% endtable %}",
        "{% table rows as row label='x' %}{{ row }}{% endtable %}",
        "{% table rows as row label='x' %}{% column 'x' wide=1 %}{% endcolumn %}{% endtable %}",
        "{% table rows as row label='x' %}{% column 'x' 'y' %}{% endcolumn %}{% endtable %}",
        "{% column 'x' %}{% endcolumn %}",
        "{% fact %}{% endfact %}",
    ],
)
def test_a_wrong_table_is_refused(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        render(source)


def test_facts_show_a_dash_for_nothing() -> None:
    source = '{% facts class="mb-0" %}{% fact "姓名" class="name" %}{{ name }}{% endfact %}{% fact label %}{% endfact %}{% endfacts %}'
    assert render(source, name="<b>", label="电话") == (
        '<dl class="facts mb-0"><dt>姓名</dt><dd class="name">&lt;b&gt;</dd><dt>电话</dt><dd>—</dd></dl>'
    )


def test_an_empty_list_says_why_and_what_next() -> None:
    page = render(
        '{% empty_state "还没有办件" url=where label="去办理" %}提交后显示在{{ place }}。{% endempty_state %}',
        where="/x/",
        place="<这里>",
    )
    assert "<h2>还没有办件</h2>" in page
    assert "<p>提交后显示在&lt;这里&gt;。</p>" in page
    assert '<a class="btn btn-primary" href="/x/">去办理</a>' in page
    assert "<p>" not in render('{% empty_state "还没有办件" %}{% endempty_state %}')


def test_a_row_carries_the_class_that_it_asks_for() -> None:
    page = render(
        "{% table rows as row label='对照' row_class=row.mark %}"
        "{% column '项目' header %}{{ row.name }}{% endcolumn %}{% endtable %}",
        rows=[{"name": "甲", "mark": "differs"}, {"name": "乙", "mark": ""}, {"name": "丙", "mark": '"><b>'}],
    )
    assert page.count('<tr class="differs">') == 1
    assert page.count("<tr><th") == 2
    assert "&quot;&gt;&lt;b&gt;" in page

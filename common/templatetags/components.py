"""Draws tables, lists of facts and the note in place of an empty list, each in one place: `{% load components %}`.

    {% table rows as row caption="待核对" %}
      {% column "选择" pick %}{% pick row.pk chosen=picked %}{{ row.name }}{% endpick %}{% endcolumn %}
      {% column "姓名" header class="name" %}{{ row.name }}{% endcolumn %}
      {% column "学时" number %}{{ row.hours }}{% endcolumn %}
      {% column "操作" acts when=may_edit %}<a href="…">修改</a>{% endcolumn %}
    {% empty %}没有记录。
    {% endtable %}

`row_class=…` after the caption is resolved for each row.

On a narrow screen a table turns into cards; each cell then shows the words of its column.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

PLACES = frozenset({"header", "number", "acts", "pick", "unlabelled"})
"""The cell of a `header` column names the row, that of `number` is aligned right, `acts` has links and buttons,
`pick` a checkbox; an `unlabelled` cell is the heading of the card and does not repeat the column's title.
"""
HIDDEN_HEADINGS = frozenset({"acts", "pick"})
SORT_PARAMETER = "sort"


class Words:
    """Parses what follows the name of a tag: expressions, bare flags and `name=expression`."""

    def __init__(self, parser: Parser, token: Token, flags: frozenset[str], options: frozenset[str]) -> None:
        self.tag, *words = token.split_contents()
        self.flags: set[str] = set()
        self.options: dict[str, FilterExpression] = {}
        self.values: list[FilterExpression] = []
        for word in words:
            named = token_kwargs([word], parser)
            if word in flags:
                self.flags.add(word)
            elif not named:
                self.values.append(parser.compile_filter(word))
            elif named.keys() <= options:
                self.options |= named
            else:
                raise template.TemplateSyntaxError(f"{{% {self.tag} %}} has no option {word}")

    def one(self) -> FilterExpression:
        if len(self.values) != 1:
            raise template.TemplateSyntaxError(f"{{% {self.tag} %}} takes one value")
        return self.values[0]

    def resolve(self, context: Context) -> dict[str, Any]:
        return {name: value.resolve(context) for name, value in self.options.items()}


def body(parser: Parser, end: str) -> NodeList:
    nodes = parser.parse((end,))
    parser.delete_first_token()
    return nodes


class ColumnNode(Node):
    def __init__(self, words: Words, nodelist: NodeList) -> None:
        self.label = words.one()
        self.flags = words.flags
        self.words = words
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        raise template.TemplateSyntaxError("{% column %} stands directly inside {% table %}")

    def is_shown(self, context: Context) -> bool:
        when = self.words.options.get("when")
        return when is None or bool(when.resolve(context))

    def heading(self, context: Context) -> SafeString:
        label = self.label.resolve(context)
        if self.flags & HIDDEN_HEADINGS:
            return format_html('<th scope="col"><span class="visually-hidden">{}</span></th>', label)
        css_class = SafeString(' class="number"' if "number" in self.flags else "")
        sort = self.words.options.get("sort")
        if sort is None:
            return format_html('<th scope="col"{}>{}</th>', css_class, label)
        return sorting_heading(context, label, sort.resolve(context), css_class)

    def cell(self, context: Context) -> SafeString:
        content = SafeString(self.nodelist.render(context).strip())
        css_class = " ".join([*sorted(self.flags & {"number", "acts", "pick"}), *self.given_class(context)])
        is_plain = bool(content) and not self.flags & HIDDEN_HEADINGS
        is_labelled = is_plain and "unlabelled" not in self.flags
        tag, scope = ("th", SafeString(' scope="row"')) if "header" in self.flags else ("td", "")
        return format_html(
            "<{tag}{scope}{label}{css_class}>{content}</{tag}>",
            tag=tag,
            scope=scope,
            label=format_html(' data-label="{}"', self.label.resolve(context)) if is_labelled else "",
            css_class=format_html(' class="{}"', css_class) if css_class else "",
            # One box holds the whole content, because on a narrow screen it stands beside the words of the column.
            content=format_html("<div>{}</div>", content) if is_plain else content,
        )

    def given_class(self, context: Context) -> list[str]:
        given = self.words.options.get("class")
        return [given.resolve(context)] if given else []


def sorting_heading(context: Context, label: str, key: str, css_class: str) -> SafeString:
    """Makes a link that sorts by this column, ascending first; the page's view obeys the parameter `sort`."""
    query = context["request"].GET.copy()
    query.pop("cursor", None)
    order = query.get(SORT_PARAMETER, "")
    query[SORT_PARAMETER] = f"-{key}" if order == key else key
    direction = {key: "ascending", f"-{key}": "descending"}.get(order, "none")
    return format_html(
        '<th scope="col"{} aria-sort="{}"><a class="sort" href="?{}">{}</a></th>',
        css_class,
        direction,
        query.urlencode(),
        label,
    )


class TableNode(Node):
    child_nodelists = ("columns", "nodelist_empty")

    def __init__(
        self, rows: FilterExpression, name: str, words: Words, columns: list[ColumnNode], empty: NodeList
    ) -> None:
        self.rows = rows
        self.name = name
        # It speaks of one row, while the caption speaks of the table.
        self.row_class = words.options.pop("row_class", None)
        self.words = words
        self.columns = NodeList(columns)
        self.nodelist_empty = empty

    def render(self, context: Context) -> SafeString:
        columns = [column for column in self.columns if isinstance(column, ColumnNode) and column.is_shown(context)]
        headings = mark_safe("".join(column.heading(context) for column in columns))  # noqa: S308 - escaped above
        return format_html(
            '<div class="scroll"><table class="list stack">{}\n<thead><tr>{}</tr></thead>\n<tbody>{}</tbody></table></div>',
            self.caption(context),
            headings,
            self.lines(context, columns),
        )

    def caption(self, context: Context) -> SafeString:
        given = self.words.resolve(context)
        if "caption" in given:
            return format_html("<caption>{}</caption>", given["caption"])
        return format_html('<caption class="visually-hidden">{}</caption>', given["label"])

    def lines(self, context: Context, columns: list[ColumnNode]) -> SafeString:
        rows: Iterable[Any] = self.rows.resolve(context, ignore_failures=False) or ()
        lines = []
        for row in rows:
            with context.push(**{self.name: row}):
                cells = "".join(column.cell(context) for column in columns)
                css_class = self.row_class.resolve(context) if self.row_class else ""
                marked = format_html(' class="{}"', css_class) if css_class else ""
                lines.append((marked, mark_safe(cells)))  # noqa: S308 - escaped by the columns
        if lines:
            return format_html_join("\n", "<tr{}>{}</tr>", lines)
        empty = SafeString(self.nodelist_empty.render(context).strip())
        return format_html('<tr><td colspan="{}">{}</td></tr>', len(columns), empty) if empty else SafeString("")


@register.tag("column")
def compile_column(parser: Parser, token: Token) -> ColumnNode:
    words = Words(parser, token, PLACES, frozenset({"class", "when", "sort"}))
    return ColumnNode(words, body(parser, "endcolumn"))


@register.tag("table")
def compile_table(parser: Parser, token: Token) -> TableNode:
    words = Words(parser, token, frozenset({"as"}), frozenset({"caption", "label", "row_class"}))
    named = words.options.keys() & {"caption", "label"}
    if len(words.values) != 2 or words.flags != {"as"} or len(named) != 1:
        raise template.TemplateSyntaxError("{% table rows as row caption=… %}, or label=… for screen readers only")
    rows, name = words.values
    columns = parser.parse(("empty", "endtable"))
    empty = body(parser, "endtable") if parser.next_token().contents == "empty" else NodeList()
    return TableNode(rows, name.token, words, only_columns(columns), empty)


def only_columns(nodes: NodeList) -> list[ColumnNode]:
    strays = [node for node in nodes if not isinstance(node, ColumnNode) and str(getattr(node, "s", node)).strip()]
    if strays:
        raise template.TemplateSyntaxError(f"{strays[0]} stands in a table outside of its columns")
    return [node for node in nodes if isinstance(node, ColumnNode)]


class WrappedNode(Node):
    """Puts the content of a block tag into HTML by `draw(content, value, options)`."""

    def __init__(self, words: Words, nodelist: NodeList) -> None:
        self.words = words
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        value = self.words.values[0].resolve(context) if self.words.values else None
        content = self.nodelist.render(context)
        return self.draw(context, SafeString(content.strip()), value, self.words.resolve(context))

    def draw(self, context: Context, content: SafeString, value: Any, given: dict[str, Any]) -> SafeString:
        raise NotImplementedError


class PickNode(WrappedNode):
    """Draws the checkbox of a row in a form for several; its content names the row for screen readers.

    `state` says what the page has shown of the row, and goes back with it.
    """

    def draw(self, context: Context, content: SafeString, value: Any, given: dict[str, Any]) -> SafeString:
        is_chosen = value in (given.get("chosen") or ())
        state = format_html('<input type="hidden" name="seen" value="{}">', given["state"]) if "state" in given else ""
        return format_html(
            '<label><input class="form-check-input" type="checkbox" name="picked" value="{}" aria-label="选择 {}"{}></label>{}',
            value,
            content,
            SafeString(" checked") if is_chosen else "",
            state,
        )


class FactsNode(WrappedNode):
    def draw(self, context: Context, content: SafeString, value: Any, given: dict[str, Any]) -> SafeString:
        return format_html('<dl class="{}">{}</dl>', " ".join(["facts", *given.values()]), content)


class FactNode(WrappedNode):
    """Draws a name and its value; a dash stands for an empty value."""

    def draw(self, context: Context, content: SafeString, value: Any, given: dict[str, Any]) -> SafeString:
        css_class = format_html(' class="{}"', given["class"]) if "class" in given else ""
        return format_html("<dt>{}</dt><dd{}>{}</dd>", value, css_class, content or "—")


class EmptyStateNode(WrappedNode):
    """Says why a list is empty and what to do next. The content is the sentence; `url` and `label` make a button."""

    def draw(self, context: Context, content: SafeString, value: Any, given: dict[str, Any]) -> SafeString:
        page = context.template.engine.get_template("ui/empty.html")  # type: ignore[union-attr]
        given = {"url": "", "label": ""} | given
        words = {f"empty_{name}": words for name, words in given.items()}
        return page.render(context.new({"empty_title": value, "empty_text": content, **words}))


def wrapping_tag(name: str, node: type[WrappedNode], options: frozenset[str], *, has_value: bool = True) -> None:
    def compile_tag(parser: Parser, token: Token) -> WrappedNode:
        words = Words(parser, token, frozenset(), options)
        if has_value:
            words.one()
        return node(words, body(parser, f"end{name}"))

    register.tag(name, compile_tag)


wrapping_tag("pick", PickNode, frozenset({"chosen", "state"}))
wrapping_tag("facts", FactsNode, frozenset({"class"}), has_value=False)
wrapping_tag("fact", FactNode, frozenset({"class"}))
wrapping_tag("empty_state", EmptyStateNode, frozenset({"url", "label"}))

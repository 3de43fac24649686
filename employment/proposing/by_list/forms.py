"""Defines the forms by which a list is given and sent."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import DayField, LongTextField, UploadField
from common.tabular.given_lists import LONGEST_TEXT, MOST_LINES, GivenListForm
from enterprises.enums import Post

from .reading import GivenLine, Terms, completed, lines_of_file, lines_of_text


class ProposalListForm(GivenListForm):
    """Takes the rows, and terms for those rows that say nothing of their own."""

    text_field = "rows"
    rows = LongTextField(
        label="粘贴名单",
        required=False,
        max_length=LONGEST_TEXT,
        help_text=f"一行一人：姓名、身份证号、职务、合同期起、合同期止，从表格里整块复制过来就行。最多 {MOST_LINES} 人。",
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )
    table = UploadField(
        label="或者上传表格",
        required=False,
        help_text="xlsx 或 csv，要有“姓名”和“身份证号”两列；职务和合同期可以在表格里，也可以在下面统一填写。",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    post = forms.ChoiceField(
        label="没写职务的人，职务是",
        choices=[("", "名单里都写了"), *Post.choices],
        required=False,
    )
    contract_from = DayField(label="没写合同期起的，从这天起", required=False)
    contract_to = DayField(label="没写合同期止的，到这天止", required=False, help_text="不填的，按无固定期限登记。")
    field_order = ("rows", "table", "post", "contract_from", "contract_to")

    def lines_of_text(self, text: str) -> list[GivenLine]:
        return self._completed(lines_of_text(text))

    def lines_of_file(self, content: bytes, name: str) -> list[GivenLine]:
        return self._completed(lines_of_file(content, name))

    def _completed(self, lines: list[GivenLine]) -> list[GivenLine]:
        values = self.cleaned_data
        terms = Terms(tuple(filter(None, [values.get("post")])), values.get("contract_from"), values.get("contract_to"))
        return [completed(line, terms) for line in lines]


class SendForm(forms.Form):
    """`mark` names the list that the page has shown."""

    mark = forms.CharField(max_length=40, widget=forms.HiddenInput)
    promise = forms.BooleanField(
        label="本企业承诺：名单上的人员都已签订劳动合同，职务和合同期与合同一致。",
        help_text="承诺一次，对这次发起的全部人员都有效。",
        error_messages={"required": "请阅读并勾选承诺。"},
    )

    def __init__(self, *args: Any, mark: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mark"].initial = mark

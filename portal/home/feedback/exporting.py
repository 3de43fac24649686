"""Registers the list of what people have said as a table: how they are reached is masked, or whole on an approved request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from accounts.models import User
from administration.models import Feedback
from administration.table_downloads import CHUNK, Line, walked
from common.dates import chinese_datetime
from common.text.masking import mask_id_number, mask_phone
from common.web.paging import paginate
from workflow.exports.lists import EXPORT_LISTS, Listed

from .forms import FeedbackFilters
from .permissions import why_not
from .selectors import ORDER, all_feedback

LIST = "feedback"
TITLES = ("提交时间", "类型", "页面", "身份", "内容", "联系方式", "状态", "答复", "答复人", "答复时间")
_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{11,17}[\dXx]?(?![0-9A-Za-z])")
"""A mobile number, an ID number, or what looks like one."""


def feedback_list(user: User, query: QueryDict) -> Listed:
    if reason := why_not(user):
        raise PermissionDenied(reason)
    rows = FeedbackFilters(query).narrowed(all_feedback())

    def lines(is_masked: bool) -> Iterator[Line]:
        for page in walked(lambda cursor: paginate(rows, order=ORDER, cursor=cursor, size=CHUNK)):
            yield from (_line(one, is_masked) for one in page)

    return Listed("意见反馈", lambda is_masked: TITLES, lines)


def _line(one: Feedback, is_masked: bool) -> Line:
    contact = mask_phone(one.contact) if is_masked else one.contact
    text, answer = (masked_numbers(said) if is_masked else said for said in (one.text, one.answer))
    answered_at = chinese_datetime(one.answered_at) if one.answered_at else ""
    state = "已答复" if one.answered_at else "待答复"
    sent_at, kind = chinese_datetime(one.sent_at), str(one.get_kind_display())
    return [sent_at, kind, one.page, one.sender, text, contact, state, answer, one.answered_by, answered_at]


def masked_numbers(text: str) -> str:
    return _NUMBER.sub(lambda found: (mask_phone if len(found[0]) == 11 else mask_id_number)(found[0]), text)


EXPORT_LISTS.register(LIST, feedback_list)

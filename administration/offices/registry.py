"""Lets the registries of offices and routes ask before open work moves, and say why a change is refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from administration.asking import SEEN, Question, ask
from common.findings import Refused
from common.web.admin import Registry

from .routing_change import AskFirst, ChangedBy, Moved, Outcome, routing_change


def _by(request: HttpRequest) -> ChangedBy:
    user: Any = request.user
    return ChangedBy(user.pk, user.name, user.office.name if getattr(user, "office_id", None) else "系统管理员")


def in_words(moved: Moved) -> str:
    clocks = f"，其中 {moved.clocks} 件正在计算期限，到期日不变" if moved.clocks else ""
    if not moved.target:
        return f"{moved.what} {moved.count} 件仍由{moved.source}办理{clocks}"
    return f"{moved.what} {moved.count} 件由{moved.source}转到{moved.target}{clocks}"


class RoutingRegistry(Registry):
    """Every write of these rows may change the routing."""

    def shown(self, obj: Any, form: Any) -> set[int]:
        """Answers the offices whose open work is named although it stays."""
        return set()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with routing_change(by=_by(request), seen=request.POST.get(SEEN, "")) as outcome:
            super().save_model(request, obj, form, change)
            outcome.shown |= self.shown(obj, form)
        self._tell(request, outcome)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with routing_change(by=_by(request), seen=request.POST.get(SEEN, "")) as outcome:
            super().delete_model(request, obj)
        self._tell(request, outcome)

    def _tell(self, request: HttpRequest, outcome: Outcome) -> None:
        for moved in outcome.moved:
            if moved.target:
                self.message_user(request, f"已转办：{in_words(moved)}。", messages.SUCCESS)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (AskFirst, Refused) as stop:
            return self._question(request, stop)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().delete_view(request, *args, **kwargs)
        except (AskFirst, Refused) as stop:
            return self._question(request, stop)

    def _question(self, request: HttpRequest, stop: AskFirst | Refused) -> HttpResponse:
        """The change has been rolled back; what was typed is sent again with the answer."""
        asks = isinstance(stop, AskFirst)
        question = Question(
            title="请确认转办" if asks else "不能保存",
            lines=[in_words(one) for one in stop.moved] if isinstance(stop, AskFirst) else [],
            note="转办写入每一件的办理记录，并通知新的办理部门；核验窗口有变的，同时通知申请人。",
            findings=list(stop.findings) if isinstance(stop, Refused) else [],
            seen=stop.seen if isinstance(stop, AskFirst) else "",
        )
        return ask(request, question, self.opts)

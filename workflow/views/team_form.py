"""Defines the forms by which cases are given to somebody else, and by which absences are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.utils.timezone import localdate

from accounts.models import User
from administration.models import Office
from common.forms import DayField, LongTextField
from workflow.actors import Actor
from workflow.permissions import heads_province
from workflow.selectors.team import members, offices_to_choose
from workflow.services.handing_over import Receiver

from ..business import businesses
from ..enums import Action
from ..forms import BulkForm, CommentField, QueueFilters

NOBODY = "请选择。"


class TeamFilters(QueueFilters):
    """Heads narrow by member and, in the province, by office too."""

    member = forms.ChoiceField(label="承办人", required=False)
    office = forms.ChoiceField(label="办理部门", required=False)

    def __init__(self, data: Any, *, actor: Actor, people: Sequence[User], offices: Sequence[Office]) -> None:
        super().__init__(data, kinds=businesses(), own=actor.assigned_as)
        self.fields["member"].choices = [("", "全部"), *_people(people)]  # type: ignore[attr-defined]
        due = self.fields["due"]
        due.choices = [*due.choices, ("today", "今天到期")]  # type: ignore[attr-defined]
        if heads_province(actor):
            choices = [("", "本部门"), ("all", "全省各部门"), *_offices(offices)]
            self.fields["office"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["office"]
        self.own_office = actor.office_id

    def conditions(self, values: dict[str, Any]) -> list[Q]:
        found = super().conditions(values)
        if values.get("member"):
            found.append(Q(assignee=int(values["member"])))
        if values.get("due") == "today":
            found.append(Q(due_sort=localdate()))
        if "office" in self.fields and (chosen := values.get("office")) != "all":
            found.append(Q(holder_office=int(chosen) if chosen else self.own_office))
        return found


def _people(users: Sequence[User]) -> list[tuple[str, str]]:
    return [(str(user.pk), f"{user.name}（{user.duties_in_words}）") for user in users]


def _offices(offices: Sequence[Office]) -> list[tuple[str, str]]:
    return [(str(office.pk), office.name) for office in offices]


class HandingForm(BulkForm):
    """Takes the receiver of the picked cases, and the reason."""

    action = forms.ChoiceField(
        label="办理",
        choices=[
            (Action.ASSIGN.value, "分给同事"),
            (Action.REROUTE.value, "转给部门"),
            (Action.RELEASE.value, "取消承办人"),
        ],
        error_messages={
            "required": "请选择分给同事、转给部门或取消承办人。",
            "invalid_choice": "没有这种办理，请重新选择。",
        },
    )
    colleague = forms.ChoiceField(
        label="同事", required=False, error_messages={"invalid_choice": "请从列表中选择本部门在岗的同事。"}
    )
    office = forms.ChoiceField(
        label="部门", required=False, error_messages={"invalid_choice": "请从列表中选择办理部门。"}
    )

    def __init__(self, data: Any, *, actor: Actor, picked: Sequence[str] = (), seen: Sequence[str] = ()) -> None:
        super().__init__(data, picked=picked, seen=seen)
        self.people = list(members(actor.office_id))
        self.offices = offices_to_choose(actor)
        self.fields["colleague"].choices = [("", NOBODY), *_people(self.people)]  # type: ignore[attr-defined]
        self.fields["office"].choices = [("", NOBODY), *_offices(self.offices)]  # type: ignore[attr-defined]
        self.fields["comment"].label = "原因"
        self.fields["comment"].help_text = "写进办理记录，只有主管部门能看到。"

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not values.get("comment", "").strip() and "comment" not in self.errors:
            self.add_error("comment", "请写明原因。")
        wanted = {Action.ASSIGN: "colleague", Action.REROUTE: "office"}.get(values.get("action", ""))
        if wanted and not values.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, f"请选择{'同事' if wanted == 'colleague' else '部门'}。")
        return values

    @property
    def receiver(self) -> Receiver:
        values = self.cleaned_data
        if values["action"] == Action.ASSIGN:
            return Receiver(colleague=next(one for one in self.people if str(one.pk) == values["colleague"]))
        if values["action"] == Action.REROUTE:
            return Receiver(office=next(one for one in self.offices if str(one.pk) == values["office"]))
        return Receiver()


def handing_form(request: HttpRequest, actor: Actor, *, picked: Sequence[str] | None = None) -> HandingForm:
    chosen = request.POST.getlist("picked") if picked is None else picked
    return HandingForm(request.POST.dict(), actor=actor, picked=chosen, seen=request.POST.getlist("seen"))


class WordsForm(forms.Form):
    """Takes one text about a case that only offices read."""

    comment = CommentField(label="内容", help_text="只有主管部门能看到，申请人看不到。")
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AbsenceForm(forms.Form):
    """Heads choose who is away; everybody else records the own absence."""

    user = forms.ChoiceField(label="请假人", error_messages={"invalid_choice": "请从列表中选择本部门的人员。"})
    deputy = forms.ChoiceField(
        label="代办人",
        help_text="须是本部门另一名有同样职责的人。",
        error_messages={"required": "请选择代办人。", "invalid_choice": "请从列表中选择本部门的人员。"},
    )
    starts_on = DayField(label="开始日期", error_messages={"required": "请填写开始日期。"})
    ends_on = DayField(
        label="结束日期", help_text="当天含在内，之后自动结束。", error_messages={"required": "请填写结束日期。"}
    )
    reason = LongTextField(
        label="事由", max_length=200, widget=forms.TextInput(), required=False, help_text="可以不填。"
    )

    def __init__(self, *args: Any, actor: Actor, heads: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(members(actor.office_id))
        mine = [one for one in self.people if one.pk == actor.user_id]
        self.fields["user"].choices = _people(self.people if heads else mine)  # type: ignore[attr-defined]
        self.fields["deputy"].choices = [("", NOBODY), *_people(self.people)]  # type: ignore[attr-defined]
        if mine:
            self.fields["user"].initial = str(actor.user_id)

    def person(self, field: str) -> User:
        return next(one for one in self.people if str(one.pk) == self.cleaned_data[field])

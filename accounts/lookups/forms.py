"""Defines the form that reviews an alarm."""

from __future__ import annotations

from django import forms

from common.forms import LongTextField


class RemarkForm(forms.Form):
    remark = LongTextField(
        label="复核情况",
        max_length=500,
        help_text="例如：企业集中办理聘用，已电话核实；或：无正当理由，已停用账号并通知单位。会记入审计。",
        error_messages={"required": "请写明核实了什么、怎么处理。"},
    )

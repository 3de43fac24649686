"""Declares what the registers of enterprises keep by the number of a person."""

from __future__ import annotations

from accounts.merging.parts import declare_part

from .models import Enterprise, ProjectInProgress, Qualification


def _qualification(row: Qualification) -> str:
    return f"{row.get_kind_display()} {row.number}"


def _project(row: ProjectInProgress) -> str:
    return f"{row.name}（{row.number}）"


def _enterprise(row: Enterprise) -> str:
    return row.name


declare_part("enterprises.Enterprise.legal_representative_index", "任法定代表人的企业", order=10, name=_enterprise)
declare_part("enterprises.RegistrySync.legal_representative_index", "工商登记查询记录", order=10)
declare_part("enterprises.Qualification.id_number_index", "执业资格", order=15, name=_qualification)
declare_part(
    "enterprises.ProjectInProgress.id_number_index", "在建项目", order=15, name=_project, twins=("number", "post")
)

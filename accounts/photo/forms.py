"""Defines the form that takes a picture for an ID photo."""

from __future__ import annotations

from django import forms

from accounts.people.fields import PictureField


class PhotoForm(forms.Form):
    photo = PictureField(
        label="证件照",
        help_text="JPG 或 PNG，至少 295×413 像素，不超过 20 MB。不是 25∶35 的，系统会按头部位置裁剪，您确认后才保存。",
    )
